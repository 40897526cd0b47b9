"""Importing a spreadsheet: upload, preview, commit, undo. One function per act, for both doors.

Small files are done at once, long ones by the worker (:data:`LARGEST_AT_ONCE`); either way what can be
told from the file as a whole is refused by the upload itself.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from core.audit import record_event
from core.encryption import decrypt, encrypt
from core.exceptions import InvalidInput, NotAllowed, RuleViolation, VersionConflict
from core.import_kinds import ImportKind, ImportRun, Saved, import_kind
from core.models import ImportBatch, ImportRow, Job
from core.selectors.imports import earlier_upload, journal_of, undo_until
from core.services.imports.findings import Findings, judge_table, listed, unknown_departments
from core.services.jobs import Progress, queue_job, register_job_kind, silent_progress
from core.spreadsheets import ReadRow, Table, read_table
from core.spreadsheets.limits import LARGEST_FILE, too_large
from core.workflow import swap
from core.workflows import IMPORT_BATCH

LARGEST_AT_ONCE = 300
"""Rows that are previewed, committed or undone within the request."""
ACTS = {"preview": "核对", "commit": "导入", "undo": "撤销"}

_WHY = "the worker goes on with what its starter was allowed to start"


def upload_import(
    upload,
    *,
    kind_code: str,
    department_mapping: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
    actor,
    now: datetime,
) -> ImportBatch:
    """Take a spreadsheet and preview it (domain §6, Import).

    Args:
        upload: the uploaded file (name, size, ``read()``).
        kind_code: a registered kind.
        department_mapping: names in the file → department codes.
        options: what the kind's ``option_names`` take for all rows; others are left out.

    Returns:
        The batch: ``previewed``, or still ``uploaded`` with a job when the file is long.

    Raises:
        NotAllowed: not this person's kind.
        InvalidInput: unknown kind, department code or option.
        FileRefused, FileTooLarge: the file as a whole is refused (oracles §5, File).
    """
    kind = _kind_for(actor, kind_code)
    mapping = _checked_mapping(kind, department_mapping or {})
    chosen = {name: value for name, value in (options or {}).items() if name in kind.option_names and value}
    kind.check_options(chosen, actor=actor)
    if upload.size > LARGEST_FILE:
        raise too_large()
    data = upload.read()
    run = ImportRun(actor, now, mapping, chosen)
    table = read_table(data, kind.columns(run))
    with transaction.atomic():
        batch = IMPORT_BATCH.enter(
            ImportBatch,
            ImportBatch.Status.UPLOADED,
            kind=kind.code,
            file=ContentFile(encrypt(data), name="upload"),
            file_name=upload.name[-200:],
            file_size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            department_mapping=mapping,
            options=chosen,
            rows=len(table),
            unmapped_columns=[{"sheet": sheet, "columns": list(columns)} for sheet, columns in table.unmapped],
            created_by=actor,
            created_at=now,
        )
        record_event(
            actor=actor,
            action="core.importbatch.upload",
            target=batch,
            after={"kind": kind.code, "file": batch.file_name, "sha256": batch.sha256, "rows": batch.rows},
            now=now,
        )
        if batch.rows > LARGEST_AT_ONCE:
            return _hand_over(batch, "preview", actor=actor, now=now)
    return _preview(batch, table, run, progress=silent_progress)


def map_departments(batch: ImportBatch, *, department_mapping: Mapping[str, str], actor, now: datetime) -> ImportBatch:
    """Preview ``batch`` again with further department names mapped to codes.

    Raises:
        NotAllowed, InvalidTransition, RuleViolation, VersionConflict: as every act on a batch.
        InvalidInput: a code nobody has.
    """
    IMPORT_BATCH.check("preview", batch, actor=actor)
    mapping = batch.department_mapping | _checked_mapping(import_kind(batch.kind), department_mapping)
    swap(batch, department_mapping=mapping)
    if batch.rows > LARGEST_AT_ONCE:
        return _hand_over(batch, "preview", actor=actor, now=now)
    run, table = _read_again(batch, actor, now)
    return _preview(batch, table, run, progress=silent_progress)


def commit_import(batch: ImportBatch, *, actor, now: datetime) -> ImportBatch:
    """Write the good rows of a previewed batch, all or none.

    Rows are judged anew: what was imported by somebody else since the preview is a duplicate by now.
    Faulty rows are left out; they stay in ``errors`` and in the failed-rows workbook.

    Raises:
        NotAllowed, InvalidTransition, RuleViolation, VersionConflict: as every act on a batch.
    """
    IMPORT_BATCH.check("commit", batch, actor=actor)
    if batch.rows > LARGEST_AT_ONCE:
        return _hand_over(batch, "commit", actor=actor, now=now)
    return _commit(batch, actor=actor, now=now, progress=silent_progress)


def undo_import(batch: ImportBatch, *, actor, now: datetime) -> ImportBatch:
    """Take back a committed batch within 7 days, as long as nobody has touched its rows since.

    Raises:
        RuleViolation: too late, or touched rows, which are named; besides those of every act.
    """
    IMPORT_BATCH.check("undo", batch, actor=actor)
    _refuse_late_undo(batch, now)
    if batch.rows > LARGEST_AT_ONCE:
        return _hand_over(batch, "undo", actor=actor, now=now)
    return _undo(batch, actor=actor, now=now)


# --- the work itself, done at once or by the worker ---------------------------------------------
def _preview(batch: ImportBatch, table: Table, run: ImportRun, *, progress: Callable[[int, int], None]) -> ImportBatch:
    kind = import_kind(batch.kind)
    findings = judge_table(kind, table, run, progress=progress)
    facts = _facts(kind, findings, run)
    facts["warnings"] = _same_file(batch) + facts["warnings"]
    return IMPORT_BATCH.apply(
        "preview", batch, actor=run.actor, now=run.now, audit=findings.totals(), **findings.totals(), **facts
    )


def _commit(batch: ImportBatch, *, actor, now: datetime, progress: Callable[[int, int], None]) -> ImportBatch:
    run, table = _read_again(batch, actor, now)
    kind = import_kind(batch.kind)
    progress(0, len(table))
    try:
        with transaction.atomic():
            findings = judge_table(kind, table, run, progress=silent_progress)
            facts = _facts(kind, findings, run) | {"result": findings.totals()}
            facts["warnings"] = [entry for entry in batch.warnings if entry["row"] is None] + facts["warnings"]
            IMPORT_BATCH.apply(
                "commit",
                batch,
                actor=actor,
                now=now,
                audit=findings.totals(),
                committed_by=actor,
                committed_at=now,
                **facts,
            )
            saved = kind.commit_rows(findings.good, run)
            kind.finish(run)
            journal = (
                _written(batch, row, action, written)
                for (row, action), written in zip(findings.good, saved, strict=True)
            )
            ImportRow.objects.bulk_create(journal, batch_size=500)
    except IntegrityError as error:
        raise VersionConflict("导入期间有人写入了相同的数据，本次没有写入任何内容。请重新上传核对") from error
    return batch


def _written(batch: ImportBatch, row: ReadRow, action: str, saved: Saved) -> ImportRow:
    return ImportRow(
        batch=batch, sheet=row.sheet or "", row=row.row, action=action, target=saved.target, before=saved.before
    )


def _undo(batch: ImportBatch, *, actor, now: datetime) -> ImportBatch:
    kind, journal = import_kind(batch.kind), list(journal_of(batch))
    run = ImportRun(actor, now, batch.department_mapping, batch.options)
    with transaction.atomic():
        assert batch.committed_at is not None  # or there were nothing to undo
        if touched := kind.touched_since(journal, batch.committed_at):
            named = "、".join(touched[:5]) + ("等" if len(touched) > 5 else "")
            raise RuleViolation(f"导入后已有人办理其中 {len(touched)} 条（{named}），不能撤销")
        IMPORT_BATCH.apply("undo", batch, actor=actor, now=now, audit={"rows": len(journal)}, undone_at=now)
        kind.undo_rows(journal, run)
    return batch


# --- background -----------------------------------------------------------------------------------
def _hand_over(batch: ImportBatch, act: str, *, actor, now: datetime) -> ImportBatch:
    """Queue ``act``; the version rises, so a second click meets a busy batch."""
    with transaction.atomic():
        job = queue_job(
            f"import_{act}",
            label=f"{ACTS[act]}《{batch.file_name}》",
            arguments={"batch": batch.pk},
            actor=actor,
            now=now,
            total=batch.rows,
            next_url=batch.get_absolute_url(),
        )
        swap(batch, job=job)
    batch.refresh_from_db()  # where tasks run eagerly, the work may be done by now
    return batch


def _in_hand(job: Job) -> ImportBatch:
    """Return the job's batch as the worker sees it: its own job does not make it busy."""
    batch = ImportBatch.objects.unscoped(_WHY).get(pk=job.arguments["batch"])
    batch.job = None
    return batch


