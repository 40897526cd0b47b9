"""Bulletins as lists and clients read them (api.md): a fixed number of queries, whatever the number of rows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from bulletins.bindings import filled, names_in, text_in
from bulletins.models import Bulletin, BulletinFile, Receipt
from bulletins.rules.wording.phrases import closed_up
from bulletins.selectors.receipts import missing_receipts
from bulletins.selectors.sources import Source, sources_of
from bulletins.workflow import BULLETIN

Numbers = Mapping[str, Mapping[str, Any]]
#: What a list reads; never the snapshot, which is long.
COLUMNS = (
    *("id", "number", "kind", "period", "from_on", "to_on", "cut_off", "title", "status", "version"),
    *("document_number", "issue_number", "issued_on", "issued_at", "drafted_at", "snapshot_sha256"),
    *("send_back_reason", "correction_reason", "void_reason", "corrects__number", "signed_by__name"),
)


class RowReader:
    """Shapes rows for one reader; per page one query each for corrections, files and the reader's receipts."""

    def __init__(self, user):
        self.user = user

    def read(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return ``rows`` (as ``.values(*COLUMNS)``) as the contract names them."""
        keys = [row["id"] for row in rows]
        corrections, files, received = self._corrections(keys), self._files(keys), self._received(keys)
        return [self._shape(row, corrections, files, received) for row in rows]

    def _corrections(self, keys: list[int]) -> dict[int, str]:
        rows = Bulletin.objects.visible_to(self.user).filter(corrects__in=keys).exclude(status=Bulletin.Status.VOIDED)
        return dict(rows.order_by("id").values_list("corrects", "number"))

    def _files(self, keys: list[int]) -> dict[int, list[dict[str, Any]]]:
        found = defaultdict(list)
        rows = BulletinFile.objects.unscoped("of papers the reader sees").filter(bulletin__in=keys)
        for row in rows.order_by("format").values("bulletin", "format", "sha256", "size"):
            found[row.pop("bulletin")].append(row)
        return found

    def _received(self, keys: list[int]) -> set[int]:
        """Return the papers the reader's department has signed receipt for."""
        own = self.user.scope_department_id
        if own is None:
            return set()
        rows = Receipt.objects.unscoped("of papers the reader sees").filter(bulletin__in=keys, department=own)
        return set(rows.values_list("bulletin", flat=True))

    def _shape(self, row, corrections, files, received) -> dict[str, Any]:
        kind, status = Bulletin.Kind(row["kind"]), Bulletin.Status(row["status"])
        judged = Bulletin(pk=row["id"], status=status, kind=kind)
        judged.acknowledged_by = {self.user.scope_department_id} if row["id"] in received else set()
        own_files = files.get(row["id"], [])
        return {
            "id": row["id"],
            "number": row["number"],
            "kind": kind.value,
            "kind_label": kind.label,
            "period": row["period"],
            "from": row["from_on"],
            "to": row["to_on"],
            "cut_off": row["cut_off"],
            "title": row["title"],
            "status": status.value,
            "status_label": status.label,
            "version": row["version"],
            "actions": [act.name for act in BULLETIN.available(judged, self.user)],
            "document_number": row["document_number"] or None,
            "issue_number": row["issue_number"] or None,
            "issued_on": row["issued_on"],
            "issued_at": row["issued_at"],
            "drafted_at": row["drafted_at"],
            "signed_by": row["signed_by__name"],
            "send_back_reason": row["send_back_reason"],
            "corrects": row["corrects__number"],
            "correction_reason": row["correction_reason"],
            "corrected_by": corrections.get(row["id"]),
            "void_reason": row["void_reason"],
            "acknowledged": row["id"] in received,
            "snapshot_sha256": row["snapshot_sha256"],
            "sha256": next((file["sha256"] for file in own_files if file["format"] == "docx"), None),
            "files": own_files,
        }


def bulletin_row(bulletin: Bulletin, *, user, today: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """Return one paper whole: the row with sections, receipts and who has not signed one.

    It is read again by its key: who has just acted gets the answer although the act may have taken the row away.

    Args:
        today: the numbers the same calculation gives now, for a paper that is not yet issued; None for a frozen one.
    """
    rows = Bulletin.objects.unscoped("fetched through the user before the act").filter(pk=bulletin.pk)
    row = RowReader(user).read(rows.values(*COLUMNS))[0]
    receipts = bulletin.receipts.select_related("department", "user").order_by("at", "id")
    is_out = bulletin.status in Bulletin.PUBLISHED
    sources = {source.name: source for source in sources_of(bulletin, today)}
    return row | {
        "opening": bulletin.opening,
        "issuer": bulletin.issuer,
        "addressee": bulletin.addressee,
        "copies_to": bulletin.copies_to,
        "sections": [
            section_row(section, bulletin.snapshot["numbers"], today, sources) for section in bulletin.sections.all()
        ],
        "receipts": [
            {
                "department": one.department.code,
                "department_label": one.department.short_name,
                "by": one.user.name,
                "at": one.at,
            }
            for one in receipts
        ],
        "missing_receipts": [unit["code"] for unit in missing_receipts(bulletin)] if is_out else [],
    }


def section_row(section, numbers: Numbers, today: Numbers | None, sources: Mapping[str, Source]) -> dict[str, Any]:
    """Return a section with its words, what they read as, and where each number comes from."""
    return {
        "key": section.key,
        "title": section.title,
        "text": section.text,
        "rendered": closed_up(filled(section.text, numbers)),
        "edited": section.edited,
        "version": section.version,
        "bindings": [
            binding_row(sources[name], numbers, numbers if today is None else today)
            for name in names_in(section.text)
            if name in sources
        ],
    }


def binding_row(source: Source, numbers: Numbers, now: Numbers) -> dict[str, Any]:
    """Return one bound number: as the paper prints it, and as the same calculation at the same cut-off gives it now.

    ``stale`` is what the page marks: it moved and nobody has decided; ``kept`` that somebody chose the printed one.
    """
    name, current = source.name, now.get(source.name)
    return {
        "name": name,
        "label": source.label,
        "value": numbers[name]["value"],
        "text": source.text,
        "current": current["value"] if current else None,
        "current_text": text_in(now, name),
        "stale": source.is_stale,
        "kept": source.is_declined,
        "group": source.group,
        "url": source.url,
    }
