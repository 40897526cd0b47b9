"""佐证材料: the list, handing in, one piece with its acts."""

from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import View

from core import clock
from core.access import Permission
from core.forms import ReasonForm
from core.views import ActView, FormPage, PageView, TransitionView
from core.views.base import ObjectDoor, next_address
from indicators.forms.evidence import EvidenceForm, FactsForm, LinkForm
from indicators.models import Evidence
from indicators.rules.evidence import can_add_evidence, can_amend, can_review
from indicators.selectors.evidence import duplicates_of, evidence_rows, linkable_indicators
from indicators.services import evidence as services
from indicators.views.catalogue import tabs_for
from indicators.views.opening import RowPage
from indicators.views.paging import page_of
from indicators.workflow.evidence import EVIDENCE

#: Acts of the table -> where their form or button is, and whether it is a mere button.
PAGES = {
    "accept": ("indicators:evidence_accept", True),
    "return": ("indicators:evidence_return", False),
    "resubmit": ("indicators:evidence_resubmit", False),
}


class EvidenceList(PageView):
    """What the person may see, narrowed by the address."""

    permission = Permission.READ_CATALOGUE
    template_name = "indicators/evidence_list.html"

    def page_context(self, now):
        asked = {name: self.request.GET.get(name, "").strip() for name in ("status", "kind", "indicator", "search")}
        kinds, statuses = dict(Evidence.Kind.choices), dict(Evidence.Status.choices)
        page = page_of(self.request, evidence_rows(self.request.user, **asked))
        page.object_list = [
            row | {"kind_label": kinds[row["kind"]], "status_label": statuses[row["status"]]}
            for row in page.object_list
        ]
        return {
            "page": page,
            "asked": asked,
            "kinds": Evidence.Kind.choices,
            "statuses": Evidence.Status.choices,
            "add_url": reverse("indicators:evidence_add") if can_add_evidence(self.request.user) else "",
            "tabs": tabs_for(self.request.user, "indicators:evidence"),
        }


class AddEvidence(FormPage):
    """A new piece of evidence; a file handed in before is said, never refused."""

    permission = Permission.ADD_EVIDENCE
    form_class = EvidenceForm
    template_name = "indicators/evidence_form.html"

    def get_initial(self):
        codes = self.request.GET.getlist("indicator")
        item = self.request.GET.get("item", "")
        return {"indicators": linkable_indicators(self.request.user).filter(code__in=codes), "checklist_item": item}

    def perform(self, form):
        evidence = services.add_evidence(
            form.facts(),
            upload=form.cleaned_data["file"],
            indicators=list(form.cleaned_data["indicators"]),
            scope=form.scope(),
            actor=self.request.user,
            now=clock.now(),
        )
        told = duplicates_of(evidence, self.request.user).sentence
        messages.success(self.request, f"佐证材料已提交，待营商办审核{'。' if told else ''}{told}")
        return next_address(self.request, evidence.get_absolute_url())

    def get_context_data(self, **kwargs):
        return super().get_context_data(title="提交佐证材料", back_url=reverse("indicators:evidence"), **kwargs)


class EvidenceDetail(RowPage):
    """One piece: what it is, what it speaks for, what may be done."""

    model = Evidence
    permission = Permission.READ_CATALOGUE
    template_name = "indicators/evidence_detail.html"

    def page_context(self, now):
        user, evidence = self.request.user, self.object
        actions = [
            {"label": act.label, "url": reverse(name, args=[evidence.pk]), "is_simple": is_simple}
            for act in EVIDENCE.available(evidence, user)
            for name, is_simple in [PAGES[act.name]]
        ]
        if can_add_evidence(user):
            url = reverse("indicators:evidence_link", args=[evidence.pk])
            actions.append({"label": "关联更多指标", "url": url})
        return {
            "evidence": evidence,
            "links": list(evidence.links.select_related("indicator__indicator_set")),
            "may_unlink": can_amend(user, evidence) or can_review(user, evidence),
            "duplicates": duplicates_of(evidence, user),
            "actions": actions,
        }


class AcceptEvidence(ActView):
    """R1 R2 let it pass."""

    model, permission = Evidence, Permission.READ_CATALOGUE
    act = staticmethod(services.accept_evidence)
    success_message = "佐证材料已通过"


class EvidenceAct(TransitionView):
    """A form about one piece of evidence."""

    abstract = True
    model, permission = Evidence, Permission.READ_CATALOGUE
    template_name = "indicators/evidence_form.html"
    title: ClassVar[str] = ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            title=self.title, evidence=self.object, back_url=self.object.get_absolute_url(), **kwargs
        )


class ReturnEvidence(EvidenceAct):
    """R1 R2 send it back with a reason."""

    title, form_class, success_message = "退回补正", ReasonForm, "佐证材料已退回"
    transition = (EVIDENCE, "return")
    act = staticmethod(services.return_evidence)


class ResubmitEvidence(EvidenceAct):
    """Its department hands it in again."""

    title, form_class, success_message = "重新提交", FactsForm, "佐证材料已重新提交"
    transition = (EVIDENCE, "resubmit")

    def get_initial(self):
        names = ("title", "kind", "link", "document_number", "issued_on")
        return {name: getattr(self.object, name) for name in names}

    def perform(self, form):
        services.resubmit_evidence(
            self.object, form.facts(), upload=form.cleaned_data["file"], actor=self.request.user, now=clock.now()
        )
        return self.success_address()


class LinkEvidence(EvidenceAct):
    """It speaks for further indicators."""

    title, form_class, success_message = "关联更多指标", LinkForm, "已关联"
    permission = Permission.ADD_EVIDENCE

    def perform(self, form):
        services.link_evidence(
            self.object,
            indicators=list(form.cleaned_data["indicators"]),
            scope=form.scope(),
            actor=self.request.user,
            now=clock.now(),
        )
        return self.success_address()


class UnlinkEvidence(ObjectDoor, View):
    """A wrong link goes."""

    model, permission = Evidence, Permission.READ_CATALOGUE
    http_method_names = ("post",)

    def post(self, request, *args, **kwargs):
        link = get_object_or_404(self.object.links.all(), pk=kwargs["link"])
        services.unlink_evidence(link, actor=request.user, now=clock.now())
        messages.success(request, "已取消关联")
        return HttpResponseRedirect(self.object.get_absolute_url())
