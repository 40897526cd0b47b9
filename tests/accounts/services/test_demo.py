"""Demo accounts: one per role, two per department, opened once and closed for good."""

import pytest
from django.core.management import call_command

from accounts.models import User
from accounts.roles import Role
from accounts.services.demo import DEMO_PASSWORD, close_demo_accounts, open_demo_accounts
from core.exceptions import RuleViolation
from core.models import AuditEvent
from departments.models import Department
from tests.factories.accounts import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def units(department, office_department):
    for order, (code, name) in enumerate((("zfb", "县政府办"), ("dcj", "县督查局")), start=1):
        Department.objects.create(code=code, name=f"西平{name}", short_name=name, official_order=order)
    Department.objects.create(
        code="bcjd", name="柏城街道", short_name="柏城街道", official_order=60, kind=Department.Kind.TOWNSHIP
    )


def test_one_account_per_role_and_two_per_department_but_none_for_townships(units):
    assert open_demo_accounts(now=NOW) == 9 + 2 * 4
    roles = {person.username: person.own_roles for person in User.objects.all()}
    assert roles["office_lead"] == {Role.OFFICE_LEAD}
    assert roles["zjj_head"] == {Role.DEPARTMENT_HEAD}
    assert {name for name in roles if name.startswith("bcjd")} == set()
    assert set().union(*roles.values()) == set(Role)
    homes = dict(User.objects.exclude(department=None).values_list("username", "department__code"))
    assert [homes[name] for name in ("office", "office_lead", "signer", "leader", "inspector", "inspector2")] == [
        "ysb", "ysb", "zfb", "zfb", "dcj", "dcj",
    ]  # fmt: skip


def test_demo_accounts_share_the_published_password_and_owe_nothing(units, client):
    open_demo_accounts(now=NOW)
    person = User.objects.get(username="zjj_reporter")
    assert (person.name, person.is_demo, person.must_change_password) == ("县住建局填报员", True, False)
    assert person.check_password(DEMO_PASSWORD)
    assert not User.objects.get(username="sysadmin").needs_second_factor
    answer = client.post("/login/", {"username": "sysadmin", "password": DEMO_PASSWORD})
    assert answer.status_code == 302
    assert client.get("/console/").status_code == 200


def test_command_may_run_again_and_leaves_what_is_there(units, capsys):
    call_command("load_demo_accounts")
    User.objects.filter(username="zjj_head").update(name="改过的名字")
    events = AuditEvent.objects.count()
    call_command("load_demo_accounts")
    assert "新增 0 个" in capsys.readouterr().out
    assert User.objects.get(username="zjj_head").name == "改过的名字"
    assert AuditEvent.objects.count() == events


def test_departments_come_first(department):
    with pytest.raises(RuleViolation, match="dcj、ysb、zfb"):
        open_demo_accounts(now=NOW)


def test_closed_demo_accounts_let_nobody_in(units, client):
    open_demo_accounts(now=NOW)
    client.post("/login/", {"username": "office", "password": DEMO_PASSWORD})
    assert close_demo_accounts(now=NOW) == 17
    assert client.get("/inbox/").status_code == 302
    assert client.post("/login/", {"username": "office", "password": DEMO_PASSWORD}).status_code == 422
