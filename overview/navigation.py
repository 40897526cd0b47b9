"""Who finds what where: sidebar, phone tabs and home per role (ui.md §5).

An item is offered when its address exists and the person's roles list it; what a person may not use is
absent, never greyed. The pages check their permission themselves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from django.urls import NoReverseMatch, reverse

from accounts.roles import ADMINISTRATORS, Role


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: ``key`` is also that of its count in ``core.panels``; ``short_label`` is for phone tabs."""

    key: str
    label: str
    icon: str
    url_name: str
    short_label: str = ""
    url: str = ""
    is_current: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading; the first group has none."""

    title: str
    items: tuple[Item, ...]


ITEMS = {
    item.key: item
    for item in (
        Item("workbench", "工作台", "inbox", "overview:home", "工作台"),
        Item("dashboard", "总览", "grid-3x3-gap", "overview:dashboard", "总览"),
        Item("indicators", "指标", "bullseye", "indicators:list", "指标"),
        Item("own_indicators", "本单位指标", "bullseye", "indicators:list", "指标"),
        Item("daily_reports", "日调度填报", "pencil-square", "indicators:daily_reports", "填报"),
        Item("dispatch", "日调度看板", "calendar3", "indicators:dispatch", "看板"),
        Item("complaints", "投诉工单", "telephone", "complaints:list", "投诉"),
        Item("own_complaints", "承办工单", "telephone", "complaints:list", "工单"),
        Item("issues", "问题台账", "clipboard-check", "supervision:issues", "问题"),
        Item("own_issues", "问题整改", "clipboard-check", "supervision:issues", "整改"),
        Item("inspections", "检查批次", "eye", "supervision:inspections", "检查"),
        Item("supervision", "督办中心", "megaphone", "supervision:orders", "督办"),
        Item("look_backs", "回头看", "arrow-counterclockwise", "supervision:look_backs", "回头看"),
        Item("bulletins", "周通报", "file-earmark-text", "bulletins:list", "通报"),
        Item("statistics", "统计分析", "bar-chart", "complaints:statistics", "统计"),
        Item("screen", "大屏", "display", "overview:screen", "大屏"),
        Item("instructions", "我的批示", "chat-square-text", "indicators:instructions", "批示"),
        Item("imports", "数据导入", "upload", "core:imports", "导入"),
        Item("calendar", "日历与规则", "calendar-week", "core:calendar", "日历"),
        Item("people", "单位与人员", "people", "departments:list", "单位"),
        Item("options", "本单位设置", "sliders", "departments:options", "设置"),
        Item("console", "控制台", "sliders", "accounts:console", "控制台"),
        Item("accounts", "账号", "person-gear", "accounts:accounts", "账号"),
        Item("requests", "账号申请", "person-check", "accounts:requests", "申请"),
        Item("settings", "参数设置", "gear", "accounts:settings", "设置"),
        Item("audit", "审计日志", "shield-check", "accounts:audit", "审计"),
        Item("profile", "我的", "person-circle", "accounts:profile", "我的"),
    )
}

_OFFICE = (
    ("", ("workbench", "dashboard")),
    ("调度", ("indicators", "daily_reports", "dispatch")),
    ("督办", ("complaints", "issues", "supervision")),
    ("通报", ("bulletins", "statistics", "screen")),
    ("管理", ("imports", "calendar", "people")),
)

SIDEBARS: dict[str, Sequence[tuple[str, Sequence[str]]]] = {
    Role.OFFICE: _OFFICE,
    Role.OFFICE_LEAD: _OFFICE,
    # 我的批示 is the county leader's alone (domain §1): what may not be opened is not offered.
    Role.SIGNER: (
        ("", ("dashboard", "indicators", "dispatch")),
        ("督办", ("issues", "complaints")),
        ("通报", ("bulletins", "screen")),
    ),
    Role.LEADER: (
        ("", ("dashboard", "indicators", "dispatch")),
        ("督办", ("issues", "complaints", "instructions")),
        ("通报", ("bulletins", "screen")),
    ),
    Role.REPORTER: (
        ("", ("workbench",)),
        ("本单位", ("daily_reports", "own_indicators", "own_complaints", "own_issues")),
        ("查阅", ("dashboard", "bulletins")),
    ),
    Role.DEPARTMENT_HEAD: (
        ("", ("workbench",)),
        ("本单位", ("daily_reports", "own_indicators", "own_complaints", "own_issues", "options")),
        ("查阅", ("dashboard", "bulletins")),
    ),
    Role.INSPECTOR: (
        ("", ("workbench", "dashboard")),
        ("督导", ("issues", "inspections", "supervision", "look_backs")),
        ("查阅", ("complaints", "indicators", "dispatch")),
    ),
    Role.SYSTEM_ADMINISTRATOR: (("", ("console", "accounts", "requests", "people", "settings")),),
    Role.SECURITY_ADMINISTRATOR: (("", ("console", "requests")),),
    Role.AUDITOR: (("", ("console", "audit")),),
}

TABS: dict[str, Sequence[str]] = {
    Role.OFFICE: ("workbench", "dashboard", "complaints", "issues", "dispatch"),
    Role.OFFICE_LEAD: ("workbench", "dashboard", "complaints", "issues", "dispatch"),
    Role.SIGNER: ("dashboard", "bulletins", "issues", "complaints", "profile"),
    Role.LEADER: ("dashboard", "bulletins", "issues", "instructions", "profile"),
    Role.REPORTER: ("workbench", "daily_reports", "own_complaints", "own_issues", "dashboard"),
    Role.DEPARTMENT_HEAD: ("workbench", "own_complaints", "own_issues", "dashboard", "bulletins"),
    Role.INSPECTOR: ("workbench", "issues", "supervision", "look_backs", "dashboard"),
}

#: Whose first page is the 总览 instead of the 工作台.
HOME_IS_DASHBOARD = frozenset({Role.SIGNER, Role.LEADER})


@cache
def address(url_name: str) -> str:
    """Return the address of ``url_name``, empty while no page of that name exists."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def in_policy_order(roles: Iterable[str]) -> list[str]:
    """Return ``roles`` in the order of the policy page, so that navigation never depends on chance."""
    held = set(roles)
    return [role for role in Role if role in held]


