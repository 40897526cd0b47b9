"""``/bulletins/``: the papers by kind, what waits for the reader first; and the form that has one drafted."""

from datetime import timedelta

from django.contrib import messages
from django.urls import reverse

from bulletins.forms.lists import BulletinFilterForm, NewBulletinForm
from bulletins.models import Bulletin
from bulletins.selectors.lists import KIND_WORDS, bulletin_page, kind_counts, narrowed
from bulletins.services.drafting import draft_bulletin
from core import clock
from core.access import Permission
from core.exceptions import InvalidInput, RuleViolation
from core.forms.periods import week_code
from core.views.base import FormPage, PageView


class BulletinList(PageView):
    """The papers the user may see; departments see issued and voided ones, and sign receipt here in one tap."""

    permission = Permission.READ_BULLETINS
    template_name = "bulletins/list.html"

    def page_context(self, now):
        user, sees_drafts = self.request.user, self.request.user.can(Permission.READ_BULLETIN_DRAFTS)
        statuses = Bulletin.Status.choices if sees_drafts else [(one.value, one.label) for one in Bulletin.PUBLISHED]
        form = BulletinFilterForm(self.request.GET, user=user, statuses=statuses)
        view = self.request.GET.get("view", "")
        view = view if view in KIND_WORDS else ""
        rows, counts = narrowed(user, form.asked(view)), kind_counts(user)
        return {
            "form": form,
            "chips": [{"label": words, "remove_url": self.without(name)} for name, words in form.chips()],
            "clear_url": f"{self.request.path}?view={view}" if view else self.request.path,
            "views": [{"code": code, "label": word, "count": counts.get(code)} for code, word in KIND_WORDS.items()],
            "view": view,
            "page": bulletin_page(rows, user=user, number=self.request.GET.get("page")),
            "sees_drafts": sees_drafts,
            "may_draft": user.can(Permission.DRAFT_BULLETINS),
        }

    def without(self, name: str) -> str:
        """Return the address of the list without the filter ``name``."""
        parameters = self.request.GET.copy()
        parameters.pop(name, None)
        parameters.pop("page", None)
        return f"{self.request.path}?{parameters.urlencode()}"


class NewBulletin(FormPage):
    """A paper of any kind for any period, drafted at once; one that is a draft already is renewed."""

    permission = Permission.DRAFT_BULLETINS
    form_class = NewBulletinForm
    template_name = "bulletins/new.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"today": clock.today()}

    def get_initial(self):
        given, last_week = self.request.GET, week_code(clock.today() - timedelta(days=7))
        return {
            "kind": given.get("kind", Bulletin.Kind.NOTICE),
            "period": given.get("period", "" if "from" in given else last_week),
            "start": given.get("from", ""),
            "end": given.get("to", ""),
        }

    def perform(self, form):
        kind, period = form.cleaned_data["kind"], form.cleaned_data["asked"]
        place = "start" if form.cleaned_data.get("start") else "period"
        try:
            bulletin, is_new = draft_bulletin(kind, period, actor=self.request.user, now=clock.now())
        except (RuleViolation, InvalidInput) as error:
            raise InvalidInput.at(place, error.detail, code=error.code) from None
        messages.success(self.request, "已生成草稿" if is_new else "已更新草稿：数字重取，未改过的段落重写")
        return reverse("bulletins:detail", args=[bulletin.number])
