"""The handbook: one Markdown file per audience under docs/用户手册, shown at /help/."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from accounts.roles import Role
from overview.navigation import in_policy_order

FOLDER = settings.BASE_DIR / "docs" / "用户手册"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its address, title, file and the roles it is written for."""

    slug: str
    title: str
    roles: frozenset[str] = frozenset()


CHAPTERS = {
    chapter.slug: chapter
    for chapter in (
        Chapter("reporter", "部门填报员", frozenset({Role.REPORTER})),
        Chapter("head", "部门负责人", frozenset({Role.DEPARTMENT_HEAD})),
        Chapter("office", "营商办", frozenset({Role.OFFICE, Role.OFFICE_LEAD})),
        Chapter("inspector", "督查员", frozenset({Role.INSPECTOR})),
        Chapter("leader", "县领导与签发人", frozenset({Role.LEADER, Role.SIGNER})),
        Chapter(
            "administrator",
            "三员管理员",
            frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR}),
        ),
        Chapter("account", "登录与账号"),
        Chapter("words", "口径与常见问题"),
    )
}


def chapter_for(roles: Iterable[str]) -> str:
    """Return the slug of the chapter written for the first of ``roles``; the account chapter without one."""
    for role in in_policy_order(roles):
        for chapter in CHAPTERS.values():
            if role in chapter.roles:
                return chapter.slug
    return "account"


@cache
def chapter_html(slug: str) -> SafeString:
    """Return the chapter as HTML. The files are ours, and raw HTML in them is switched off all the same."""
    source = (FOLDER / f"{CHAPTERS[slug].title}.md").read_text(encoding="utf-8")
    return mark_safe(MarkdownIt("commonmark", {"html": False}).enable("table").render(source))  # nosec B308 B703 - HTML in the source is off
