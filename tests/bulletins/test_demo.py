"""The demonstration's bulletins: eight issued weeks, last week's draft, once (api.md, Demo run)."""

from datetime import datetime

import pytest
from django.core.management import call_command

from accounts.models import Message
from accounts.services.demo import open_demo_accounts
from bulletins.demo.loading import load_demo_bulletins
from bulletins.models import Bulletin
from bulletins.selectors.receipts import missing_receipts
from bulletins.services.schedule import draft_due
from core.dates import SHANGHAI
from core.exceptions import RuleViolation

NOW = datetime(2026, 11, 25, 19, 0, tzinfo=SHANGHAI)
pytestmark = pytest.mark.django_db


def test_demo_accounts_come_first():
    with pytest.raises(RuleViolation, match="load_demo"):
        load_demo_bulletins(now=NOW)


def test_eight_weeks_are_issued_and_last_week_stands_in_draft():
    call_command("load_departments", verbosity=0)
    open_demo_accounts(now=NOW)
    assert load_demo_bulletins(now=NOW) == 9
    assert load_demo_bulletins(now=NOW) == 0
    papers = Bulletin.objects.unscoped("test").order_by("from_on")
    assert [(one.period, one.status) for one in papers] == [
        *[(f"2026W{week}", "issued") for week in range(39, 47)],
        ("2026W47", "draft"),
    ]
    assert [one.document_number for one in papers][:2] == ["西营商〔2026〕1号", "西营商〔2026〕2号"]
    assert missing_receipts(papers[7])
    unread = Message.objects.unscoped("test").filter(kind="bulletin.issued", read_at=None)
    assert set(unread.values_list("url", flat=True)) == {papers[7].get_absolute_url()}
    assert not [one for one in draft_due(now=NOW) if one.kind == "notice"]
