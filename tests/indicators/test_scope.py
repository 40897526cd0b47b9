"""Who sees what hangs on an indicator: published and accepted rows everybody, the others whom they concern."""

import pytest

from indicators.models import Observation
from tests.factories.dispatch import make_gas
from tests.factories.indicators import observe

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("person", "seen"),
    [("office", 2), ("leader", 2), ("inspector", 2), ("reporter", 2), ("stranger", 1), ("sysadmin", 0)],
)
def test_values_pending_ones_are_seen_by_those_they_concern_only(request, department, person, seen):
    leaf = make_gas(department).children.get(code="A08.1")
    observe(leaf, 5)
    observe(leaf, 4, standing="pending", accepted_at=None)
    assert Observation.objects.visible_to(request.getfixturevalue(person)).count() == seen
