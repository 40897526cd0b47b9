"""Statistics of rectification: SQL counts what the pure rules count, who sees whose, the bulletin's figures, the doors."""

import random
from datetime import UTC, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest

from accounts.roles import Role
from core.clock import local_date
from core.rates import Window
from core.selectors.calendar import work_calendar
from indicators.models import Indicator, IndicatorSet
from supervision.models import ClearanceRequest, Issue, IssueEscalation, IssueExtension, IssueRound
from supervision.rules.rates import FIGURES, RoundFacts, Standing, tally, total_of
from supervision.selectors import statistics
from supervision.selectors.figures import issue_figures, open_issues
from supervision.services.writing import withdraw_issue
from tests.factories.accounts import make_user
from tests.factories.issues import FOUND, issue_at

START = datetime(2026, 10, 31, 16, tzinfo=UTC)
ENDINGS = IssueRound.Ending.values
pytestmark = pytest.mark.django_db


def windows() -> list[Window]:
    """Return periods with the cut-off in them, at a day's end, and after them."""
    return [Window(START, START + timedelta(days=14), START + timedelta(days=days)) for days in (6.5, 9, 14, 20)]


def random_round(chance: random.Random, issue: Issue, department) -> IssueRound:
    """Return a round as the services may have left it: what ends it comes after it began, in order."""
    opened = START + timedelta(hours=chance.randint(-200, 300))
    ending = chance.choice(ENDINGS)
    moments = sorted(opened + timedelta(hours=chance.randint(1, 400)) for _ in range(3))
    via_sustained = ending in ("sustained", "relapsed") or (ending == "cleared" and chance.random() < 0.4)
    passed = ending in ("sustained", "relapsed", "cleared")
    return IssueRound(
        issue=issue,
        sequence=1,
        round_no=chance.randint(1, 2),
        department=department,
        limit_kind=chance.choice(Issue.LimitKind.values),
        opened_at=opened,
        effective_due_on=local_date(opened + timedelta(days=chance.randint(1, 15))) if chance.random() < 0.9 else None,
        passed_request_at=moments[0] if passed else None,
        sustained_at=moments[1] if via_sustained else None,
        cleared_at=moments[2] if ending == "cleared" else None,
        ending=ending,
        ended_at=None if ending == "open" else moments[1] if ending == "sustained" else moments[2],
    )


def facts_of(round_: IssueRound, extension: IssueExtension | None) -> RoundFacts:
    """Return a round as the rules take it."""
    granted = extension is not None and extension.answer == "agreed"
    return RoundFacts(
        department=round_.department.code,
        opened_at=round_.opened_at,
        limit_kind=round_.limit_kind,
        due_on=round_.effective_due_on,
        due_before=extension.due_before if granted else None,
        extended_at=extension.answered_at if granted else None,
        requested_at=round_.passed_request_at,
        sustained_at=round_.sustained_at,
        cleared_at=round_.cleared_at,
        ending=round_.ending,
        ended_at=round_.ended_at,
        revoked_at=round_.issue.revoked_at,
    )


@pytest.fixture
def indicators(db) -> list[Indicator]:
    """Return a first-level indicator and a leaf beneath it."""
    indicator_set = IndicatorSet.objects.create(year=2026, name="2026年度", issuer="县营商办")
    first = Indicator.objects.create(indicator_set=indicator_set, code="A08", name="获得用气", level=1)
    leaf = Indicator.objects.create(
        indicator_set=indicator_set, code="A08.2", name="报装时间", level=2, parent=first, first_level=first
    )
    return [first, leaf]


@pytest.fixture
def random_rounds(department, other_department, indicators):
    """Return the facts of 400 rounds of two departments, one an issue."""
    chance = random.Random(20261125)
    issues = Issue.objects.unscoped("test data").bulk_create(
        Issue(
            number=f"WT-2026-{number:04d}",
            source=chance.choice(Issue.Source.values),
            category=chance.choice(Issue.Category.values),
            indicator=chance.choice([None, *indicators]),
            title="标题",
            description="内容",
            found_on=local_date(START),
            status="registered",
            created_at=START - timedelta(days=20),
            registered_at=START - timedelta(days=20),
            entered_status_at=START,
            department=department,
            revoked_at=START + timedelta(days=chance.randint(0, 20)) if chance.random() < 0.1 else None,
        )
        for number in range(400)
    )
    return IssueRound.objects.unscoped("test data").bulk_create(
        random_round(chance, issue, chance.choice([department, other_department])) for issue in issues
    )


