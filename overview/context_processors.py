"""What the frame of every page prints: navigation, date, messages, the person (ui.md §4)."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Message
from accounts.roles import ADMINISTRATORS
from core import clock
from core.dates.calendar import WEEKDAYS
from core.kept import keep, reader
from core.panels import counts_for
from core.selectors.calendar import work_calendar
from core.settings_registry import setting
from overview.navigation import Group, Item, address, home_name, items_for, sidebar_keys, tab_keys

#: Entries of the menu under the person's name; those without a page are absent.
ACCOUNT_ITEMS = (
    ("accounts:profile", "我的账号", "person-circle"),
    ("accounts:password", "修改密码", "key"),
    ("accounts:deputy", "代理人", "person-check"),
    ("overview:help", "用户手册", "book"),
)


@dataclass(frozen=True)
class Frame:
    """The frame around one page for one person; everything is read when the template asks for it."""

    request: HttpRequest
    now: datetime

    @property
    def user(self):
        return self.request.user

    @cached_property
    def roles(self) -> frozenset[str]:
        return self.user.roles

    @property
    def today(self) -> date:
        return clock.local_date(self.now)

    @property
    def path(self) -> str:
        """The address by which navigation finds the present entry; the root stands for the first page."""
        return self.home_url if self.request.path == "/" else self.request.path

    @cached_property
    def counts(self) -> dict[str, int]:
        """What waits for this person, by navigation key."""
        keys = [key for _, keys in sidebar_keys(self.roles) for key in keys]
        return counts_for(self.user, self.now, keys)

    @cached_property
    def groups(self) -> list[Group]:
        return [
            Group(title, items_for(keys, path=self.path, counts=self.counts))
            for title, keys in sidebar_keys(self.roles)
        ]

    @property
    def tabs(self) -> tuple[Item, ...]:
        return items_for(tab_keys(self.roles), path=self.path, counts=self.counts)

    @property
    def home_url(self) -> str:
        return address(home_name(self.roles))

    @property
    def search_url(self) -> str:
        """The search page; administrators have no business data to search."""
        return "" if self.roles & ADMINISTRATORS else address("overview:search")

    @property
    def search_text(self) -> str:
        return self.request.GET.get("q", "") if self.request.path == self.search_url else ""

    @cached_property
    def day_word(self) -> str:
        """工作日, 休息日, 调休上班 or the festival's name."""
        calendar = work_calendar()
        if not calendar.published_years:
            return "日历未载入"
        name = calendar.name_of(self.today)
        return "休息日" if name in WEEKDAYS else name  # the weekday stands beside it already

    @property
    def is_make_up(self) -> bool:
        return self.day_word == "调休上班"

    @property
    def inbox_url(self) -> str:
        return address("accounts:inbox")

    @cached_property
    def unread(self) -> int:
        return Message.objects.visible_to(self.user).filter(read_at=None).count()

    @property
    def unread_short(self) -> str:
        return "99+" if self.unread > 99 else str(self.unread)

    @property
    def user_name(self) -> str:
        return self.user.name

    @cached_property
    def user_line(self) -> str:
        """Unit and roles in effect, as the top bar says them."""
        return keep((Frame, reader(self.user)), lambda: line_of(self.user), lasting=True)

    @property
    def acting_for(self):
        return self.user.acting_for

    @property
    def account_items(self) -> list[dict]:
        known = ((address(name), label, icon) for name, label, icon in ACCOUNT_ITEMS)
        return [{"url": url, "label": label, "icon": icon} for url, label, icon in known if url]

    @property
    def logout_url(self) -> str:
        return address("accounts:logout")

    @property
    def help_url(self) -> str:
        return address("overview:help")

    @property
    def feedback_url(self) -> str:
        return address("overview:feedback")

    @cached_property
    def filing_number(self) -> str:
        return setting("site.filing_number")


def line_of(user) -> str:
    """Return unit and roles of ``user`` in one line."""
    department = user.department.short_name if user.department_id else ""
    return " · ".join(part for part in (department, "、".join(user.role_labels)) if part)


def frame(request: HttpRequest) -> dict:
    """Return ``frame`` for the templates; nothing is read before a template asks."""
    return {"frame": SimpleLazyObject(lambda: Frame(request, clock.now()))}
