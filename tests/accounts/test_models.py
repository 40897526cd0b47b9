"""Users: roles in effect, deputies, and what ends their sessions."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Message, User
from accounts.roles import Role
from accounts.services import notify
from core.access import Permission
from tests.factories.accounts import NOW, make_deputy, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)


def test_roles_add_up(office_department):
    person = make_user("both", Role.OFFICE, Role.INSPECTOR, department=office_department)
    assert person.can(Permission.REVIEW_REPORTS)
    assert person.has_role(Role.INSPECTOR, Role.SIGNER)
    assert not person.has_role(Role.SIGNER)
    assert person.role_labels == ["营商办经办", "督查员"]


def test_deputy_acts_in_the_absent_persons_roles_only(head, reporter):
    reporter.acting_for = head
    assert reporter.roles == {Role.DEPARTMENT_HEAD}
    assert reporter.own_roles == {Role.REPORTER}
    assert reporter.scope_department_id == head.department_id
    assert reporter.can(Permission.APPROVE_REPORTS)


@pytest.mark.parametrize(("offset", "may"), [(-1, False), (0, True), (2, True), (3, False)])
def test_may_act_for_follows_the_dates(head, reporter, offset, may):
    make_deputy(head, reporter, TODAY, TODAY + timedelta(days=2))
    assert reporter.may_act_for(head, TODAY + timedelta(days=offset)) is may


def test_nobody_acts_for_a_disabled_account(head, reporter):
    make_deputy(head, reporter, TODAY, TODAY)
    head.is_active = False
    assert not reporter.may_act_for(head, TODAY)


def test_deputy_without_dates_is_refused_by_the_database(head, reporter):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=head.pk).update(deputy=reporter)


def test_session_hash_changes_with_password_and_epoch(reporter):
    before = reporter.get_session_auth_hash()
    reporter.session_epoch += 1
    raised = reporter.get_session_auth_hash()
    reporter.set_password("Another-word-9")
    assert len({before, raised, reporter.get_session_auth_hash()}) == 3


@pytest.mark.parametrize(
    ("roles", "is_demo", "second_factor", "devices"),
    [
        ({Role.REPORTER}, False, False, True),
        ({Role.REPORTER, Role.DEPARTMENT_HEAD}, False, False, True),
        ({Role.OFFICE}, False, False, False),
        ({Role.REPORTER, Role.INSPECTOR}, False, False, False),
        ({Role.SYSTEM_ADMINISTRATOR}, False, True, False),
        ({Role.AUDITOR}, False, True, False),
        ({Role.SECURITY_ADMINISTRATOR}, True, False, False),
        (set(), False, False, False),
    ],
)
def test_who_needs_a_second_factor_and_who_may_trust_devices(roles, is_demo, second_factor, devices):
    person = make_user("person", *roles, is_demo=is_demo)
    assert person.needs_second_factor is second_factor
    assert person.may_trust_devices is devices


def test_messages_are_seen_by_their_person_and_the_deputy(head, reporter, stranger):
    notify([head], kind="k", title="t", url="/", key="k", now=NOW)
    assert Message.objects.visible_to(head).count() == 1
    assert Message.objects.visible_to(reporter).count() == 0
    reporter.acting_for = head
    assert Message.objects.visible_to(reporter).count() == 1
    assert Message.objects.visible_to(stranger).count() == 0