@pytest.fixture
def random_facts(random_rounds, office):
    """Return the facts of the rounds, a fifth of them extended at some time."""
    chance = random.Random(7)
    extensions = {}
    for round_ in random_rounds:
        if round_.effective_due_on and chance.random() < 0.2:
            extensions[round_.pk] = IssueExtension(
                round=round_,
                due_on=round_.effective_due_on,
                due_before=round_.effective_due_on - timedelta(days=chance.randint(1, 9)),
                reason="设备到货延迟",
                answer=chance.choice(["agreed", "agreed", "refused"]),
                asked_by=office,
                asked_at=round_.opened_at,
                answered_at=round_.opened_at + timedelta(hours=chance.randint(0, 300)),
            )
    IssueExtension.objects.unscoped("test data").bulk_create(extensions.values())
    return [facts_of(round_, extensions.get(round_.pk)) for round_ in random_rounds]


@pytest.mark.parametrize("place", range(4))
def test_sql_counts_what_the_rules_count(random_facts, office, place):
    window = windows()[place]
    counted = statistics.rates_by_department(office, window)
    expected = {code: tally([one for one in random_facts if one.department == code], window) for code in ("zjj", "czj")}
    assert {row["code"]: found for row, found in counted.rows} == expected
    assert [row["code"] for row, _ in counted.rows] == ["zjj", "czj"]
    assert counted.total == total_of(expected.values())
    assert any(count.numerator for count in counted.total.counts.values())
    assert counted.total.sustained


def test_breakdowns_have_the_same_total(random_facts, office):
    window = windows()[2]
    total = statistics.rates_by_department(office, window).total
    assert statistics.rates_by_source(office, window).total == total
    assert statistics.rates_by_category(office, window).total == total
    by_indicator = statistics.rates_by_indicator(office, window)
    assert by_indicator.total == total
    assert [row["code"] for row, _ in by_indicator.rows] == ["A08", ""]  # a leaf counts with its first level
    [(_, of_period)] = statistics.rates_by_period(office, [("本期", window)]).rows
    assert of_period == total == statistics.rates_of(office, window)
    assert statistics.cleared_of(office, window).counts["cleared"] == total.counts["cleared"]


@pytest.mark.parametrize("group", ["department", "source", "category", "indicator"])
def test_every_number_leads_to_the_rounds_it_counts(random_facts, office, group):
    window = windows()[1]
    breakdown = getattr(statistics, f"rates_by_{group}")(office, window)
    for row, found in breakdown.rows:
        for figure in FIGURES:
            for part in ("numerator", "denominator"):
                question = statistics.Question(figure.key, part, group, row["code"])
                behind = statistics.rounds_behind(office, window, question)
                assert behind.count() == getattr(found.counts[figure.key], part)
        sustained = statistics.Question(statistics.SUSTAINED, "numerator", group, row["code"])
        assert statistics.rounds_behind(office, window, sustained).count() == found.sustained


def test_departments_count_their_own_rounds(random_facts, reporter, office):
    window = windows()[2]
    [(row, own)] = statistics.rates_by_department(reporter, window).rows
    assert row["code"] == "zjj"
    assert own == {r["code"]: t for r, t in statistics.rates_by_department(office, window).rows}["zjj"]


@pytest.mark.parametrize("count", [2, 20])
def test_statistics_take_a_fixed_number_of_queries(random_rounds, office, count, django_assert_num_queries):
    IssueRound.objects.unscoped("test data").exclude(pk__in=[r.pk for r in random_rounds[:count]]).delete()
    assert office.sees_all_departments  # read once a request, whatever the page
    with django_assert_num_queries(2):
        statistics.rates_by_department(office, windows()[0])


