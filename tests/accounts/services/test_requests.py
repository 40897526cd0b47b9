"""Account administration by two people: proposing, approving, and what an approval changes."""

from datetime import date

import pytest

from accounts.models import AccountRequest, ApiToken, Message, User
from accounts.roles import Role
from accounts.services import issue_token
from accounts.services.requests import (
    approve_request,
    propose_department,
    propose_disabling,
    propose_enabling,
    propose_roles,
    refuse_request,
    withdraw_request,
)
from core.exceptions import InvalidInput, InvalidTransition, NotAllowed, RuleViolation, VersionConflict
from core.models import AuditEvent
from core.settings_registry import change_setting
from tests.factories.accounts import NOW, make_deputy, make_service_account, make_user, propose

pytestmark = pytest.mark.django_db


def fields_of(refusal) -> list[str]:
    return [error["field"] for error in refusal.value.errors]


class TestProposing:
    def test_nothing_changes_before_approval_and_deciders_are_told(self, sysadmin, secadmin, department):
        row = propose(sysadmin, department=department)
        assert row.status == "pending"
        assert not User.objects.filter(username="wsj_reporter").exists()
        message = Message.objects.visible_to(secadmin).get()
        assert message.url == row.get_absolute_url()
        event = AuditEvent.objects.get(action="accounts.accountrequest.propose")
        assert event.after["roles"] == ["reporter"]
        assert event.purpose == "新到岗"

    @pytest.mark.parametrize("name", ["secadmin", "auditor", "office_lead", "head"])
    def test_only_the_system_administrator_proposes(self, name, request, department):
        with pytest.raises(NotAllowed):
            propose(request.getfixturevalue(name), department=department)

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"username": "王五"}, "username"),
            ({"username": "ab"}, "username"),
            ({"username": "Wsj"}, "username"),
            ({"username": "sysadmin"}, "username"),
            ({"roles": ()}, "roles"),
            ({"roles": ("emperor",)}, "roles"),
            ({"roles": ("sysadmin", "secadmin")}, "roles"),
            ({"roles": ("office", "auditor")}, "roles"),
            ({"roles": ("auditor",), "is_service": True}, "roles"),
            ({"roles": ("reporter",), "department": None}, "department"),
        ],
    )
    def test_impossible_account_is_refused_at_its_field(self, fields, field, sysadmin, department):
        with pytest.raises(InvalidInput) as refusal:
            propose(sysadmin, **{"department": department} | fields)
        assert fields_of(refusal) == [field]
        assert AccountRequest.objects.unscoped("test").count() == 0

    def test_small_office_may_join_system_and_security_administration(self, sysadmin):
        change_setting("accounts.small_office", "是", actor=sysadmin, now=NOW)
        assert propose(sysadmin, roles=("sysadmin", "secadmin")).status == "pending"

    def test_second_request_for_the_same_account_waits_for_the_first(self, sysadmin, department):
        propose(sysadmin, department=department)
        with pytest.raises(RuleViolation, match="待审批"):
            propose(sysadmin, department=department)

    def test_change_that_changes_nothing_is_refused(self, sysadmin, reporter, department):
        with pytest.raises(InvalidInput):
            propose_roles(reporter, actor=sysadmin, now=NOW, roles=["reporter"], reason="无")
        with pytest.raises(InvalidInput):
            propose_department(reporter, actor=sysadmin, now=NOW, department=department, reason="无")
        with pytest.raises(RuleViolation):
            propose_enabling(reporter, actor=sysadmin, now=NOW, reason="无")

    def test_last_security_administrator_stays(self, sysadmin, secadmin):
        with pytest.raises(RuleViolation, match="唯一"):
            propose_disabling(secadmin, actor=sysadmin, now=NOW, reason="离岗")
        make_user("second", Role.SECURITY_ADMINISTRATOR)
        assert propose_disabling(secadmin, actor=sysadmin, now=NOW, reason="离岗").status == "pending"

    def test_reason_is_asked_for(self, sysadmin, reporter):
        with pytest.raises(InvalidInput) as refusal:
            propose_disabling(reporter, actor=sysadmin, now=NOW, reason="  ")
        assert fields_of(refusal) == ["reason"]


