"""The one interpreter that moves ``status`` (architecture §4), on real reports with a small table."""

import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction

from core.exceptions import InvalidTransition, NotAllowed, RuleViolation, VersionConflict
from core.models import AuditEvent
from core.workflow import Transition, Workflow, swap
from indicators.models import DailyReport
from tests.core.conftest import NOON, TODAY

pytestmark = pytest.mark.django_db


def own_department(actor, report) -> bool:
    return actor.department_id == report.department_id


def silent_report(report) -> str | None:
    return None if report.progress else "尚未填写进展"


def by_no_change(report) -> str:
    return "reported" if report.no_change else "submitted"


TABLE = Workflow(
    Transition("submit", "提交", ("draft",), ("submitted", "reported"), own_department, silent_report, by_no_change),
    Transition("withdraw", "撤回", ("submitted", "reported"), ("draft",), own_department, who="填报单位"),
    Transition("note", "记录进展", ("draft", "submitted"), ("draft",), own_department),
    entries=("draft",),
    finals=("accepted",),
)
MOMENTS = {"submitted_at": NOON, "reported_at": NOON}


@pytest.fixture
def written(report_on):
    """Return a draft that says something."""
    return report_on(progress="材料已压减")


def events() -> list[tuple]:
    acts = AuditEvent.objects.filter(action__startswith="indicators.").order_by("id")
    return list(acts.values_list("action", "before", "after", "purpose"))


def test_apply_moves_the_row_and_records_it(written, reporter):
    row = TABLE.apply("submit", written, actor=reporter, now=NOON, purpose="按期", audit={"values": 2}, progress="改")
    assert row is written
    assert (row.status, row.version, row.progress) == ("submitted", 2, "改")
    assert events() == [
        ("indicators.dailyreport.submit", {"status": "draft"}, {"status": "submitted", "values": 2}, "按期")
    ]
    event = AuditEvent.objects.get(action="indicators.dailyreport.submit")
    assert (event.actor, event.at, event.target_type) == (reporter, NOON, "indicators.dailyreport")
    assert event.target_key == str(written.pk)


def test_apply_by_the_system_needs_no_permission_and_says_system(written):
    TABLE.apply("submit", written, actor=None, now=NOON)
    event = AuditEvent.objects.get(action="indicators.dailyreport.submit")
    assert (event.actor, event.actor_name) == (None, "系统")


@pytest.mark.parametrize(
    ("actor", "status", "progress", "error", "sentence"),
    [
        ("stranger", "accepted", "", NotAllowed, "不能提交"),
        ("stranger", "draft", "", NotAllowed, "不能提交"),
        ("reporter", "submitted", "", InvalidTransition, "当前为“待审定”，不能提交"),
        ("reporter", "draft", "", RuleViolation, "尚未填写进展"),
    ],
)
def test_apply_refuses_person_before_state_before_rule(request, report_on, actor, status, progress, error, sentence):
    moments = MOMENTS | {"accepted_at": NOON} if status == "accepted" else {}
    report = report_on(status=status, progress=progress, **moments)
    with pytest.raises(error, match=sentence):
        TABLE.apply("submit", report, actor=request.getfixturevalue(actor), now=NOON)
    report.refresh_from_db()
    assert (report.status, report.version, events()) == (status, 1, [])


def test_system_is_still_bound_by_state_and_rule(report, report_on):
    with pytest.raises(RuleViolation):
        TABLE.apply("submit", report, actor=None, now=NOON)
    with pytest.raises(InvalidTransition):
        TABLE.apply("withdraw", report, actor=None, now=NOON)


def test_refusal_names_who_does_it_instead(report_on, stranger):
    with pytest.raises(NotAllowed, match="您可以查看，但不能撤回，这一步由填报单位办理"):
        TABLE.permit("withdraw", report_on(status="submitted"), actor=stranger)


@pytest.mark.parametrize(("no_change", "target"), [(True, "reported"), (False, "submitted")])
def test_row_chooses_among_declared_targets(written, reporter, no_change, target):
    swap(written, no_change=no_change)
    moments = MOMENTS if no_change else {}
    assert TABLE.apply("submit", written, actor=reporter, now=NOON, **moments).status == target


def test_choice_that_the_table_does_not_declare_is_a_bug(written, reporter):
    table = Workflow(
        Transition("submit", "提交", ("draft",), ("submitted",), own_department, choose=lambda row: "accepted"),
        entries=("draft",),
    )
    with pytest.raises(AssertionError, match="chose accepted"):
        table.apply("submit", written, actor=reporter, now=NOON)
    written.refresh_from_db()
    assert (written.status, events()) == ("draft", [])


def test_unknown_act_is_a_bug(written, reporter):
    with pytest.raises(KeyError):
        TABLE.apply("abolish", written, actor=reporter, now=NOON)


