"""Transition tables of the kernel's own rows."""

from core.import_kinds import import_kind
from core.models import ImportBatch
from core.workflow import Transition, Workflow

S = ImportBatch.Status


def may_import(actor, batch: ImportBatch) -> bool:
    """Whoever may import rows of this kind may do everything with its batches."""
    return actor.can(import_kind(batch.kind).permission)


def busy(batch: ImportBatch) -> str | None:
    """While the worker has the batch in hand nobody else may act on it."""
    return "正在后台处理，请稍候" if batch.job and not batch.job.is_finished else None


IMPORT_BATCH = Workflow(
    Transition("preview", "核对", (S.UPLOADED, S.PREVIEWED), (S.PREVIEWED,), may_import, busy, who="营商办"),
    Transition("fail", "中止", (S.UPLOADED,), (S.FAILED,), may_import, busy, who="系统"),
    Transition("commit", "确认导入", (S.PREVIEWED,), (S.COMMITTED,), may_import, busy, who="营商办"),
    Transition("undo", "撤销导入", (S.COMMITTED,), (S.UNDONE,), may_import, busy, who="营商办"),
    entries=(S.UPLOADED,),
    finals=(S.UNDONE, S.FAILED),
)
