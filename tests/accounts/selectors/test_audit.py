"""The audit log in words."""

import pytest

from accounts.selectors.audit import act_in_words, audit_events, changes_in_words, kind_in_words
from core.audit import record_event
from tests.factories.accounts import NOW


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (None, None, []),
        ({"status": "draft"}, {"status": "reported"}, ["status：draft → reported"]),
        ({"phone": ""}, {"phone": "0396"}, ["phone：空 → 0396"]),
        (None, {"is_demo": True, "lines": 1}, ["is_demo：是", "lines：1"]),
        (None, {"roles": ["office", "inspector"], "until": None}, ["roles：office、inspector", "until：空"]),
        ({"name": "旧"}, None, ["name：旧"]),
    ],
)
def test_changes_in_words(before, after, lines):
    assert changes_in_words(before, after) == lines


def test_acts_and_kinds_in_words():
    assert act_in_words("accounts.user.sign_in") == "登录"
    assert act_in_words("complaints.complaint.weigh") == "weigh"
    assert kind_in_words("accounts.accountrequest") == "账号申请"
    assert kind_in_words("gone.model") == "gone.model"
    assert kind_in_words("nothing") == "nothing"


@pytest.mark.django_db
def test_nobody_but_the_auditor_gets_a_row(auditor, sysadmin, office_lead):
    record_event(actor=sysadmin, action="a.b.c", target=sysadmin, now=NOW)
    assert audit_events(auditor).count() == 1
    assert audit_events(sysadmin).count() == audit_events(office_lead).count() == 0