def test_available_follows_person_state_and_blocks(report, written_elsewhere, reporter, stranger):
    assert [t.name for t in TABLE.available(report, reporter)] == ["note"]
    assert [t.name for t in TABLE.available(written_elsewhere, reporter)] == ["submit", "note"]
    assert TABLE.available(written_elsewhere, stranger) == []


@pytest.fixture
def written_elsewhere(report_on):
    return report_on(days=1, progress="材料已压减")


def test_two_people_one_wins_the_other_is_told(written, reporter, head):
    as_seen_by_head = DailyReport.objects.visible_to(head).get(pk=written.pk)
    TABLE.apply("submit", written, actor=reporter, now=NOON)
    with pytest.raises(VersionConflict, match="刷新"):
        TABLE.apply("note", as_seen_by_head, actor=head, now=NOON, progress="覆盖")
    written.refresh_from_db()
    assert (written.status, written.progress, len(events())) == ("submitted", "材料已压减", 1)


def test_an_act_that_keeps_the_state_raises_the_version_too(report, reporter, head):
    other = DailyReport.objects.visible_to(head).get(pk=report.pk)
    TABLE.apply("note", report, actor=reporter, now=NOON, progress="一")
    assert report.version == 2
    with pytest.raises(VersionConflict):
        TABLE.apply("note", other, actor=head, now=NOON, progress="二")


def test_swap_of_a_deleted_row_is_a_conflict(report):
    gone = DailyReport(pk=report.pk, version=report.version)
    report.delete()
    with pytest.raises(VersionConflict):
        swap(gone, progress="x")


def test_audit_line_lives_and_dies_with_the_change(written, reporter):
    class Interrupted(Exception):
        """Whatever fails after the act, in its transaction."""

    @transaction.atomic
    def act_that_fails_later():
        TABLE.apply("submit", written, actor=reporter, now=NOON)
        assert len(events()) == 1
        raise Interrupted

    with pytest.raises(Interrupted):
        act_that_fails_later()
    written.refresh_from_db()
    assert (written.status, written.version, events()) == ("draft", 1, [])


def test_change_is_undone_when_its_audit_line_fails(written, reporter, monkeypatch):
    def broken(**facts):
        raise RuntimeError("disk full")

    monkeypatch.setattr("core.workflow.record_event", broken)
    with pytest.raises(RuntimeError, match="disk full"):
        TABLE.apply("submit", written, actor=reporter, now=NOON)
    written.refresh_from_db()
    assert written.status == "draft"


def test_change_that_breaks_a_constraint_leaves_nothing(written, reporter):
    swap(written, no_change=True)
    with pytest.raises(Exception, match="reported_has_moments"):
        TABLE.apply("submit", written, actor=reporter, now=NOON)  # without the moments 已报 demands
    assert events() == []


def test_enter_creates_only_in_entry_states(indicator, department):
    fields = {"indicator": indicator, "department": department, "date": TODAY, "saved_at": NOON}
    assert TABLE.enter(DailyReport, "draft", **fields).version == 1
    with pytest.raises(AssertionError, match="no entry state"):
        TABLE.enter(DailyReport, "submitted", **fields | {"date": TODAY - timedelta(days=1)})


def test_enter_many_creates_only_in_entry_states_and_all_or_nothing(indicator, department):
    fields = {"indicator": indicator, "department": department, "saved_at": NOON}
    rows = [fields | {"date": TODAY - timedelta(days=days), "status": "draft"} for days in range(3)]
    assert [row.pk is not None for row in TABLE.enter_many(DailyReport, rows)] == [True] * 3
    later = [fields | {"date": TODAY - timedelta(days=9), "status": status} for status in ("draft", "accepted")]
    with pytest.raises(AssertionError, match="accepted is no entry state"):
        TABLE.enter_many(DailyReport, later)
    assert DailyReport.objects.unscoped("what was created").count() == 3


def race(act, report, people) -> list[str]:
    """Let each of ``people`` do ``act`` on an own copy at the same moment; return what each was told."""
    start, verdicts = threading.Barrier(len(people)), []

    def run(person):
        try:
            row = DailyReport.objects.unscoped("a racer's own copy").get(pk=report.pk)
            start.wait(timeout=10)
            act(row, person)
            verdicts.append("done")
        except VersionConflict:
            verdicts.append("told")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(verdicts)


def careless_submit(row, person):
    """Do the act as it would be without compare-and-swap: check, then save."""
    TABLE.check("submit", row, actor=person)
    row.status = "submitted"
    row.save(update_fields=["status"])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_race_has_one_winner_and_without_the_guard_it_has_eight(on_postgresql, written, written_elsewhere, reporter):
    people = [reporter] * 8
    told = race(lambda row, person: TABLE.apply("submit", row, actor=person, now=NOON), written, people)
    assert told == ["done"] + ["told"] * 7
    written.refresh_from_db()
    assert (written.version, len(events())) == (2, 1)
    assert race(careless_submit, written_elsewhere, people) == ["done"] * 8
