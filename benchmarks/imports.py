"""5,000 rows of a hotline file: ``python -m benchmarks.imports`` previews, commits and takes them back.

On any prepared database (``DATABASE_URL``, ``DATA_DIR``). Prints seconds and CPU seconds of each step, what the
parser's own process took included, and the most memory the process came to.
"""

import os
import random
import resource
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

import django

ROWS = 5_000
#: Wall-clock time of the county, as the file writes it.
FIRST = datetime.fromisoformat("2026-10-12T08:00")
HEAD = (
    *("工单编号", "来电时间", "来电人", "联系电话", "诉求类型", "诉求内容", "承办单位", "协办单位", "办理时限"),
    *("签收时间", "办结时间", "办理结果", "满意度", "所属乡镇", "备注"),
)
TYPES = ("咨询", "求助", "投诉", "举报", "建议")
MATTERS = ("营业执照变更登记材料反复补正", "门前路灯不亮影响经营", "燃气报装超过承诺时限", "不动产登记窗口排队时间长")


def workbook(units: list[str]) -> bytes:
    """Return a file as the hotline exports it: two thirds closed, every fifth with a unit that helps."""
    from openpyxl import Workbook

    chance = random.Random(20261123)  # nosec B311: the same file for every run, no secret
    book = Workbook(write_only=True)
    sheet = book.create_sheet("工单")
    sheet.append(HEAD)
    for number in range(ROWS):
        received = FIRST + timedelta(minutes=chance.randrange(40_000))
        is_closed, unit = number % 3 != 0, chance.choice(units)
        closed = received + timedelta(days=3)
        sheet.append(
            [
                f"2610{number:014d}",
                received.strftime("%Y-%m-%d %H:%M:%S"),
                "匿名" if number % 10 == 0 else "李某",
                "" if number % 10 == 0 else f"199{chance.randrange(10**8):08d}",
                chance.choice(TYPES),
                f"{chance.choice(MATTERS)}。来电人反映第 {number} 件，希望有关部门尽快核实处理并答复。" * 3,
                unit,
                chance.choice(units) if number % 5 == 0 else "",
                (received + timedelta(days=5)).strftime("%Y-%m-%d"),
                (received + timedelta(hours=3)).strftime("%Y-%m-%d %H:%M") if number % 4 else "",
                closed.strftime("%Y-%m-%d %H:%M") if is_closed else "",
                "已核实处理并答复来电人" if is_closed else "",
                "满意" if is_closed else "",
                "柏城街道",
                "",
            ]
        )
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def run() -> None:
    """Import, take back, and print a Markdown table."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from accounts.models import User
    from core import clock
    from core.models import ImportBatch
    from core.services.imports import commit_import, undo_import, upload_import
    from core.services.jobs import run_job
    from departments.models import Department

    office = User.objects.get(username="office")
    units = list(Department.objects.filter(valid_to=None).values_list("short_name", flat=True))
    file = SimpleUploadedFile("热线.xlsx", workbook(units))
    known = ImportBatch.objects.visible_to(office)

    def done(batch) -> ImportBatch:
        """Do the worker's part in this process, and return the batch."""
        run_job(batch.job_id, tell_time=clock.now)
        return known.get(pk=batch.pk)

    def preview() -> ImportBatch:
        return done(upload_import(file, kind_code="complaints", actor=office, now=clock.now()))

    before = most_memory()
    sys.stdout.write("| | seconds | CPU seconds |\n|---|--:|--:|\n")
    batch = measured("preview", preview)
    assert (batch.status, batch.new) == ("previewed", ROWS), (batch.status, batch.errors[:3])
    batch = measured("commit", lambda: done(commit_import(batch, actor=office, now=clock.now())))
    assert batch.result["new"] == ROWS, batch.result
    sys.stdout.write(f"| memory {most_memory():.0f} MB, before the import {before:.0f} MB | | |\n")
    batch = measured("undo", lambda: done(undo_import(batch, actor=office, now=clock.now())))
    assert batch.status == "undone", batch.status


def measured(word: str, act: Callable):
    """Do ``act``, print what it took, return what it gave."""
    start, cpu = time.perf_counter(), processor_time()
    given = act()
    sys.stdout.write(f"| {word} | {time.perf_counter() - start:.1f} | {processor_time() - cpu:.1f} |\n")
    sys.stdout.flush()
    return given


def processor_time() -> float:
    """Return the CPU seconds of this process and of those it has waited for."""
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def most_memory() -> float:
    """Return the most megabytes this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    django.setup()
    run()
