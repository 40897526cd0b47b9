"""发文稿纸: who drafted, reviewed and signed, with names and times; it stays with the office (domain §8)."""

from bulletins.documents.paper import annexes_of, number_shown
from bulletins.models import Bulletin
from bulletins.selectors.details import absent_by_act
from core.deputies import both_names
from core.documents import SigningSheet, SigningStep


def signing_sheet_of(bulletin: Bulletin) -> SigningSheet:
    """Return the sheet with the steps taken so far; what is still open is blank."""
    absent = absent_by_act(bulletin)
    return SigningSheet(
        issuer=bulletin.issuer,
        title=bulletin.title,
        number=number_shown(bulletin),
        steps=[
            _step(
                "拟稿", bulletin.submitted_by or bulletin.drafted_by, bulletin.submitted_at, absent.get("submit", "")
            ),
            _step("核稿", bulletin.approved_by, bulletin.approved_at, absent.get("approve", "")),
            _step("签发", bulletin.signed_by, bulletin.issued_at, absent.get("sign", "")),
        ],
        addressee=bulletin.addressee,
        copies_to=bulletin.copies_to,
        annexes=[annex.title for annex in annexes_of(bulletin)],
    )


def _step(role: str, person, at, absent: str) -> SigningStep:
    if person is None:
        return SigningStep(role)
    department = person.department.short_name if person.department_id else ""
    return SigningStep(role, name=both_names(person.name, absent), department=department, at=at)
