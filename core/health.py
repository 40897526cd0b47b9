"""What has to be in order for the platform to work, each as one finding; /readyz and doctor print them."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from celery import current_app
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from core.models import AuditEvent
from core.selectors.calendar import missing_year_warning, work_calendar
from core.selectors.operation import last_heartbeat
from core.services.audit import UNSEALED_LIMIT
from core.services.field_key import is_the_right_key

HEARTBEAT_LIMIT = timedelta(minutes=3)
GRACE_AFTER_START = timedelta(minutes=2)  # api.md, demo run
MEGABYTE = 1024 * 1024

_loaded_at = time.monotonic()


class State(StrEnum):
    """How bad a finding is; only ``FAILED`` makes the platform not ready."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True)
class Finding:
    """One thing looked at: its name, state, and a Chinese sentence."""

    name: str
    state: State
    detail: str


def uptime() -> timedelta:
    """Return how long ago this process (with gunicorn's preloading: the web server) loaded the platform."""
    return timedelta(seconds=time.monotonic() - _loaded_at)


def check_database() -> Finding:
    """Find whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Finding("database", State.FAILED, f"数据库无法连接（{type(error).__name__}）")
    return Finding("database", State.OK, f"数据库正常（{connection.vendor}）")


def check_broker() -> Finding:
    """Find whether messages can be handed to the broker."""
    broker = current_app.connection_for_write()
    try:
        broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=2)
    except broker.connection_errors as error:
        return Finding("broker", State.FAILED, f"消息队列无法连接（{type(error).__name__}）")
    finally:
        broker.release()
    return Finding("broker", State.OK, f"消息队列正常（{broker.transport_cls}）")


def check_scheduler(*, now: datetime, running_for: timedelta) -> Finding:
    """Find whether beat, broker and worker showed themselves within three minutes before ``now``.

    In the first two minutes after the web's start (``running_for``) silence is a warning only.
    """
    last = last_heartbeat()
    if last is not None and now - last <= HEARTBEAT_LIMIT:
        return Finding("scheduler", State.OK, "计划任务正常")
    state = State.WARNING if running_for < GRACE_AFTER_START else State.FAILED
    seen = f"上次 {timezone.localtime(last):%Y-%m-%d %H:%M:%S}" if last else "从未"
    return Finding("scheduler", state, f"计划任务没有心跳（{seen}），请检查 worker 与 beat")


def check_disk() -> Finding:
    """Find whether ``DATA_DIR`` has room: ``DISK_FREE_MINIMUM_MB``, and five times as much without a warning."""
    free = shutil.disk_usage(settings.DATA_DIR).free // MEGABYTE
    detail = f"数据目录剩余 {free} MB"
    if free < settings.DISK_FREE_MINIMUM_MB:
        return Finding("disk", State.FAILED, detail)
    return Finding("disk", State.WARNING if free < 5 * settings.DISK_FREE_MINIMUM_MB else State.OK, detail)


def check_calendar(today: date) -> Finding:
    """Find whether this year's work calendar is loaded; a missing next year (from November) is a warning."""
    calendar = work_calendar()
    warning = missing_year_warning(calendar, today)
    if today.year not in calendar.published_years:
        return Finding("calendar", State.FAILED, warning or "工作日历尚未载入")
    return Finding("calendar", State.WARNING if warning else State.OK, warning or "工作日历正常")


def readiness(*, now: datetime, running_for: timedelta) -> list[Finding]:
    """Return all findings as of ``now``; without a database the ones that need it are left out."""
    findings = [check_database(), check_broker(), check_disk()]
    if findings[0].state is State.OK:
        checks: tuple[Callable[[], Finding], ...] = (
            lambda: check_scheduler(now=now, running_for=running_for),
            lambda: check_calendar(timezone.localdate(now)),
        )
        findings += [_checked(check) for check in checks]
    return findings


def _checked(check: Callable[[], Finding]) -> Finding:
    """Return the finding, or a failed one where the tables are not there yet."""
    try:
        return check()
    except DatabaseError as error:
        return Finding("tables", State.FAILED, f"数据表缺失，请先运行 migrate（{type(error).__name__}）")


def examination(*, now: datetime) -> list[Finding]:
    """Return what ``doctor`` looks at: readiness without any grace, tables, key, audit log, accounts."""
    findings = readiness(now=now, running_for=GRACE_AFTER_START)
    further = (check_tables, check_key, lambda: check_audit(now), check_demo_accounts)
    return findings + [_checked(check) for check in further]


def check_tables() -> Finding:
    """Find whether every migration has been applied."""
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        return Finding("migrations", State.FAILED, f"有 {len(pending)} 个数据表变更未执行，请运行 migrate")
    return Finding("migrations", State.OK, "数据表与程序一致")


def check_key() -> Finding:
    """Find whether the key of the encrypted fields is the right one, in a file of mode 600."""
    path = settings.FIELD_KEY_FILE
    if not is_the_right_key():
        lost = "已加密的身份信息无法读取，其余数据不受影响"
        return Finding("key", State.FAILED, f"{path} 不是这个数据库的密钥：{lost}；请把原来的密钥放回此处")
    if path.stat().st_mode & 0o077:
        return Finding("key", State.FAILED, f"{path} 的权限应为 600（chmod 600）")
    return Finding("key", State.OK, "密钥正常；丢失后已加密的身份信息无法恢复，其余数据不受影响，请另行备份")


def check_audit(now: datetime) -> Finding:
    """Find whether audit events wait longer than ten minutes for their seal."""
    stale = AuditEvent.objects.filter(sequence=None, at__lt=now - UNSEALED_LIMIT).count()
    if stale:
        return Finding("audit", State.FAILED, f"{stale} 条审计记录超过 10 分钟未编号，请检查 worker 与 beat")
    return Finding("audit", State.OK, "审计记录编号正常；逐条校验请运行 verify_audit")


def check_demo_accounts() -> Finding:
    """Find whether demo accounts are active although this is not a demo run."""
    count = get_user_model().objects.filter(is_demo=True, is_active=True).count()
    if count and not settings.DEMO:
        return Finding("demo", State.FAILED, f"有 {count} 个演示账号启用，请运行 manage.py remove_demo")
    return Finding("demo", State.OK, f"演示账号 {count} 个")