# --- what the bulletin asks ----------------------------------------------------------------------------
def test_figures_count_what_stood_at_the_cut_off(random_facts, random_rounds, office, django_assert_num_queries):
    calendar = work_calendar()
    for window in windows():
        cut_off = window.cut_off
        standing = {
            round_.issue.number: facts.known_at(cut_off).standing
            for round_, facts in zip(random_rounds, random_facts, strict=True)
            if facts.opened_at <= cut_off
        }
        revoked = {r.issue.number for r in random_rounds if r.issue.revoked_at and r.issue.revoked_at <= cut_off}
        with django_assert_num_queries(7):
            figures = issue_figures(window, calendar=calendar)
        over = {n for n, state in standing.items() if state in (Standing.CLEARED, Standing.SUSTAINED)}
        every = {r.issue.number for r in random_rounds}
        assert {one.number for one in figures.open_issues} == every - over - revoked
        sustained = [n for n, state in standing.items() if state is Standing.SUSTAINED and n not in revoked]
        assert figures.sustained == len(sustained)
        overdue = {
            round_.issue.number
            for round_, facts in zip(random_rounds, random_facts, strict=True)
            if standing.get(round_.issue.number) in (Standing.OPEN, Standing.RELAPSED)
            and (due := facts.known_at(cut_off).due_on) is not None
            and due < local_date(cut_off)
        }
        assert {one.number for one in figures.overdue_issues} == overdue - revoked
        assert sum(figures.open_by_department.values()) == sum(figures.open_by_source.values())


def an_issue(department, **columns) -> tuple[Issue, IssueRound]:
    """Return an issue in 整改中 with its round, due on 6 November."""
    [issue] = Issue.objects.unscoped("test data").bulk_create(
        [
            Issue(
                number="WT-2026-0001",
                source="open",
                title="公示栏未更新",
                description="公示栏未更新",
                found_on=local_date(START),
                status="rectifying",
                created_at=START,
                registered_at=START,
                entered_status_at=START,
                department=department,
            )
        ]
    )
    due = local_date(START + timedelta(days=5))
    round_ = IssueRound.objects.create(
        issue=issue,
        sequence=1,
        round_no=1,
        department=department,
        limit_kind="deadline",
        opened_at=START,
        effective_due_on=due,
        **columns,
    )
    return issue, round_


def test_overdue_is_judged_by_the_clock_as_it_ran_at_the_cut_off(department, office):
    issue, round_ = an_issue(department)
    request = ClearanceRequest.objects.create(
        round=round_, asked_by=office, asked_at=START, signed_at=START + timedelta(days=7), result="standing"
    )
    IssueEscalation.objects.create(issue=issue, round=round_, rung=1, reached_at=START + timedelta(days=4))
    IssueEscalation.objects.create(issue=issue, round=round_, rung=2, reached_at=START + timedelta(days=7))

    def at(days: float):
        [one] = open_issues(START + timedelta(days=days), calendar=work_calendar())
        return one.is_overdue, one.days_overdue, one.is_verifying, one.rung

    assert at(5.9) == (False, 0, False, 1)
    assert at(6) == (True, 0, False, 1)  # Saturday 7 November has begun
    assert at(8.5) == (False, 0, True, 2)  # asked on Saturday: the department's clock stands still
    request.result, request.answered_at = "failed", START + timedelta(days=9)
    request.save()
    assert at(8.5) == (False, 0, True, 2)
    assert at(9.5) == (True, 2, False, 2)


def test_what_waits_to_be_assigned_is_open_and_of_no_department(department):
    an_issue(department, ending="withdrawn", ended_at=START + timedelta(days=2))
    [before] = open_issues(START + timedelta(days=1), calendar=work_calendar())
    [after] = open_issues(START + timedelta(days=3), calendar=work_calendar())
    assert (before.department, after.department, after.due_on) == ("zjj", None, None)
    assert open_issues(START - timedelta(days=1), calendar=work_calendar()) == []


# --- the doors -----------------------------------------------------------------------------------------
API = "/api/v1/issues/statistics/"
PAGE = "/issues/statistics/"
NOVEMBER = {"period": "202611", "cut_off": "2026-11-30T23:59:59+08:00"}


@pytest.fixture
def cleared_and_open(cast, standing_clock):
    """Return one cleared issue, and one sustained, one 立行立改 that is open, and one withdrawn."""
    rows = {place: issue_at(place, cast) for place in ("cleared", "sustained")}
    rows["open"] = issue_at("planning_immediate", cast)
    rows["withdrawn"] = issue_at("assigned", cast)
    withdraw_issue(rows["withdrawn"], reason="另行交办", actor=cast.office, now=FOUND)
    return rows


