"""日历与规则: the year, the limits, the office hours, 算一算, and loading the notice (domain §5)."""

from contextlib import contextmanager
from datetime import date

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core import clock
from core.access import Permission
from core.dates import SHANGHAI, WorkCalendar, chain_summary, day_chain, due_date
from core.exceptions import InvalidInput
from core.forms.calendar import (
    CalendarDayForm,
    DueDateForm,
    NoticeConfirmForm,
    NoticeFileForm,
    NoticeForm,
    OfficeHoursForm,
    RuleEndForm,
    RuleForm,
    RuleLimitForm,
)
from core.models import DeadlineRule
from core.selectors.calendar import (
    calendar_revisions,
    deadline_rules,
    missing_year_warning,
    office_hours,
    work_calendar,
    year_grid,
    year_summary,
)
from core.services.calendar import (
    add_deadline_rule,
    change_calendar_day,
    change_deadline_rule,
    end_deadline_rule,
    load_year,
    preview_year,
    read_notice_text,
    set_office_hours,
)
from core.views.base import FormPage, PageView, put_errors_on_form


@contextmanager
def errors_shown_on(form):
    """Show wrong input at the fields of a form that is asked by GET or previewed, instead of leaving the page."""
    try:
        yield
    except InvalidInput as error:
        put_errors_on_form(form, error)


def keeper_actions(user, *actions: tuple[str, str]) -> list[dict]:
    """Return the buttons (label, URL name) for those who keep the calendar; for others none."""
    if not user.can(Permission.KEEP_CALENDAR):
        return []
    return [{"label": label, "url": reverse(name)} for label, name in actions]


def year_asked_for(text: str | None, calendar: WorkCalendar, today: date) -> int:
    """Return the year of the address (this year without one); 404 for what is no year of the calendar."""
    if not text:
        return today.year
    first = calendar.first_year or today.year
    if not text.isdecimal() or not first <= int(text) <= today.year + 2:
        raise Http404
    return int(text)


class CalendarPage(PageView):
    """One year at a glance, with 休 and 班."""

    permission = Permission.READ_CATALOGUE
    template_name = "calendar/year.html"

    def page_context(self, now):
        today, calendar = clock.local_date(now), work_calendar()
        year = year_asked_for(self.request.GET.get("year"), calendar, today)
        return {
            "year": year,
            "years": [
                other for other in (year - 1, year + 1) if (calendar.first_year or year) <= other <= today.year + 2
            ],
            "months": year_grid(calendar, year, today),
            "summary": year_summary(calendar, year),
            "warning": missing_year_warning(calendar, today),
            "form": DueDateForm(user=self.request.user, initial={"start": now.astimezone(SHANGHAI), "amount": 5}),
            "can_change_days": self.request.user.can(Permission.KEEP_CALENDAR) and year in calendar.published_years,
            "actions": keeper_actions(self.request.user, ("载入放假安排", "core:calendar_load")),
        }


class DueDatePage(PageView):
    """算一算: a due date with every day on the way to it."""

    permission = Permission.READ_CATALOGUE
    template_name = "calendar/due_date.html"

    def page_context(self, now):
        form = DueDateForm(self.request.GET or None, user=self.request.user)
        return {"form": form} | (self.answer(form, clock.local_date(now)) if form.is_valid() else {})

    def answer(self, form, today: date) -> dict:
        """Return the due date and its chain of days; wrong input is shown at its field."""
        calendar, asked = work_calendar(), form.cleaned_data
        with errors_shown_on(form):
            due = due_date(calendar, asked["start"], asked["amount"], asked["unit"])
            return {
                "due": due,
                "chain": day_chain(calendar, due, today),
                "explanation": chain_summary(calendar, due),
                "limit": f"{asked['amount']} {DeadlineRule.Unit(asked['unit']).label}",
            }
        return {}


class RulesPage(PageView):
    """The limits in force and to come, and the office hours."""

    permission = Permission.READ_CATALOGUE
    template_name = "calendar/rules.html"

    def page_context(self, now):
        today = clock.local_date(now)
        return {
            "rules": deadline_rules(today),
            "hours": office_hours(),
            "revisions": calendar_revisions(),
            "can_change": self.request.user.can(Permission.KEEP_CALENDAR),
            "actions": keeper_actions(
                self.request.user, ("新增时限", "core:rule_add"), ("修改办公时间", "core:office_hours")
            ),
        }


