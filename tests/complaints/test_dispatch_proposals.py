"""The weekly proposal of a dispatch class knows the complaints on an indicator (domain §4)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.models import Complaint
from complaints.panels import open_matters
from indicators.selectors.dispatch_records import dispatch_records
from indicators.selectors.expectation import dispatch_times
from tests.factories.complaints import DUE, RECEIVED, complaint_at, make_complaint
from tests.factories.dispatch import make_gas

pytestmark = pytest.mark.django_db
#: The working day on which a complaint of RECEIVED is due, and the next.
DUE_DAY, NEXT_DAY = date(2026, 11, 30), date(2026, 12, 1)


@pytest.fixture
def gas(department):
    return make_gas(department)


def test_open_and_overdue_complaints_are_counted(gas, cast):
    complaint_at("handling", cast, indicator=gas)
    make_complaint(cast.office, indicator=gas)
    assert open_matters(DUE_DAY) == {"A08": ["有 2 件投诉在办"]}
    assert open_matters(NEXT_DAY) == {"A08": ["有 2 件投诉在办，其中 1 件超期"]}


def test_what_is_over_irrelevant_confidential_or_of_no_indicator_says_nothing(gas, cast):
    complaint_at("closed", cast, indicator=gas)
    make_complaint(cast.office, indicator=gas, confidential=True)
    make_complaint(cast.office)
    irrelevant = make_complaint(cast.office, indicator=gas)
    Complaint.objects.unscoped("test").filter(pk=irrelevant.pk).update(relevance="no")
    assert open_matters(NEXT_DAY) == {}


def test_the_record_of_a_proposal_holds_the_sentence(gas, cast):
    make_complaint(cast.office, indicator=gas)
    records = dict(dispatch_records(now=DUE + timedelta(hours=10), times=dispatch_times()))
    assert list(records[gas].open_matters) == ["有 1 件投诉在办"]


def test_one_query_however_many(gas, cast):
    for number in (2, 20):
        for _ in range(number):
            make_complaint(cast.office, now=RECEIVED, indicator=gas)
        with CaptureQueriesContext(connection) as queries:
            open_matters(NEXT_DAY)
        assert len(queries) == 1
