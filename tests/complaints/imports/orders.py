"""Lines of a hotline file, and the file through the real import."""

from datetime import UTC, datetime

from complaints.models import Complaint
from core.models import ImportBatch
from core.services.imports import commit_import, upload_import
from tests.factories import files

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
HEAD = ["工单编号", "来电时间", "来电人", "联系电话", "诉求类型", "诉求内容", "承办单位", "协办单位"]
HEAD += ["办理时限", "签收时间", "办结时间", "办理结果", "满意度", "是否保密", "是否匿名"]
KEYS = ["number", "received_at", "caller", "phone", "type", "content", "department", "co_departments"]
KEYS += ["due_at", "signed_at", "closed_at", "result", "satisfaction", "confidential", "anonymous"]


def row(number: str = "2611250001", **cells) -> list:
    """Return a line of a file: an order of this morning without a unit unless told otherwise."""
    values = {"number": number, "received_at": "2026-11-25 09:00", "content": "路灯不亮", "type": "投诉"} | cells
    return [values.get(key, "") for key in KEYS]


def upload(actor, *rows, now: datetime = NOW, mapping: dict | None = None) -> ImportBatch:
    """Preview a workbook of ``rows``."""
    file = files.uploaded(files.xlsx([HEAD, *rows]), "热线.xlsx")
    return upload_import(file, kind_code="complaints", department_mapping=mapping, actor=actor, now=now)


def imported(actor, *rows, now: datetime = NOW, mapping: dict | None = None) -> ImportBatch:
    """Preview and commit a workbook of ``rows``."""
    return commit_import(upload(actor, *rows, now=now, mapping=mapping), actor=actor, now=now)


def order(number: str = "2611250001") -> Complaint:
    """Return the complaint of that number with its round."""
    complaints = Complaint.objects.unscoped("test").select_related("current_round__department", "department")
    return complaints.get(number=number)
