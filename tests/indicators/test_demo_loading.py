"""The demonstration is loaded into an installation that has none: at any hour, and not before the catalogue."""

from datetime import date, datetime

import pytest

from accounts.models import Message
from core.dates import SHANGHAI
from core.exceptions import RuleViolation
from core.models import AuditEvent
from departments.services import load_departments
from indicators.demo.loading import load_demo
from indicators.demo.plan import SILENT
from indicators.models import DailyReport
from indicators.services.catalogue_file import load_catalogue, read_catalogue

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 11, 25, 18, 0, tzinfo=SHANGHAI)


def reports(**filters):
    return DailyReport.objects.unscoped("what the demonstration holds").filter(**filters)


@pytest.mark.parametrize(
    ("moment", "latest"),
    [
        (datetime(2026, 11, 25, 2, 0, tzinfo=SHANGHAI), date(2026, 11, 25)),
        (datetime(2026, 10, 4, 12, 0, tzinfo=SHANGHAI), date(2026, 9, 30)),
    ],
    ids=["before office hours", "in the holidays"],
)
def test_loads_at_any_hour_of_any_day(moment, latest):
    load_departments(now=moment)
    load_catalogue(read_catalogue(), year=2026, now=moment)
    load_demo(now=moment)
    assert reports().dates("date", "day").count() >= 60
    assert reports(date__gt=latest).count() == reports(date=latest, indicator__code__in=SILENT).count() == 0
    assert not reports(submitted_at__gt=moment).exists()
    assert not reports(accepted_at__gt=moment).exists()
    assert not AuditEvent.objects.filter(at__gt=moment).exists()
    assert not Message.objects.unscoped("what the demonstration holds").filter(created_at__gt=moment).exists()


def test_load_without_the_catalogue_says_what_to_run():
    with pytest.raises(RuleViolation, match="load_departments"):
        load_demo(now=EVENING)
    load_departments(now=EVENING)
    with pytest.raises(RuleViolation, match="load_catalogue"):
        load_demo(now=EVENING)
