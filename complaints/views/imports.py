"""The step of the import's preview that decides which orders are 不涉营商."""

from complaints.forms.imports import RelevanceForm
from complaints.services.imports.relevance import decide_relevance, relevance_rule
from core.access import Permission
from core.models import ImportBatch
from core.views.base import TransitionView
from core.workflows import IMPORT_BATCH


class DecideRelevance(TransitionView):
    """A form of its own, also shown within the preview."""

    permission = Permission.DISPATCH_COMPLAINTS
    model = ImportBatch
    transition = (IMPORT_BATCH, "commit")
    form_class = RelevanceForm
    template_name = "complaints/import_relevance.html"
    act = staticmethod(decide_relevance)
    success_message = "已记下，确认导入时按此判定"

    def get_initial(self):
        return relevance_facts(self.object)


def relevance_facts(batch: ImportBatch) -> dict:
    """Return the form's present answers."""
    rule = relevance_rule(batch.pk)
    return {"types": rule.types, "words": " ".join(rule.words), "otherwise": rule.otherwise}


def relevance_panel(user, batch: ImportBatch) -> dict:
    """Return the panel of a previewed file of complaints; empty for any other."""
    if batch.kind != "complaints" or batch.status != ImportBatch.Status.PREVIEWED:
        return {}
    return {"form": RelevanceForm(initial=relevance_facts(batch), user=user)}
