"""Tiny pages on real reports for ``test_views_base``, routed by their own urlconf."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import include, path

from core.access import ANY_USER, Permission
from core.exceptions import (
    FileTooLarge,
    InvalidInput,
    InvalidTransition,
    Locked,
    NotAllowed,
    PreconditionFailed,
    TooManyRequests,
    VersionConflict,
    field_error,
)
from core.forms import ScopedForm
from core.views import ActView, FormPage, PageView, TransitionView
from core.views.base import next_address
from core.workflow import swap
from indicators.models import DailyReport

TEMPLATE = "tests/page.html"
ERRORS = {
    "invalid": InvalidInput.at("progress", "这里填错了"),
    "not-allowed": NotAllowed("您可以查看，但不能提交"),
    "wrong-state": InvalidTransition("当前为“已采纳”，不能提交"),
    "locked": Locked("该日已锁定"),
    "changed": VersionConflict("刚刚有人改动了这一条，请刷新后再看"),
    "stale": PreconditionFailed("您打开页面之后有人改动了这一条"),
    "large": FileTooLarge("文件超过 20 MB"),
    "often": TooManyRequests("请求过于频繁"),
}


class Board(PageView):
    """A page for those who see the dispatch board."""

    permission = Permission.SEE_DISPATCH_BOARD
    template_name = TEMPLATE

    def page_context(self, now):
        return {"moment": now}


class NoteForm(ScopedForm):
    """What is written on a report."""

    progress = forms.CharField(max_length=20, error_messages={"required": "请填写进展"})
    difficulty = forms.CharField(required=False)


class NewNote(FormPage):
    """A form that is not about one row."""

    permission = Permission.REPORT
    form_class = NoteForm
    template_name = TEMPLATE
    success_message = "已保存"

    def perform(self, form):
        progress = form.cleaned_data["progress"]
        if progress == "两处错":
            raise InvalidInput(
                "共 2 处",
                errors=[field_error("progress", "x", "进展不实"), field_error("values[0].value", "x", "数值不是数字")],
            )
        if progress in ERRORS:
            raise ERRORS[progress]
        return "/done/"


def write_note(report, *, actor, now, progress, difficulty=""):
    """Write on the report, as any service would."""
    if progress in ERRORS:
        raise ERRORS[progress]
    return swap(report, progress=progress, difficulty=difficulty, saved_at=now, started_by=actor)


class WriteNote(TransitionView):
    """One form, one act on one report."""

    model, form_class, template_name = DailyReport, NoteForm, TEMPLATE
    act = staticmethod(write_note)

    def success_address(self):
        return next_address(self.request, f"/notes/{self.object.pk}/")


class Tick(ActView):
    """A button."""

    model = DailyReport
    permission = Permission.REPORT
    act = staticmethod(write_note)

    def act_input(self, request):
        return {"progress": request.POST.get("progress", "无变化")}


class OpenToAll(PageView):
    """Any signed-in person's page."""

    permission = ANY_USER
    template_name = TEMPLATE


@login_not_required
def login(request):
    """Stand in for the log-in page."""
    return HttpResponse("登录")


app_name = "pages"
urlpatterns = [
    path("", OpenToAll.as_view()),
    path("login/", login),
    path("board/", Board.as_view()),
    path("notes/new/", NewNote.as_view()),
    path("notes/<int:pk>/", WriteNote.as_view()),
    path("notes/<int:pk>/tick/", Tick.as_view()),
    # Where a report says its own page is.
    path("", include(([path("reports/<int:pk>/", OpenToAll.as_view(), name="report_detail")], "indicators"))),
]
