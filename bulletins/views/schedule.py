"""``/bulletins/schedule/``: when papers are drafted by themselves, how it went, what the office decides (R1 R2)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from bulletins.forms.schedule import CounterForm, ScheduleForm, SkipForm, fields_of
from bulletins.models import Bulletin, ReportRun, ReportSchedule
from bulletins.rules.schedule import WEEKLY
from bulletins.selectors.holidays import merge_hints, open_occasions
from bulletins.selectors.lists import KIND_WORDS
from bulletins.selectors.schedule import latest_runs, schedule_lines
from bulletins.services.numbers import next_serial, set_next_number, total_before
from bulletins.services.schedule import change_schedule, install_schedules, run_now, skip_period
from core import clock
from core.access import Permission
from core.dates import Period
from core.exceptions import DomainError
from core.selectors.calendar import work_calendar
from core.views.base import FormPage, PageView, PermissionDeclared, View

Kind = Bulletin.Kind
Outcome = ReportRun.Outcome
#: A run's light: its outcome as a state (ui.md §2: shape, word, colour).
OUTCOME_LIGHTS = {Outcome.DONE: "green", Outcome.FAILED: "red", Outcome.SKIPPED: "grey", Outcome.RUNNING: "blue"}


def rule_words(schedule: ReportSchedule) -> str:
    """Return when a kind is drafted, as a sentence."""
    at = f"{schedule.at:%H:%M}"
    if schedule.kind in WEEKLY:
        return f"次周周{'一二三四五六日'[(schedule.weekday or 1) - 1]} {at}"
    if schedule.kind == Kind.DAILY_BRIEF:
        return f"每个工作日 {at}"
    if schedule.kind == Kind.MONTHLY_COMPLAINTS:
        return f"次月 {schedule.day_of_month or 1} 日 {at}"
    return f"次年 {schedule.month or 1} 月 {schedule.day_of_month or 1} 日 {at}"


def period_words(period: Period) -> str:
    """Return a period's days: 11月16日—11月22日."""
    first, last = (f"{day.month}月{day.day}日" for day in (period.start, period.end))
    return first if period.start == period.end else f"{first}—{last}"


class SchedulePage(PageView):
    """Each kind with its days, what is due and what comes next; runs and failures; numbers."""

    permission = Permission.DRAFT_BULLETINS
    template_name = "bulletins/schedule.html"

    def page_context(self, now):
        calendar, year = work_calendar(), clock.local_date(now).year
        lines = schedule_lines(now=now, calendar=calendar)
        hints = merge_hints([line.schedule for line in lines], now=now, calendar=calendar)
        return {
            "lines": [self.shown(line) for line in lines],
            "is_complete": len(lines) == len(Kind),
            "hints": [self.hint(one) for one in hints],
            "runs": [
                {"run": run, "kind_word": KIND_WORDS[run.kind], "colour": OUTCOME_LIGHTS[Outcome(run.outcome)]}
                for run in latest_runs()
            ],
            "counters": [self.counter(kind, word, year) for kind, word in KIND_WORDS.items()],
            "year": year,
        }

    def shown(self, line) -> dict[str, Any]:
        """Return one kind in words."""
        return {
            "schedule": line.schedule,
            "kind_word": KIND_WORDS[line.schedule.kind],
            "rule": rule_words(line.schedule),
            "next": line.next,
            "next_period": period_words(line.next.period) if line.next else "",
            "due": [{"code": one.period.text, "words": period_words(one.period)} for one in line.due],
            "last": line.last,
            "colour": OUTCOME_LIGHTS[Outcome(line.last.outcome)] if line.last else "",
        }

    def hint(self, one) -> dict[str, Any]:
        """Return a holiday week in words, with the ways to merge or skip it."""
        new = reverse("bulletins:new")
        merged = [(word, period) for word, period in (("上", one.with_last), ("下", one.with_next)) if period]
        return {
            "kind_word": KIND_WORDS[one.kind],
            "words": period_words(one.week),
            "merged": [
                {
                    "label": f"与{word}一周并作一期（{period_words(period)}）",
                    "url": f"{new}?kind={one.kind}&from={period.start.isoformat()}&to={period.end.isoformat()}",
                }
                for word, period in merged
            ],
            "skip_url": f"{reverse('bulletins:schedule_skip', args=[one.kind])}?period={one.week.text}",
        }

    def counter(self, kind: str, word: str, year: int) -> dict[str, Any]:
        """Return the next number of a kind, and for what has a 期号 the total before this year."""
        serial = next_serial(kind, year)
        total = None if kind == Kind.NOTICE else total_before(kind, year) + serial
        return {"kind": kind, "kind_word": word, "next": serial, "total": total}