class KeeperPage(FormPage):
    """A form only R1 and R2 may open."""

    abstract = True
    permission = Permission.KEEP_CALENDAR
    template_name = "calendar/form.html"
    title = ""
    hint = ""
    back = "core:rules"

    def get_context_data(self, **kwargs):
        return super().get_context_data(title=self.title, hint=self.hint, back_url=reverse(self.back), **kwargs)


class PreviewPage(KeeperPage):
    """Reads a notice and shows what would change; nothing is stored before the confirmation."""

    abstract = True
    back = "core:calendar"

    def form_valid(self, form):
        asked = form.cleaned_data
        with errors_shown_on(form):
            preview = preview_year(asked["year"], read_notice_text(asked["text"]), now=clock.now())
            confirm = NoticeConfirmForm(
                user=self.request.user, initial={name: asked[name] for name in ("year", "purpose", "text")}
            )
            context = self.get_context_data(form=form, preview=preview, confirm=confirm)
            return self.response_class(self.request, "calendar/preview.html", context, using=self.template_engine)
        return self.form_invalid(form)


class LoadYearForm(PreviewPage):
    """The notice festival by festival."""

    form_class = NoticeForm
    template_name = "calendar/load.html"
    title = "载入放假安排"

    def get_initial(self):
        calendar, today = work_calendar(), clock.today()
        return {"year": max(max(calendar.published_years, default=today.year) + 1, today.year)}


class LoadYearFile(PreviewPage):
    """The notice as a CSV file."""

    form_class = NoticeFileForm
    title = "从 CSV 载入放假安排"


class ConfirmYear(KeeperPage):
    """The second step: stores what the preview showed."""

    form_class = NoticeConfirmForm
    title = "载入放假安排"
    back = "core:calendar_load"
    success_message = "放假安排已载入"

    def perform(self, form):
        asked = form.cleaned_data
        load_year(asked["year"], form.lines(), actor=self.request.user, now=clock.now(), purpose=asked["purpose"])
        return f"{reverse('core:calendar')}?year={asked['year']}"


class ChangeDay(KeeperPage):
    """One day by hand."""

    form_class = CalendarDayForm
    title = "调整一天的安排"
    hint = "已经算出的到期日不变。"
    back = "core:calendar"
    success_message = "安排已调整"

    def perform(self, form):
        change_calendar_day(self.kwargs["day"], **form.cleaned_data, actor=self.request.user, now=clock.now())
        return f"{reverse('core:calendar')}?year={self.kwargs['day'].year}"

    def get_context_data(self, **kwargs):
        return super().get_context_data(subject=self.kwargs["day"], **kwargs)


class AddRule(KeeperPage):
    """A limit where there is none."""

    form_class = RuleForm
    title = "新增时限"
    success_message = "时限已新增"

    def perform(self, form):
        limit = {name: form.cleaned_data[name] for name in ("amount", "unit", "valid_from")}
        add_deadline_rule(form.subject(), **limit, actor=self.request.user, now=clock.now())
        return reverse("core:rules")


class RuleDoor(KeeperPage):
    """A form about one limit."""

    abstract = True

    def get_rule(self) -> DeadlineRule:
        """Return the limit of the address; limits belong to no department."""
        return get_object_or_404(DeadlineRule, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(subject=self.get_rule(), **kwargs)


class ChangeRule(RuleDoor):
    """A new limit from a day on; the old one holds until then."""

    form_class = RuleLimitForm
    title = "修改时限"
    hint = "新时限自生效日期起用于新派的事项，已经算出的到期日不变。"
    success_message = "时限已修改"

    def get_initial(self):
        rule = self.get_rule()
        return {"amount": rule.amount, "unit": rule.unit}

    def perform(self, form):
        change_deadline_rule(self.get_rule(), **form.cleaned_data, actor=self.request.user, now=clock.now())
        return reverse("core:rules")


class EndRule(RuleDoor):
    """The last day of a limit."""

    form_class = RuleEndForm
    title = "停用时限"
    success_message = "时限已停用"

    def perform(self, form):
        end_deadline_rule(self.get_rule(), **form.cleaned_data, actor=self.request.user, now=clock.now())
        return reverse("core:rules")


class SetOfficeHours(KeeperPage):
    """Office hours from a day to come."""

    form_class = OfficeHoursForm
    title = "修改办公时间"
    hint = "工作小时按当日的办公时间计算。"
    success_message = "办公时间已修改"

    def get_initial(self):
        newest = work_calendar().office_day(clock.today())
        return {
            name: getattr(newest, name) for name in ("morning_start", "morning_end", "afternoon_start", "afternoon_end")
        }

    def perform(self, form):
        set_office_hours(form.hours(), actor=self.request.user, now=clock.now())
        return reverse("core:rules")
