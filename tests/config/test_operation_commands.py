"""verify_audit, doctor, the generated documents."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.roles import Role
from core import clock
from core.audit import record_event
from core.models import AuditEvent
from core.services.audit import seal_audit
from core.services.field_key import remember_key
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_events():
    user = make_user("office", Role.OFFICE)
    for number in range(3):
        record_event(actor=user, action="test.row.touch", target=user, after={"n": number}, now=clock.now())
    seal_audit()


def test_verify_audit_untouched_log_is_whole(three_events, capsys):
    call_command("verify_audit")
    assert "审计记录完整" in capsys.readouterr().out


@pytest.mark.parametrize(
    "tamper",
    [
        lambda rows: rows.filter(sequence=2).update(purpose="forged"),
        lambda rows: rows.filter(sequence=2).delete(),
        lambda rows: rows.filter(sequence=1).delete(),
        lambda rows: rows.order_by("-sequence")[0].delete(),
        lambda rows: rows.filter(sequence=3).update(seal="0" * 64),
    ],
    ids=["changed", "deleted", "first deleted", "last deleted", "seal changed"],
)
def test_verify_audit_any_tampering_is_found(three_events, tamper):
    tamper(AuditEvent.objects.order_by())
    with pytest.raises(CommandError, match="发现"):
        call_command("verify_audit")


def test_verify_audit_event_unsealed_too_long_is_found_once():
    user = make_user("office", Role.OFFICE)
    record_event(actor=user, action="test.row.touch", target=user, now=clock.now() - timedelta(minutes=11))
    with pytest.raises(CommandError):
        call_command("verify_audit")
    call_command("verify_audit")


def test_doctor_names_what_is_wrong(settings, capsys):
    settings.FIELD_KEY_FILE.chmod(0o644)
    try:
        with pytest.raises(CommandError, match="故障"):
            call_command("doctor")
    finally:
        settings.FIELD_KEY_FILE.chmod(0o600)
    output = capsys.readouterr().out
    assert "chmod 600" in output
    assert "数据表与程序一致" in output


def test_doctor_notices_another_key_and_says_what_is_lost(settings, capsys):
    remember_key(clock.now())
    settings.FIELD_KEY = "another key"
    with pytest.raises(CommandError):
        call_command("doctor")
    assert "已加密的身份信息无法读取，其余数据不受影响" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "expected"), [("workflow_diagrams", "stateDiagram-v2"), ("permission_table", "营商办经办")]
)
def test_generated_document_is_written(tmp_path, command, expected):
    target = tmp_path / "document.md"
    call_command(command, output=target)
    assert expected in target.read_text()