def _run_preview(job: Job, progress: Progress, now: datetime) -> None:
    batch = _in_hand(job)
    if batch.status not in IMPORT_BATCH.transitions["preview"].sources:  # delivered twice, and gone on since
        return
    try:
        run, table = _read_again(batch, job.created_by, now)
        _preview(batch, table, run, progress=progress)
    except Exception:
        if batch.status == ImportBatch.Status.UPLOADED:
            IMPORT_BATCH.apply("fail", batch, actor=None, now=now, failure="核对时出错，请重新上传")
        raise


def _run_commit(job: Job, progress: Progress, now: datetime) -> None:
    batch = _in_hand(job)
    if batch.status == ImportBatch.Status.PREVIEWED:
        _commit(batch, actor=job.created_by, now=now, progress=progress)


def _run_undo(job: Job, progress: Progress, now: datetime) -> None:
    batch = _in_hand(job)
    if batch.status == ImportBatch.Status.COMMITTED:
        _undo(batch, actor=job.created_by, now=now)


register_job_kind("import_preview", _run_preview)
register_job_kind("import_commit", _run_commit)
register_job_kind("import_undo", _run_undo)


# --- checks and facts -----------------------------------------------------------------------------
def _kind_for(actor, code: str) -> ImportKind:
    try:
        kind = import_kind(code)
    except KeyError:
        raise InvalidInput.at("kind", "没有这一类导入", code="unknown_kind") from None
    if not actor.can(kind.permission):
        raise NotAllowed(f"您的角色不能导入{kind.label}，请联系县营商办")
    return kind


