"""Evidence of an issue: who may add which, uploads, withdrawal (domain §7)."""

from datetime import timedelta

import pytest

from core.exceptions import FileRefused, InvalidInput, InvalidTransition, NotAllowed, RuleViolation
from core.models import AuditEvent
from indicators.models import Evidence
from supervision.models import IssueEvent, IssueEvidence
from supervision.services import clearance, verification
from supervision.services.evidence import add_evidence, upload_issue_evidence, withdraw_evidence
from tests.factories.files import photo, uploaded
from tests.factories.issues import FOUND, again, give, issue_at, make_piece

pytestmark = pytest.mark.django_db
STATES = (
    *("draft", "registered", "assigned", "planning", "rectifying", "verifying", "sustained", "cleared", "revoked"),
)
KEEPERS = {"inspector", "office", "office_lead"}
OWN = {"reporter", "head", "helper"}


def outcome(state: str, role: str, phase: str) -> type[Exception] | None:
    """Return what domain §7 says of a person adding evidence of ``phase`` in ``state``."""
    if role not in KEEPERS | OWN:
        return NotAllowed
    if state in {"cleared", "revoked"}:
        return InvalidTransition
    if phase == "before":
        return None if role in KEEPERS else NotAllowed
    return None if state in {"planning", "rectifying"} else RuleViolation


@pytest.mark.parametrize("state", STATES)
def test_who_may_add_what_in_which_state(state, cast, helper_department, helper, leader, signer, stranger):
    row = issue_at(state, cast, assisting=[helper_department])
    people = {name: getattr(cast, name) for name in ("inspector", "office", "office_lead", "reporter", "head")}
    people |= {"helper": helper, "leader": leader, "signer": signer, "stranger": stranger}
    for phase in ("before", "after"):
        for role, person in people.items():
            expected = outcome(state, role, phase)
            if expected is None:
                give(row, person, phase, title=f"{phase}{role}")
            else:
                with pytest.raises(expected):
                    give(row, person, phase)
            row = again(row, cast.inspector)


def test_evidence_of_after_counts_for_its_round_and_is_told_on_the_timeline(cast):
    row = issue_at("rectifying", cast)
    item = give(row, cast.reporter, title="公示栏")
    assert (item.round, item.phase) == (row.current_round, "after")
    event = IssueEvent.objects.unscoped("test").filter(kind="add_evidence").get()
    assert event.text == "整改后 1 份：公示栏"
    assert AuditEvent.objects.get(action="supervision.issue.add_evidence").after["phase"] == "after"


def test_the_same_piece_is_not_added_twice_but_others_beside_it_are(cast):
    row = issue_at("rectifying", cast)
    first, second = make_piece(cast.reporter), make_piece(cast.reporter)
    add_evidence(row, evidence=[first], phase="after", actor=cast.reporter, now=FOUND)
    with pytest.raises(InvalidInput, match="不必重复添加"):
        add_evidence(row, evidence=[first], phase="after", actor=cast.reporter, now=FOUND)
    added = add_evidence(row, evidence=[first, second, second], phase="after", actor=cast.reporter, now=FOUND)
    assert [one.evidence for one in added] == [second]


@pytest.mark.parametrize(("evidence", "phase"), [((), "after"), ((1,), "verification"), ((1,), "later")])
def test_nothing_or_an_unknown_phase_is_refused(evidence, phase, cast):
    row = issue_at("rectifying", cast)
    pieces = [make_piece(cast.head) for _ in evidence]
    with pytest.raises(InvalidInput):
        add_evidence(row, evidence=pieces, phase=phase, actor=cast.head, now=FOUND)


def test_uploaded_photo_is_redrawn_and_keeps_capture_time_and_the_original_s_hash(cast):
    row = issue_at("rectifying", cast)
    files = [uploaded(photo(), "收费公示栏.jpg"), uploaded("核对表".encode(), "核对表.txt")]
    items = upload_issue_evidence(row, files=files, phase="after", actor=cast.reporter, now=FOUND)
    picture, table = (item.evidence for item in items)
    assert (picture.title, picture.kind, picture.for_review) == ("收费公示栏", "photo", False)
    assert picture.attachment.captured_at is not None
    assert picture.attachment.sha256 != picture.attachment.original_sha256
    assert table.attachment.sha256 == table.attachment.original_sha256


def test_a_refused_file_is_named_and_nothing_is_kept(cast):
    row = issue_at("rectifying", cast)
    files = [uploaded(photo(), "现场.jpg"), uploaded(b"MZ\x90\x00" + b"\x00" * 60, "说明.pdf")]
    with pytest.raises(FileRefused, match=r"“说明\.pdf”未接收"):
        upload_issue_evidence(row, files=files, phase="after", actor=cast.reporter, now=FOUND)
    assert not Evidence.objects.unscoped("test").exists()
    assert again(row, cast.reporter).version == row.version


# --- withdrawal ---------------------------------------------------------------------------------------


def test_uploader_withdraws_with_a_reason_and_the_audit_log_keeps_it(cast):
    row = issue_at("rectifying", cast)
    item = give(row, cast.reporter)
    withdraw_evidence(item, reason="传错照片", actor=cast.reporter, now=FOUND)
    kept = IssueEvidence.objects.unscoped("test").get(pk=item.pk)
    assert (kept.withdrawn_at, kept.withdrawal_reason) == (FOUND, "传错照片")
    line = AuditEvent.objects.get(action="supervision.issue.withdraw_evidence")
    assert (line.before["evidence"], line.purpose) == (item.evidence_id, "传错照片")
    with pytest.raises(RuleViolation, match="本轮还没有整改后的佐证"):
        clearance.request_clearance(again(row, cast.head), actor=cast.head, now=FOUND)


def test_only_the_uploader_withdraws_and_says_why(cast):
    item = give(issue_at("rectifying", cast), cast.reporter)
    with pytest.raises(NotAllowed):
        withdraw_evidence(item, reason="传错照片", actor=cast.head, now=FOUND)
    with pytest.raises(InvalidInput):
        withdraw_evidence(item, reason="  ", actor=cast.reporter, now=FOUND)


@pytest.mark.parametrize("phase", ["before", "after"])
def test_once_clearance_is_asked_nothing_is_withdrawn(phase, cast):
    row = issue_at("rectifying", cast)
    give(row, cast.reporter)
    item = give(row, cast.office, phase)
    clearance.request_clearance(row, actor=cast.reporter, now=FOUND + timedelta(hours=1))
    with pytest.raises(RuleViolation, match="已申请销号"):
        withdraw_evidence(item, reason="传错照片", actor=cast.office, now=FOUND)


def test_what_the_head_gave_back_had_not_been_asked(cast):
    row = issue_at("rectifying", cast)
    item = give(row, cast.reporter)
    clearance.request_clearance(row, actor=cast.reporter, now=FOUND + timedelta(hours=1))
    clearance.return_clearance(row, reason="照片不清", actor=cast.head, now=FOUND + timedelta(hours=2))
    withdraw_evidence(item, reason="照片不清", actor=cast.reporter, now=FOUND + timedelta(hours=3))


def test_evidence_of_an_earlier_round_or_of_a_verification_stays(cast):
    row = issue_at("cleared", cast)
    item = IssueEvidence.objects.unscoped("test").get(phase="after")
    verification.relapse_issue(row, reason="又贴出旧价目", actor=cast.inspector, now=FOUND)
    with pytest.raises(RuleViolation, match="历史轮次"):
        withdraw_evidence(item, reason="传错照片", actor=cast.reporter, now=FOUND)
