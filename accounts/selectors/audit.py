"""Reading the audit log: for the audit administrator, nobody else."""

from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from core.access import Permission
from core.models import AuditEvent
from core.services.audit import audit_findings

#: Acts in words, for the log's readers; whatever is missing is shown by its code.
VERBS = {
    "sign_in": "登录",
    "sign_out": "退出",
    "sign_in_refused": "登录被拒",
    "change_password": "修改密码",
    "reset_password": "设置一次性密码",
    "appoint_deputy": "设置代理人",
    "dismiss_deputy": "取消代理人",
    "start_acting": "开始代理",
    "stop_acting": "结束代理",
    "turn_on_second_factor": "启用动态口令",
    "turn_off_second_factor": "关闭动态口令",
    "trust": "信任设备",
    "revoke": "吊销",
    "issue": "签发",
    "end": "结束会话",
    "propose": "提出申请",
    "approve": "通过",
    "refuse": "不通过",
    "withdraw": "撤回",
    "create": "新建",
    "roles": "变更角色",
    "department": "调整单位",
    "disable": "停用",
    "enable": "启用",
    "edit": "修改",
    "change": "修改",
    "open_demo": "开通演示账号",
    "close_demo": "停用演示账号",
    "submit": "提交",
    "send_back": "退回",
    "accept": "采纳",
    "return": "退回补正",
    "resubmit": "重新提交",
    "reopen": "重新打开",
    "import": "导入",
    "export": "导出",
    "read": "查看",
    "print": "打印",
    "send": "送出意见建议",
}


def audit_events(user: User) -> QuerySet[AuditEvent]:
    """Return the audit log as far as ``user`` may read it: all of it (S3), or nothing."""
    return AuditEvent.objects.all() if user.can(Permission.READ_AUDIT) else AuditEvent.objects.none()


def filtered_events(
    user: User,
    *,
    actor: str = "",
    action: str = "",
    target: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[AuditEvent]:
    """Return the log narrowed down, newest first.

    Args:
        actor: part of the log-in or name, also of the absent person.
        action: part of the act's code, or its word in Chinese.
        target: part of what was acted on.
        since, until: days in Asia/Shanghai, both included.
    """
    rows = audit_events(user)
    if actor:
        rows = rows.filter(
            Q(actor_name__icontains=actor) | Q(actor__username__icontains=actor) | Q(on_behalf_of__icontains=actor)
        )
    if action:
        codes = [code for code, word in VERBS.items() if action in word]
        by_word = Q(*(Q(action__endswith=f".{code}") for code in codes), _connector=Q.OR) if codes else Q(pk__in=())
        rows = rows.filter(by_word | Q(action__icontains=action))
    if target:
        rows = rows.filter(Q(target_label__icontains=target) | Q(target_type__icontains=target))
    if since:
        rows = rows.filter(at__gte=_start_of(since))
    if until:
        rows = rows.filter(at__lt=_start_of(until + timedelta(days=1)))
    return rows


def latest_events(user: User, most: int = 10) -> list[dict]:
    """Return the newest lines of the log as far as ``user`` may read it."""
    return event_lines(audit_events(user)[:most]) if user.can(Permission.READ_AUDIT) else []


def chain_findings(user: User, now: datetime, most: int = 20) -> list[str]:
    """Return the first findings of tampering with the log, empty when it is whole; for S3, others get none.

    Walks the whole chain, as ``manage.py verify_audit`` does every time it is asked.
    """
    return list(islice(audit_findings(now), most)) if user.can(Permission.READ_AUDIT) else []


def event_lines(rows: Any) -> list[dict]:
    """Return events as plain rows with act, kind of row and changes in words."""
    columns = (
        "pk", "at", "actor__username", "actor_name", "on_behalf_of", "action", "target_type",
        "target_key", "target_label", "before", "after", "purpose", "address", "sequence",
    )  # fmt: skip
    return [
        row
        | {
            "act": act_in_words(row["action"]),
            "kind": kind_in_words(row["target_type"]),
            "changes": changes_in_words(row["before"], row["after"]),
        }
        for row in rows.values(*columns)
    ]


def act_in_words(action: str) -> str:
    """Return the Chinese word of ``app.model.verb``, its last part where there is none."""
    verb = action.rpartition(".")[2]
    return VERBS.get(verb, verb)


def kind_in_words(target_type: str) -> str:
    """Return the Chinese name of ``app.model``; the code itself for a model that no longer exists."""
    try:
        return str(apps.get_model(target_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return target_type


def changes_in_words(before: dict | None, after: dict | None) -> list[str]:
    """Return one line for each fact that was changed: ``status：pending → approved``."""
    old, new = before or {}, after or {}
    lines = []
    for name in dict.fromkeys([*old, *new]):
        if name in old and name in new:
            lines.append(f"{name}：{_fact(old[name])} → {_fact(new[name])}")
        else:
            lines.append(f"{name}：{_fact(new.get(name, old.get(name)))}")
    return lines


def _fact(value) -> str:
    """Return a value of the log as people read it."""
    if value is None or value == "":
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(_fact(item) for item in value) if isinstance(value, list) else str(value)


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