def _checked_mapping(kind: ImportKind, mapping: Mapping[str, str]) -> dict[str, str]:
    """Return the mapping without empty choices; InvalidInput for a code no department has."""
    chosen = {name: code for name, code in mapping.items() if code}
    unknown = set(chosen.values()) - {code for code, _ in kind.department_choices()} if chosen else set()
    if unknown:
        raise InvalidInput.at(
            "department_mapping", f"没有代码为 {'、'.join(sorted(unknown))} 的单位", code="unknown_department"
        )
    return chosen


def _read_again(batch: ImportBatch, actor, now: datetime) -> tuple[ImportRun, Table]:
    """Return a new run over the stored file, read with the kind's columns of today."""
    run = ImportRun(actor, now, batch.department_mapping, batch.options, batch_id=batch.pk)
    return run, read_table(stored_bytes(batch), import_kind(batch.kind).columns(run))


def stored_bytes(batch: ImportBatch) -> bytes:
    """Return the uploaded file, decrypted."""
    with batch.file.open("rb") as file:
        return decrypt(file.read())


def _facts(kind: ImportKind, findings: Findings, run: ImportRun) -> dict:
    columns = list(kind.columns(run))
    return {
        "errors": listed(findings.errors, columns),
        "warnings": listed(findings.warnings, columns),
        "unknown_departments": unknown_departments(findings.errors),
    }


def _same_file(batch: ImportBatch) -> list[dict]:
    """Return the warning that this very file was uploaded before, if it was."""
    earlier = earlier_upload(batch)
    if earlier is None:
        return []
    message = f"这个文件上传过：{earlier.file_name}，{earlier.get_status_display()}"
    nowhere = dict.fromkeys(("sheet", "row", "column", "field", "value"))
    return [nowhere | {"code": "same_file", "message": message}]


def _refuse_late_undo(batch: ImportBatch, now: datetime) -> None:
    until = undo_until(batch)
    if until is None or now > until:
        raise RuleViolation("导入已超过 7 天，不能撤销")
