"""The clocks of regime business, and the tasks by which the schedule reaches them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.module_loading import import_string

from accounts.models import Message
from complaints import tasks
from complaints.models import Complaint, ComplaintEvent
from complaints.selectors.business_clocks import business_to_dos
from complaints.services import intake, office
from complaints.services.business_clocks import accept_undecided, remind_provincial_numbers
from config.schedule import TABLE
from core.models import AuditEvent
from tests.factories.complaints import RECEIVED, again, complaint_at, make_complaint

pytestmark = pytest.mark.django_db

#: Received on Monday 23 November: the third working day is Thursday the 26th.
THIRD_DAY_ENDS = datetime(2026, 11, 26, 15, 59, 59, tzinfo=UTC)
FRIDAY_MORNING = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)


def business(cast, status="received", **facts):
    return complaint_at(status, cast, regime="business", grade="C", **facts)


def titles(user, kind):
    return list(Message.objects.visible_to(user).filter(kind=kind).values_list("title", flat=True))


@pytest.mark.parametrize("status", ["received", "refusal_review"])
def test_silence_accepts_when_the_third_working_day_has_ended(cast, status):
    complaint = business(cast, status)
    assert accept_undecided(now=THIRD_DAY_ENDS) == []
    assert accept_undecided(now=THIRD_DAY_ENDS + timedelta(seconds=1)) == [complaint.number]
    complaint = again(complaint, cast.office)
    assert complaint.status == "accepted"
    event = ComplaintEvent.objects.unscoped("test").filter(complaint=complaint).latest("id")
    assert (event.actor, event.by_person) == (None, False)
    assert "视为受理" in event.text
    assert AuditEvent.objects.filter(target_key=str(complaint.pk)).latest("id").actor is None
    for person in (cast.office, cast.office_lead):
        assert titles(person, "complaint.accepted_by_silence") == [f"{complaint.number} 视为受理，请在省平台核对"]


def test_silence_accepts_once(cast):
    business(cast)
    assert len(accept_undecided(now=FRIDAY_MORNING)) == 1
    assert accept_undecided(now=FRIDAY_MORNING) == []
    assert len(titles(cast.office, "complaint.accepted_by_silence")) == 1


def test_silence_means_nothing_for_the_hotline_and_for_what_was_decided(cast):
    make_complaint(cast.office)
    decided = business(cast, "refusal_review")
    approval = {"number": "豫营商〔2026〕1号", "on": RECEIVED.date()}
    office.agree_refusal(decided, provincial_approval=approval, actor=cast.office_lead, now=RECEIVED)
    assert accept_undecided(now=FRIDAY_MORNING) == []
    assert {row.status for row in Complaint.objects.unscoped("test")} == {"received", "refused"}


def test_the_office_is_told_once_of_a_missing_provincial_number_in_office_hours(cast):
    complaint = business(cast)
    assert remind_provincial_numbers(now=TUESDAY) == []
    assert remind_provincial_numbers(now=TUESDAY + timedelta(seconds=1)) == []  # midnight
    assert remind_provincial_numbers(now=FRIDAY_MORNING) == [complaint.number]
    assert remind_provincial_numbers(now=FRIDAY_MORNING + timedelta(hours=1)) == []
    assert len(titles(cast.office, "complaint.number_overdue")) == 1


def test_an_entered_number_settles_the_to_do(cast):
    complaint = business(cast)
    assert business_to_dos(cast.office, TUESDAY) == []
    assert [row.title for row in business_to_dos(cast.office, FRIDAY_MORNING)] == [f"{complaint.number} 未录入省平台"]
    assert business_to_dos(cast.reporter, FRIDAY_MORNING) == []
    intake.correct_complaint(complaint, provincial_number="HN-1", actor=cast.office, now=FRIDAY_MORNING)
    assert business_to_dos(cast.office, FRIDAY_MORNING) == []
    assert remind_provincial_numbers(now=FRIDAY_MORNING) == []


def test_the_to_dos_cost_the_same_whatever_their_number(cast, django_assert_num_queries):
    for count in (2, 20):
        for _ in range(count):
            business(cast)
        with django_assert_num_queries(3):  # the calendar's version, the rules, the rows
            assert business_to_dos(cast.office, FRIDAY_MORNING)


def test_the_tasks_stand_in_the_schedule_and_do_no_harm_twice(cast):
    scheduled = {name for name, _ in TABLE}
    assert {
        "complaints.tasks.scan",
        "complaints.tasks.run_business_clocks",
        "accounts.tasks.deliver_outbox",
    } <= scheduled
    for name in scheduled:
        assert callable(import_string(name))
    for _ in range(2):
        tasks.scan()
        tasks.run_business_clocks()