class InstallSchedules(PermissionDeclared, View):
    """Set up the kinds that have no schedule yet, as the scheduler does when it first runs."""

    permission = Permission.DRAFT_BULLETINS
    http_method_names = ("post",)

    def post(self, request, *args, **kwargs):
        install_schedules(now=clock.now())
        messages.success(request, "已建立生成计划")
        return HttpResponseRedirect(reverse("bulletins:schedule"))


class ScheduleDoor(PermissionDeclared):
    """Fetches the schedule of the kind in the address; 403 comes before 404, because a kind is no secret."""

    abstract = True
    permission = Permission.DRAFT_BULLETINS
    schedule: ReportSchedule

    def dispatch(self, request, *args, **kwargs):
        self.check_permission(request)
        self.schedule = get_object_or_404(ReportSchedule, kind=kwargs["kind"])
        return super().dispatch(request, *args, **kwargs)

    @property
    def kind_word(self) -> str:
        """What the pages call the kind."""
        return KIND_WORDS[self.schedule.kind]


class EditSchedule(ScheduleDoor, FormPage):
    """Days and time of one kind."""

    permission = Permission.DRAFT_BULLETINS
    form_class = ScheduleForm
    template_name = "bulletins/schedule_edit.html"
    success_message = "已保存生成计划"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"schedule": self.schedule}

    def get_initial(self):
        names = {"enabled", "at", "drafting_from"} | fields_of(Kind(self.schedule.kind))
        return {name: getattr(self.schedule, name) for name in names}

    def get_context_data(self, **kwargs):
        return super().get_context_data(kind_word=self.kind_word, rule=rule_words(self.schedule), **kwargs)

    def perform(self, form):
        change_schedule(self.schedule, actor=self.request.user, now=clock.now(), **form.cleaned_data)
        return reverse("bulletins:schedule")


class RunNow(ScheduleDoor, View):
    """立即生成: the newest period of the kind; a refusal is said on the schedule page."""

    permission = Permission.DRAFT_BULLETINS
    http_method_names = ("post",)

    def post(self, request, *args, **kwargs):
        try:
            bulletin = run_now(self.schedule, actor=request.user, now=clock.now())
        except DomainError as error:
            messages.error(request, f"{self.kind_word}没有生成：{error.detail}")
            return HttpResponseRedirect(reverse("bulletins:schedule"))
        messages.success(request, f"已生成{self.kind_word}草稿")
        return HttpResponseRedirect(bulletin.get_absolute_url())


class SkipPeriod(ScheduleDoor, FormPage):
    """不生成某期: a period that gets no paper of its own, with the reason."""

    permission = Permission.DRAFT_BULLETINS
    form_class = SkipForm
    template_name = "bulletins/schedule_skip.html"
    success_message = "已记为不生成"

    def offered(self) -> dict[str, Period]:
        """Return the periods that may be skipped, by code."""
        found = open_occasions(self.schedule, now=clock.now(), calendar=work_calendar())
        return {one.period.text: one.period for one in found}

    def get_form_kwargs(self):
        periods = [(code, period_words(period)) for code, period in self.offered().items()]
        return super().get_form_kwargs() | {"periods": periods}

    def get_initial(self):
        return {"period": self.request.GET.get("period", "")}

    def get_context_data(self, **kwargs):
        return super().get_context_data(kind_word=self.kind_word, **kwargs)

    def perform(self, form):
        period = self.offered()[form.cleaned_data["period"]]
        reason = form.cleaned_data["reason"]
        skip_period(self.schedule, period, reason=reason, actor=self.request.user, now=clock.now())
        return reverse("bulletins:schedule")


class Counters(FormPage):
    """发文编号: where the numbers of a kind and year go on, never back."""

    permission = Permission.DRAFT_BULLETINS
    form_class = CounterForm
    template_name = "bulletins/counters.html"
    success_message = "已设定下一号"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"today": clock.today()}

    def get_initial(self):
        kind, year = self.request.GET.get("kind", ""), clock.today().year
        kind = kind if kind in KIND_WORDS else str(Kind.NOTICE)
        return {"kind": kind, "year": year, "next_serial": next_serial(kind, year)}

    def perform(self, form):
        asked = form.cleaned_data
        set_next_number(asked["kind"], asked["year"], asked["next_serial"], actor=self.request.user, now=clock.now())
        return reverse("bulletins:schedule") + "#numbers"