def test_api_gives_each_rate_with_counts_text_and_formula(cleared_and_open, cast, api_for):
    body = api_for(cast.office).get(API, NOVEMBER).json()
    assert set(body) == {"period", "cut_off", "departments", "total"}
    [row] = body["departments"]
    assert (row["department"], row["department_label"]) == ("zjj", "县住建局")
    assert list(body["total"]) == [*(figure.key for figure in FIGURES), "sustained"]
    assert row["cleared"] == {
        "label": "整改率",
        "numerator": 1,
        "denominator": 2,
        "value": "50.000000",
        "text": "50.00",
        "formula": row["cleared"]["formula"],
    }
    assert (row["immediate_done"]["numerator"], row["immediate_done"]["denominator"]) == (0, 1)
    assert (row["cleared_on_time"]["numerator"], row["cleared_on_time"]["denominator"]) == (2, 3)
    assert row["cleared_on_time"]["text"] == "66.67"
    assert row["sustained"] == body["total"]["sustained"] == 1


def test_api_before_anything_happened_has_no_rate(cleared_and_open, cast, api_for):
    body = api_for(cast.office).get(API, {"period": "202611", "cut_off": "2026-11-22"}).json()
    assert body["departments"] == []
    assert (body["total"]["cleared"]["value"], body["total"]["cleared"]["text"]) == (None, "—")


def test_api_shows_departments_their_own(cleared_and_open, cast, other_department, api_for):
    [row] = api_for(cast.reporter).get(API, NOVEMBER).json()["departments"]
    assert row["department"] == "zjj"
    stranger = make_user("czj_reporter", Role.REPORTER, department=other_department)
    assert api_for(stranger).get(API, NOVEMBER).json()["departments"] == []


@pytest.mark.parametrize(
    "query",
    [{"period": "202613"}, {"from": "2026-11-01"}, {"cut_off": "gestern"}, {"period": "2026", "to": "2026-11-01"}],
)
def test_api_refuses_a_question_it_cannot_read(query, office, api_for):
    assert api_for(office).get(API, query).status_code == 400


def test_page_leads_from_each_number_to_its_rounds(cleared_and_open, cast, client_for):
    browser = client_for(cast.office)
    page = browser.get(PAGE, NOVEMBER | {"period": "202611"}).content.decode()
    assert "50.00 <small" in page
    assert "截至 11月30日 23:59" in page
    rounds = f"{PAGE}rounds/"
    asked = {"period": "202611", "cut_off": NOVEMBER["cut_off"]}
    behind = {
        ("cleared", "numerator"): {"cleared"},
        ("cleared", "denominator"): {"cleared", "open"},
        ("cleared_on_time", "numerator"): {"cleared", "sustained"},
        ("sustained", "numerator"): {"sustained"},
    }
    for (figure, part), names in behind.items():
        answer = browser.get(rounds, asked | {"figure": figure, "part": part, "code": "zjj"}).content.decode()
        listed = {name for name, row in cleared_and_open.items() if row.number in answer}
        assert (figure, part, listed) == (figure, part, names)


@pytest.mark.parametrize("by", ["department", "indicator", "source", "category", "period"])
def test_page_and_workbook_break_down_alike(by, cleared_and_open, cast, client_for):
    browser = client_for(cast.office)
    answer = browser.get(PAGE, NOVEMBER | {"by": by})
    assert answer.status_code == 200
    exported = browser.get(f"{PAGE}export/", NOVEMBER | {"by": by})
    sheet = openpyxl.load_workbook(BytesIO(b"".join(exported.streaming_content))).active
    head, *lines = sheet.iter_rows(values_only=True)
    assert head[1:4] == ("整改率（%）", "整改率分子", "整改率分母")
    assert head[-1] == "长期坚持"
    assert lines[-1][1:4] == ("50.00", 1, 2)
    assert lines[-1][0] == ("2026-11" if by == "period" else "合计")


def test_page_says_what_is_wrong_with_the_question(office, client_for):
    answer = client_for(office).get(PAGE, {"start": "2026-11-30", "end": "2026-11-01"})
    assert answer.status_code == 422
    assert "结束日期早于开始日期" in answer.content.decode()
    assert client_for(office).get(PAGE, {"cut_off": "gestern"}).status_code == 422
    assert client_for(office).get(f"{PAGE}rounds/", {"figure": "nonsense", "part": "numerator"}).status_code == 400
