"""Loading years into the work calendar, reading the notice, one day by hand (domain §5)."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from core.dates import DayKind, due_date
from core.exceptions import FileRefused, FileTooLarge, InvalidInput, NotAllowed, RuleViolation
from core.models import AuditEvent, CalendarDay, CalendarRevision
from core.recomputation import DueChange, register_recomputation, unregister_recomputation
from core.selectors.calendar import (
    calendar_to_dos,
    calendar_year,
    missing_year_warning,
    work_calendar,
)
from core.services.calendar import (
    change_calendar_day,
    load_default_rules,
    load_package_years,
    load_year,
    notice_csv,
    preview_year,
    read_notice_file,
    read_notice_text,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # 10:00 of Wednesday 25 November in Shanghai
TODAY = date(2026, 11, 25)
NOTICE_2027 = """开始日期,结束日期,安排,名称
2027-01-01,2027-01-03,休,元旦
2027-02-05,2027-02-11,休,春节
2027-01-31,,班,
2027-04-03,2027-04-05,休,清明节
2027-05-01,2027-05-05,休,劳动节
2027-06-09,,休,端午节
2027-09-15,,休,中秋节
2027-10-01,2027-10-07,休,国庆节
2027-10-09,,班,
"""


def notice(text=NOTICE_2027):
    return read_notice_text(text)


# --- The table and its version ----------------------------------------------------------------


def test_installation_knows_the_published_years_and_loading_again_changes_nothing():
    calendar = work_calendar()
    assert (calendar.first_year, max(calendar.published_years)) == (2004, 2026)
    assert CalendarDay.objects.filter(date__year=2026).count() == 365
    assert load_package_years(now=NOW) == []
    assert load_default_rules(now=NOW) == 0


def test_command_says_what_it_loaded():
    CalendarDay.objects.filter(date__year=2026).delete()
    CalendarRevision.objects.create(at=NOW, label="test")
    output = StringIO()
    call_command("load_calendar", stdout=output)
    assert "2026–2026年" in output.getvalue()
    assert not work_calendar().is_presumed(TODAY)


def test_work_calendar_costs_one_query_until_the_table_changes(django_assert_num_queries):
    work_calendar()
    with django_assert_num_queries(1):
        before = work_calendar()
    CalendarRevision.objects.create(at=NOW, label="another process")
    with django_assert_num_queries(3):
        after = work_calendar()
    assert before == after
    assert before is not after


def test_calendar_year_lists_every_day_and_says_what_is_presumed():
    days = calendar_year(work_calendar(), 2026)
    assert len(days) == 365
    assert days[0] == {"date": date(2026, 1, 1), "kind": "rest", "name": "元旦", "source": "state_council"}
    assert {day["source"] for day in calendar_year(work_calendar(), 2027)} == {"presumed"}
    with pytest.raises(InvalidInput):
        calendar_year(work_calendar(), 2003)


@pytest.mark.parametrize(
    ("today", "warned"),
    [
        (date(2026, 10, 31), ""),
        (date(2026, 11, 1), "2027年"),
        (date(2027, 1, 1), "2027年"),
        (date(2027, 11, 1), "2027、2028年"),
    ],
)
def test_missing_year_warns_from_november_on(today, warned):
    text = missing_year_warning(work_calendar(), today)
    assert text.startswith(warned)
    assert bool(text) == bool(warned)


def test_missing_year_waits_for_those_who_keep_the_calendar(office, reporter):
    (to_do,) = calendar_to_dos(office, NOW)
    assert (to_do.url, to_do.title[:5]) == ("/calendar/load/", "2027年")
    assert calendar_to_dos(reporter, NOW) == []
    assert calendar_to_dos(office, datetime(2026, 10, 30, 2, 0, tzinfo=UTC)) == []


# --- Reading the notice -------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_notice_file_is_read_in_the_encodings_offices_use(encoding):
    assert read_notice_file(NOTICE_2027.encode(encoding)) == notice()


def test_notice_survives_the_round_trip_through_the_preview():
    again = read_notice_text(notice_csv(notice()))
    assert [(line.first, line.last, line.kind, line.name) for line in again] == [
        (line.first, line.last, line.kind, line.name) for line in notice()
    ]


@pytest.mark.parametrize(
    ("text", "first", "kind"),
    [
        ("日期,安排\n2027/1/1,休", date(2027, 1, 1), DayKind.REST),
        ("date,kind,name\n20270102,REST,x", date(2027, 1, 2), DayKind.REST),
        ("名称,日期,类型\n,2027年1月2日,调休上班", date(2027, 1, 2), DayKind.WORK),
    ],
)
def test_notice_takes_the_usual_ways_to_write_it(text, first, kind):
    (line,) = read_notice_text(text)
    assert (line.first, line.last, line.kind) == (first, first, kind)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("", ["file"]),
        ("日期,名称\n2027-01-01,元旦", ["file"]),
        ("日期,安排", ["days"]),
        ("日期,安排\n2027-02-30,休\n2027-01-01,玩\n1月1日,休", ["rows.2", "rows.3", "rows.4"]),
        ("日期,结束日期,安排\n2027-01-03,2027-01-01,休", ["rows.2"]),
        ("日期,结束日期,安排\n2027-01-03,2027-10-01,休", ["rows.2"]),
    ],
)
def test_notice_names_every_wrong_row_at_once(text, fields):
    with pytest.raises(InvalidInput) as refused:
        read_notice_text(text)
    assert [error["field"] for error in refused.value.errors] == fields


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"PK\x03\x04workbook", FileRefused), (b"\xff\xff\xff", FileRefused), (b"a" * (1024 * 1024 + 1), FileTooLarge)],
)
def test_notice_file_that_is_not_text_is_refused(content, error):
    with pytest.raises(error):
        read_notice_file(content)


# --- Loading a year -------------------------------------------------------------------------------


def test_preview_shows_the_days_that_change_and_writes_nothing():
    preview = preview_year(2027, notice(), now=NOW)
    changes = {change.date: (change.before, change.after) for change in preview.changes}
    assert changes[date(2027, 10, 1)] == ("工作日", "国庆节")
    assert changes[date(2027, 10, 9)] == ("周六", "调休上班")
    assert date(2027, 1, 1) not in changes  # 1 January was presumed off already
    assert preview.warnings == ()
    assert work_calendar().is_presumed(date(2027, 10, 1))


def test_preview_warns_when_a_festival_is_missing():
    text = NOTICE_2027.replace("2027-06-09,,休,端午节\n", "")
    assert "端午节" in preview_year(2027, notice(text), now=NOW).warnings[0]


def test_load_year_stores_all_days_audited(office):
    load_year(2027, notice(), actor=office, now=NOW, purpose="国办发明电〔2026〕7号")
    calendar = work_calendar()
    assert CalendarDay.objects.filter(date__year=2027).count() == 365
    assert not calendar.is_workday(date(2027, 10, 1))
    assert calendar.is_workday(date(2027, 10, 9))
    assert not due_date(calendar, NOW, 30, "workday").provisional
    event = AuditEvent.objects.get(action="core.calendar.load_year")
    assert (event.actor, event.purpose) == (office, "国办发明电〔2026〕7号")
    assert event.after["2027-10-01"] == "国庆节"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("2028-01-01,,休,元旦", "rows.11"),
        ("2027-10-08,,班,", "rows.11"),  # a Friday is worked anyway
        ("2027-10-03,,班,", "rows.11"),  # said to be off above
    ],
)
def test_wrong_lines_are_refused_and_nothing_is_stored(office, line, field):
    with pytest.raises(InvalidInput) as refused:
        load_year(2027, notice(NOTICE_2027 + line), actor=office, now=NOW)
    assert [error["field"] for error in refused.value.errors] == [field]
    assert work_calendar().is_presumed(date(2027, 10, 1))


def test_notice_without_new_year_is_the_wrong_year(office):
    with pytest.raises(InvalidInput, match="1月1日"):
        load_year(2027, notice("日期,安排\n2027-05-01,休"), actor=office, now=NOW)


@pytest.mark.parametrize("year", [1999, 2003, 2029, 2072])
def test_year_nobody_can_have_published_is_refused(office, year):
    with pytest.raises(InvalidInput) as refused:
        load_year(year, notice(), actor=office, now=NOW)
    assert refused.value.errors[0]["field"] == "year"


def test_notice_may_reach_into_the_december_before(office):
    text = NOTICE_2027.replace("2027-01-01,2027-01-03", "2026-12-31,2027-01-03") + "2026-12-27,,班,\n"
    load_year(2027, notice(text), actor=office, now=NOW)
    calendar = work_calendar()
    assert not calendar.is_workday(date(2026, 12, 31))
    assert calendar.is_workday(date(2026, 12, 27))
    assert calendar.is_workday(date(2026, 12, 30))


def test_past_days_of_a_published_year_are_never_rewritten(office):
    text = "日期,结束日期,安排,名称\n2026-01-01,2026-01-03,休,元旦\n"
    with pytest.raises(RuleViolation, match="已过"):
        load_year(2026, notice(text), actor=office, now=NOW)


def test_only_the_office_loads_years(reporter, sysadmin):
    for actor in (reporter, sysadmin):
        with pytest.raises(NotAllowed):
            load_year(2027, notice(), actor=actor, now=NOW)


def test_loading_a_year_recomputes_provisional_due_dates_in_the_same_transaction(office):
    start = datetime(2026, 12, 31, 2, 0, tzinfo=UTC)
    held = {"due": due_date(work_calendar(), start, 25, "workday").due_at}

    def recompute(calendar, *, actor, now, commit):
        after = due_date(calendar, start, 25, "workday").due_at
        changes = [DueChange("YS20261231-0001", held["due"], after)] if after != held["due"] else []
        if commit:
            held["due"] = after
        return changes

    register_recomputation("test", recompute)
    try:
        preview = preview_year(2027, notice(), now=NOW)
        assert [change.reference for change in preview.due_changes] == ["YS20261231-0001"]
        assert held["due"] == preview.due_changes[0].before
        load_year(2027, notice(), actor=office, now=NOW)
    finally:
        unregister_recomputation("test")
    assert held["due"] == preview.due_changes[0].after
    (moved,) = AuditEvent.objects.get(action="core.calendar.load_year").after["due_dates_moved"]
    assert moved.startswith("YS20261231-0001")


def test_failing_recomputation_leaves_the_table_as_it_was(office):
    def fail(calendar, *, actor, now, commit):
        if commit:
            raise RuleViolation("不能重算")
        return []

    register_recomputation("test", fail)
    try:
        with pytest.raises(RuleViolation):
            load_year(2027, notice(), actor=office, now=NOW)
    finally:
        unregister_recomputation("test")
    assert work_calendar().is_presumed(date(2027, 10, 1))


# --- One day by hand ------------------------------------------------------------------------------


def test_one_day_is_changed_by_hand_with_a_reason(office):
    day = date(2026, 12, 7)
    change_calendar_day(day, kind="rest", name="暴雪停工", actor=office, now=NOW, purpose="县政府通知")
    assert (work_calendar().is_workday(day), work_calendar().name_of(day)) == (False, "暴雪停工")
    assert CalendarDay.objects.get(date=day).source == CalendarDay.Source.MANUAL
    assert AuditEvent.objects.get(action="core.calendar.change_day").after == {"day": "暴雪停工"}


@pytest.mark.parametrize(
    ("day", "kind", "purpose", "error"),
    [
        (date(2026, 12, 7), "rest", " ", InvalidInput),
        (date(2026, 12, 7), "half", "县政府通知", InvalidInput),
        (date(2026, 11, 24), "rest", "县政府通知", RuleViolation),
        (date(2027, 12, 7), "rest", "县政府通知", RuleViolation),
    ],
)
def test_one_day_is_not_changed_without_reason_or_in_the_past(office, day, kind, purpose, error):
    with pytest.raises(error):
        change_calendar_day(day, kind=kind, name="", actor=office, now=NOW, purpose=purpose)
