"""What a complainant does without an account: submit, add material, answer whether it is solved (domain §6).

Also the look-up code by which they prove that the complaint is theirs.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from complaints.identities import code_digest
from complaints.models import CallBack, Complaint, ComplaintEvent, ComplaintFile
from complaints.rules.complaints import is_office
from complaints.services.intake import register_complaint
from complaints.services.moves import attach_files, tell_department, tell_office
from complaints.services.review import record_callback
from core.audit import record_event
from core.exceptions import InvalidInput, InvalidTransition, NotAllowed
from core.personal_data import holds_personal_data
from core.workflow import swap

#: Without what is mistaken for something else when copied by hand: I L O, 0 1.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8
#: Answers of the public page; the others are the office's to judge.
ANSWERS = (CallBack.Result.SATISFIED, CallBack.Result.BASICALLY_SATISFIED, CallBack.Result.DISSATISFIED)


def new_code() -> str:
    """Return a random look-up code; only its digest is stored."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


@transaction.atomic
def submit_publicly(
    facts: dict[str, Any], *, now: datetime, attachments: Sequence[UploadedFile] = ()
) -> tuple[Complaint, str]:
    """Register a business complaint from the public page; return it with its look-up code, shown this once.

    Raises what ``register_complaint`` raises, FileRefused and FileTooLarge.
    """
    code = new_code()
    fixed = {
        "regime": Complaint.Regime.BUSINESS,
        "channel": Complaint.Channel.WEB,
        "type": "complaint",
        "public_code_hash": code_digest(code),
    }
    return register_complaint(facts | fixed, actor=None, now=now, attachments=attachments), code


@transaction.atomic
def issue_code(complaint: Complaint, *, actor, now: datetime) -> tuple[Complaint, str]:
    """Give the complaint a fresh look-up code for a receipt handed over by the office (R1 R2).

    Returns the complaint and the code, shown this once: only its digest is kept. One given before no longer opens
    anything. Who asked for it is on record, because with the code one answers as the complainant.

    Raises NotAllowed for anybody but R1 R2, VersionConflict when somebody changed the row meanwhile.
    """
    if not is_office(actor, complaint):
        raise NotAllowed("查询码由县营商办出具")
    code, replaces = new_code(), bool(complaint.public_code_hash)
    swap(complaint, public_code_hash=code_digest(code))
    ComplaintEvent.objects.create(
        complaint=complaint,
        kind="issue_code",
        label="出具查询码",
        text="原查询码失效" if replaces else "",
        at=now,
        actor=actor,
        round=complaint.current_round,
        by_person=False,  # hands a paper over and handles nothing: a later file may still move the row
    )
    record_event(
        actor=actor, action="complaints.complaint.issue_code", target=complaint, after={"replaces": replaces}, now=now
    )
    return complaint, code


@transaction.atomic
def add_material(
    complaint: Complaint, *, note: str, now: datetime, attachments: Sequence[UploadedFile] = ()
) -> Complaint:
    """Add what the complainant sends later, while the complaint is open; the unit and the office are told.

    Raises InvalidTransition once it is at an end, InvalidInput for nothing at all or private numbers in the text.
    """
    if not complaint.is_open:
        raise InvalidTransition("这件投诉已办结，不能再补充材料")
    if not note.strip() and not attachments:
        raise InvalidInput.at("note", "请填写补充说明或选择附件", code="required")
    if holds_personal_data(note):
        raise InvalidInput.at("note", "补充说明中请不要写手机号、身份证号或车牌号", code="private_data")
    event = ComplaintEvent.objects.create(
        complaint=complaint,
        kind="supplement",
        label="诉求人补充",
        text=note.strip(),
        at=now,
        department=complaint.department,
        round=complaint.current_round,
    )
    attach_files(complaint, attachments, purpose=ComplaintFile.Purpose.SUPPLEMENT, now=now, event=event)
    record_event(
        actor=None,
        action="complaints.complaint.supplement",
        target=complaint,
        after={"files": len(attachments)},
        now=now,
    )
    what = f"supplement:{event.pk}"
    tell_office(complaint, what, "诉求人补充了材料", now=now)
    if complaint.department is not None:
        tell_department(complaint, what, "诉求人补充了材料", now=now)
    return complaint


@transaction.atomic
def rate_publicly(complaint: Complaint, *, result: str, solved: str, now: datetime, note: str = "") -> Complaint:
    """Take the complainant's own answer as the call-back: it closes the complaint, or opens a new round.

    Raises InvalidTransition unless the reply waits for it, InvalidInput for an answer that is not theirs to give.
    """
    if result not in ANSWERS:
        raise InvalidInput.at("result", "请选择满意度")
    if holds_personal_data(note):
        raise InvalidInput.at("note", "说明中请不要写手机号、身份证号或车牌号", code="private_data")
    return record_callback(complaint, result=result, solved=solved, note=note.strip(), actor=None, now=now)
