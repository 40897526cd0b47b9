"""Runtime settings with their defaults: every assumption of domain.md that an office may change.

Reading is ``setting("daily.cut_off")``; what the office changed is kept in ``core.Setting``, and
``settings_in_force`` reads several with one query.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django.db import transaction

from core.audit import record_event
from core.exceptions import InvalidInput
from core.kept import kept_through_drafts
from core.models import Setting


@dataclass(frozen=True)
class SettingSpec:
    """One setting: its name, Chinese label, default, and how text becomes a value."""

    name: str
    label: str
    default: Any
    parse: Callable[[Any], Any]
    help: str = ""
    unit: str = ""


def whole_number(value) -> int:
    """Return ``value`` as an int of 0 or more; ValueError otherwise."""
    number = int(str(value))
    if number < 0:
        raise ValueError(value)
    return number


def clock_time(value) -> time:
    """Return ``HH:MM`` as a time; ValueError otherwise."""
    return value if isinstance(value, time) else time.fromisoformat(str(value))


def yes_or_no(value) -> bool:
    """Return a truth value from a bool or 是/否, on/off, 1/0, true/false."""
    if isinstance(value, bool):
        return value
    words = {"是": True, "on": True, "1": True, "true": True, "否": False, "off": False, "0": False, "false": False}
    try:
        return words[str(value).strip().lower()]
    except KeyError:
        raise ValueError(value) from None


def one_of(*choices: str) -> Callable[[Any], str]:
    """Return the reader of a setting that is one of a few words; ValueError for any other."""

    def read(value) -> str:
        if value not in choices:
            raise ValueError(value)
        return value

    return read


def decimal_number(value) -> Decimal:
    """Return ``value`` as a finite Decimal; ValueError otherwise."""
    try:
        number = Decimal(str(value))
    except ArithmeticError as error:
        raise ValueError(value) from error
    if not number.is_finite():
        raise ValueError(value)
    return number


SETTINGS: dict[str, SettingSpec] = {
    spec.name: spec
    for spec in (
        SettingSpec("daily.cut_off", "日调度截止时间", time(17, 30), clock_time),
        SettingSpec("daily.remind_at", "日调度提醒时间", time(16, 30), clock_time),
        SettingSpec("daily.lock_at", "次一工作日锁定时间", time(10, 0), clock_time),
        SettingSpec("daily.reopened_until", "退回件补报截止时间", time(17, 30), clock_time),
        SettingSpec("daily.reopened_workdays", "退回件开放工作日数", 1, whole_number, unit="工作日"),
        SettingSpec("daily.jump_factor", "数值跳变倍数", Decimal(10), decimal_number, unit="倍"),
        SettingSpec("daily.evidence_required", "数值变化须附佐证", True, yes_or_no),
        SettingSpec("daily.evidence_later_workdays", "佐证后补期限", 2, whole_number, unit="工作日"),
        SettingSpec("daily.confirm_after_days", "数值核对间隔", 30, whole_number, unit="天"),
        SettingSpec("score.sufficient_coverage", "得分有效所需覆盖率", Decimal("0.5"), decimal_number),
        SettingSpec("light.ok", "领先线", Decimal(95), decimal_number, unit="分"),
        SettingSpec("light.near", "接近线", Decimal(85), decimal_number, unit="分"),
        SettingSpec("light.behind", "有差距线", Decimal(70), decimal_number, unit="分"),
        SettingSpec("light.silent_workdays", "未报降档工作日数", 5, whole_number, unit="工作日"),
        SettingSpec("complaints.dispatch_workdays", "营商办派单时限", 1, whole_number, unit="工作日"),
        SettingSpec("complaints.review_workdays", "营商办审核时限", 1, whole_number, unit="工作日"),
        SettingSpec("complaints.call_back_workdays", "营商办回访时限", 2, whole_number, unit="工作日"),
        SettingSpec(
            "complaints.hotline_rows",
            "导入的热线工单在哪里办理",
            "here",
            one_of("here", "upstream"),
            help="here：在本平台办理；upstream：在上级平台办理，本平台只跟踪",
        ),
        SettingSpec("issues.document_code", "营商办表单代字", "西营商", str),
        SettingSpec("issues.inspectors_code", "督查局督办代字", "西督", str),
        SettingSpec("issues.immediate_workdays", "立行立改默认时限", 3, whole_number, unit="工作日"),
        SettingSpec("issues.relapse_workdays", "反弹后默认时限", 15, whole_number, unit="工作日"),
        SettingSpec("issues.verify_workdays", "验收时限", 3, whole_number, unit="工作日"),
        SettingSpec("issues.first_look_back_days", "第一次回头看", 30, whole_number, unit="天"),
        SettingSpec("issues.second_look_back_days", "第二次回头看", 90, whole_number, unit="天"),
        SettingSpec("issues.review_days", "长期坚持复查间隔", 90, whole_number, unit="天"),
        SettingSpec("issues.similarity", "回潮判定的文字相似度", 72, whole_number, unit="%"),
        SettingSpec("bulletins.document_code", "机关代字", "西营商", str),
        SettingSpec("bulletins.issuer", "发文机关", "西平县优化营商环境工作领导小组办公室", str),
        SettingSpec("bulletins.addressee", "主送", "各乡镇人民政府、街道办事处，县直及驻县各单位", str),
        SettingSpec(
            "bulletins.copies_to",
            "抄送",
            "县委办公室，县人大常委会办公室，县政府办公室，县政协办公室",
            str,
        ),
        SettingSpec("bulletins.total_start", "总期号起点", 0, whole_number, help="纸质简报已出的期数"),
        SettingSpec("bulletins.receipt_workdays", "通报签收期限", 2, whole_number, unit="工作日"),
        SettingSpec("bulletins.issuing_department", "发文单位代码", "ysb", str, help="不需要签收的单位"),
        SettingSpec("accounts.small_office", "系统与安全管理员可兼任", False, yes_or_no),
        SettingSpec(
            "accounts.confirmation_minutes", "信任设备上签发、查看身份前密码有效时间", 15, whole_number, unit="分钟"
        ),
        SettingSpec("site.filing_number", "备案号", "", str),
        SettingSpec("site.address", "平台地址", "", str, help="印发网页里的数字链接以它开头，如 https://平台域名"),
        SettingSpec("site.office_phone", "营商办座机", "", str),
    )
}


def setting(name: str) -> Any:
    """Return the value in force of the setting ``name``; KeyError for a name nobody registered."""
    return settings_in_force(name)[name]


def settings_in_force(*names: str) -> dict[str, Any]:
    """Return several settings with one query."""
    stored = _stored()
    return {name: SETTINGS[name].parse(stored[name]) if name in stored else SETTINGS[name].default for name in names}


@kept_through_drafts
def _stored() -> dict[str, Any]:
    """Return what the office changed: a handful of rows, and every page needs some."""
    return dict(Setting.objects.order_by().values_list("name", "value"))


@transaction.atomic
def change_setting(name: str, text: Any, *, actor, now: datetime) -> Setting:
    """Store a new value for ``name``, audited; InvalidInput when it cannot be read as its kind."""
    spec = SETTINGS[name]
    before = setting(name)
    try:
        value = spec.parse(text)
    except ValueError:
        raise InvalidInput.at(name, f"{spec.label}填写有误：{text}") from None
    stored = value if isinstance(value, bool | int | str) else str(value)
    row, _ = Setting.objects.update_or_create(name=name, defaults={"value": stored, "changed_at": now})
    record_event(
        actor=actor, action="core.setting.change", target=row, before={"value": before}, after={"value": value}, now=now
    )
    return row