class TestDeciding:
    def test_approval_creates_the_account_without_a_usable_password(self, sysadmin, secadmin, department):
        row = approve_request(propose(sysadmin, department=department), actor=secadmin, now=NOW, note="同意")
        person = User.objects.get(username="wsj_reporter")
        assert row.user == person
        assert (person.department, person.own_roles) == (department, {"reporter"})
        assert person.must_change_password
        assert not person.has_usable_password()
        assert Message.objects.visible_to(sysadmin).get().title.startswith("已通过")
        assert not Message.objects.visible_to(secadmin).filter(read_at=None).exists()
        actions = set(AuditEvent.objects.values_list("action", flat=True))
        assert {"accounts.accountrequest.approve", "accounts.user.create"} <= actions

    def test_approval_of_roles_ends_sessions_and_deputies(self, sysadmin, secadmin, reporter, head):
        make_deputy(reporter, head, date(2026, 11, 1), date(2026, 12, 1))
        make_deputy(head, reporter, date(2026, 11, 1), date(2026, 12, 1))
        epoch = reporter.session_epoch
        row = propose_roles(reporter, actor=sysadmin, now=NOW, roles=["dept_head"], reason="任职")
        approve_request(row, actor=secadmin, now=NOW)
        for person in (reporter, head):
            person.refresh_from_db()
            assert person.deputy is None
        assert User.objects.get(pk=reporter.pk).own_roles == {"dept_head"}
        assert reporter.session_epoch == epoch + 1

    def test_approval_moves_a_person(self, sysadmin, secadmin, reporter, other_department):
        row = propose_department(reporter, actor=sysadmin, now=NOW, department=other_department, reason="调动")
        approve_request(row, actor=secadmin, now=NOW)
        reporter.refresh_from_db()
        assert reporter.department == other_department

    def test_disabled_account_loses_its_tokens_and_can_be_enabled_again(self, sysadmin, secadmin):
        program = make_service_account()
        words = {"name": "取数", "scope": "read", "days": 30, "allowed_addresses": []}
        issue_token(program, actor=sysadmin, now=NOW, **words)
        approve_request(propose_disabling(program, actor=sysadmin, now=NOW, reason="停"), actor=secadmin, now=NOW)
        program.refresh_from_db()
        assert not program.is_active
        assert ApiToken.objects.unscoped("test").get().revoked_at == NOW
        approve_request(propose_enabling(program, actor=sysadmin, now=NOW, reason="用"), actor=secadmin, now=NOW)
        program.refresh_from_db()
        assert program.is_active

    def test_nobody_approves_their_own(self, sysadmin, secadmin, department):
        both = make_user("both", Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR)
        row = propose(both, department=department)
        with pytest.raises(NotAllowed):
            approve_request(row, actor=both, now=NOW)
        assert not User.objects.filter(username="wsj_reporter").exists()

    def test_what_became_impossible_is_refused_and_stays_open(self, sysadmin, secadmin, department):
        row = propose(sysadmin, department=department)
        make_user("wsj_reporter", Role.REPORTER, department=department)
        with pytest.raises(RuleViolation, match="已被使用"):
            approve_request(row, actor=secadmin, now=NOW)
        row.refresh_from_db()
        assert (row.status, row.decided_by) == ("pending", None)

    def test_setting_taken_back_meanwhile_stops_the_approval(self, sysadmin, secadmin):
        change_setting("accounts.small_office", True, actor=sysadmin, now=NOW)
        row = propose(sysadmin, roles=("sysadmin", "secadmin"))
        change_setting("accounts.small_office", False, actor=sysadmin, now=NOW)
        with pytest.raises(RuleViolation, match="互不兼任"):
            approve_request(row, actor=secadmin, now=NOW)

    def test_refusal_needs_a_reason_and_changes_nothing(self, sysadmin, secadmin, department):
        row = propose(sysadmin, department=department)
        with pytest.raises(InvalidInput):
            refuse_request(row, actor=secadmin, now=NOW, reason=" ")
        refuse_request(row, actor=secadmin, now=NOW, reason="不符合规定")
        assert row.status == "rejected"
        assert not User.objects.filter(username="wsj_reporter").exists()
        assert Message.objects.visible_to(sysadmin).get().title.startswith("未通过")

    def test_decided_request_is_decided(self, sysadmin, secadmin, department):
        row = refuse_request(propose(sysadmin, department=department), actor=secadmin, now=NOW, reason="否")
        with pytest.raises(InvalidTransition):
            approve_request(row, actor=secadmin, now=NOW)

    def test_two_deciders_at_once_one_wins(self, sysadmin, secadmin, department):
        row = propose(sysadmin, department=department)
        seen_by_the_other = AccountRequest.objects.visible_to(secadmin).get(pk=row.pk)
        second = make_user("second", Role.SECURITY_ADMINISTRATOR)
        approve_request(row, actor=secadmin, now=NOW)
        with pytest.raises(VersionConflict):
            refuse_request(seen_by_the_other, actor=second, now=NOW, reason="晚了一步")

    def test_withdrawn_request_makes_room_for_another(self, sysadmin, department):
        row = propose(sysadmin, department=department)
        withdraw_request(row, actor=sysadmin, now=NOW)
        assert propose(sysadmin, department=department).status == "pending"