def home_name(roles: Iterable[str]) -> str:
    """Return the URL name of the first page for ``roles``: console, 总览 or 工作台."""
    held = set(roles)
    if held & ADMINISTRATORS:
        return "accounts:console"
    return "overview:dashboard" if held and held <= HOME_IS_DASHBOARD else "overview:home"


def sidebar_keys(roles: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Return heading and item keys for ``roles``; several roles are merged, nothing appears twice.

    Two items leading to one page (指标 and 本单位指标) count as the same: the first role's word stays.
    """
    groups: dict[str, list[str]] = {}
    seen: set[str] = set()
    for role in in_policy_order(roles):
        for title, keys in SIDEBARS[role]:
            for key in keys:
                if ITEMS[key].url_name not in seen and address(ITEMS[key].url_name):
                    seen.add(ITEMS[key].url_name)
                    groups.setdefault(title, []).append(key)
    return list(groups.items())


def tab_keys(roles: Iterable[str]) -> list[str]:
    """Return the keys of at most five phone tabs: those of the first role that has any."""
    keys = next((TABS[role] for role in in_policy_order(roles) if role in TABS), ())
    return [key for key in keys if address(ITEMS[key].url_name)]


def items_for(keys: Iterable[str], *, path: str, counts: dict[str, int]) -> tuple[Item, ...]:
    """Return the items of ``keys`` with address and count, the one of ``path`` marked as current.

    Where one entry lies under another (回头看 under 问题台账) the nearer one is meant.
    """
    items = [replace(ITEMS[key], url=address(ITEMS[key].url_name), count=counts.get(key, 0)) for key in keys]
    nearest = max((len(item.url) for item in items if leads_to(item.url, path)), default=0)
    return tuple(replace(item, is_current=leads_to(item.url, path) and len(item.url) == nearest) for item in items)


def leads_to(url: str, path: str) -> bool:
    """Return whether the page at ``path`` lies under the entry at ``url``; the root only leads to itself."""
    return path == url if url == "/" else path.startswith(url)
