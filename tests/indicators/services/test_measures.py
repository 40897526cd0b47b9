"""The work plan."""

import pytest

from accounts.models import Message
from core.exceptions import NotAllowed
from core.models import AuditEvent
from indicators.services.measures import add_measure, note_measure, set_measure_state


@pytest.fixture
def measure(gas, department, office, now):
    return add_measure(gas, text="推行零跑腿报装", department=department, actor=office, now=now)


def test_measure_without_a_date_is_ongoing_and_its_department_is_told(gas, department, office, reporter, now):
    measure = add_measure(gas, text="推行零跑腿报装", department=department, actor=office, now=now)
    assert (measure.is_ongoing, measure.progress_state) == (True, "open")
    assert Message.objects.visible_to(reporter).count() == 1


@pytest.mark.parametrize(
    ("person", "allowed"),
    [("office", True), ("reporter", True), ("head", True), ("stranger", False), ("leader", False), ("auditor", False)],
)
def test_progress_is_noted_by_the_office_and_the_own_department(measure, now, request, person, allowed):
    actor = request.getfixturevalue(person)
    if allowed:
        assert note_measure(measure, text="已上线", actor=actor, now=now).author == actor
        assert AuditEvent.objects.filter(action="indicators.indicator.note_measure").count() == 1
    else:
        with pytest.raises(NotAllowed):
            note_measure(measure, text="已上线", actor=actor, now=now)


def test_state_is_changed_by_the_office(measure, office, reporter, now):
    assert set_measure_state(measure, state="done", actor=office, now=now).progress_state == "done"
    with pytest.raises(NotAllowed):
        set_measure_state(measure, state="open", actor=reporter, now=now)
