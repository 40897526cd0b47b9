"""Evidence and practice cases of the demonstration: small files that say what they are."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from core.services.attachments import store_attachment
from core.workflow import Workflow
from indicators.demo.content import Story
from indicators.demo.files import bar_chart, text_page
from indicators.demo.history import Cast
from indicators.demo.plan import dice
from indicators.models import Evidence, EvidenceLink, PracticeCase

KINDS_WITH_PICTURE = frozenset({Evidence.Kind.SCREENSHOT, Evidence.Kind.PHOTO})
#: The item of the checklist that each kind ticks off; photos tick nothing.
CHECKLIST: dict[str, str] = {
    Evidence.Kind.POLICY: "政策文件",
    Evidence.Kind.CASE: "办事案例",
    Evidence.Kind.SCREENSHOT: "系统截图",
    Evidence.Kind.TABLE: "统计表",
}
#: Reviewed long ago, so they enter where they ended.
PAST_EVIDENCE = Workflow(entries=Evidence.Status.values)
PAST_CASES = Workflow(entries=(PracticeCase.Status.PUBLISHED,))


def hand_in_evidence(stories: Mapping[str, Story], cast: Cast, *, first_day: date, now: datetime) -> None:
    """Store each indicator's files and put them into ``cast.evidence``; the last of some waits for review."""
    for position, (code, story) in enumerate(stories.items()):
        for number, (kind, title) in enumerate(story.evidence):
            is_waiting = number and number == len(story.evidence) - 1 and position % 4 == 0
            added_at = now + timedelta(days=number * 3, minutes=position)
            evidence = _hand_in(code, kind, title, cast, added_at=added_at, is_passed=not is_waiting)
            EvidenceLink.objects.create(
                evidence=evidence,
                indicator=cast.indicators[code],
                first_level=cast.indicators[code],
                checklist_item=CHECKLIST.get(kind, ""),
                period_from=first_day,
            )
            cast.evidence[code].append(evidence)


def _hand_in(code: str, kind: str, title: str, cast: Cast, *, added_at: datetime, is_passed: bool) -> Evidence:
    """Create one piece of evidence with its file."""
    indicator, reporter = cast.indicators[code], cast.reporter(code)
    if kind in KINDS_WITH_PICTURE:
        name, data = f"{title}.png", bar_chart([dice(title, n).randint(35, 98) for n in range(12)])
    else:
        lines = [
            f"{indicator.code} {indicator.name}",
            f"报送单位：{cast.leads[code].name}",
            "演示材料，内容为虚构，不代表真实情况",
        ]
        name, data = f"{title}.pdf", text_page(title, lines)
    attachment = store_attachment(SimpleUploadedFile(name, data), actor=reporter, kind=kind, now=added_at)
    reviewed = {"reviewed_by": cast.office, "reviewed_at": added_at + timedelta(hours=5)} if is_passed else {}
    return PAST_EVIDENCE.enter(
        Evidence,
        Evidence.Status.PASSED if is_passed else Evidence.Status.PENDING,
        title=title,
        kind=kind,
        attachment=attachment,
        issued_on=added_at.date() if kind == Evidence.Kind.POLICY else None,
        department=cast.leads[code],
        added_by=reporter,
        added_at=added_at,
        **reviewed,
    )


def publish_cases(stories: Mapping[str, Story], cast: Cast, *, now: datetime) -> list[PracticeCase]:
    """Publish the practice cases that the office took up."""
    return [
        PAST_CASES.enter(
            PracticeCase,
            PracticeCase.Status.PUBLISHED,
            indicator=cast.indicators[code],
            department=cast.leads[code],
            written_by=cast.reporter(code),
            written_at=now,
            published_at=now + timedelta(days=2),
            **story.case,
        )
        for code, story in stories.items()
        if story.case
    ]
