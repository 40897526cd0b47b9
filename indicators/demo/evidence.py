"""Evidence and practice cases of the demonstration: small files that say what they are, handed in by their units."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from indicators.demo.content import Story
from indicators.demo.files import bar_chart, text_page
from indicators.demo.history import Cast
from indicators.demo.plan import dice
from indicators.models import Evidence, PracticeCase
from indicators.services.cases import CaseText, publish_case, submit_case, write_case
from indicators.services.evidence import EvidenceFacts, Scope, accept_evidence, add_evidence, return_evidence

KINDS_WITH_PICTURE = frozenset({Evidence.Kind.SCREENSHOT, Evidence.Kind.PHOTO})
#: One in so many indicators has a last piece that still waits for review; one was sent back.
WAITING_EVERY = 5
RETURNED = "A13"
RETURN_REASON = "统计期间早于本期，请更新后重新提交"


def hand_in_evidence(stories: Mapping[str, Story], cast: Cast, *, first_day: date, now: datetime) -> None:
    """Hand in each indicator's evidence, let the office judge it, and put what passed into ``cast.evidence``."""
    for position, (code, story) in enumerate(stories.items()):
        for number, (kind, title) in enumerate(story.evidence):
            added_at = now + timedelta(days=number * 3, minutes=position)
            evidence = add_evidence(
                EvidenceFacts(title=title, kind=kind),
                actor=cast.reporter(code),
                now=added_at,
                upload=_file(code, kind, title, cast),
                indicators=[cast.indicators[code]],
                scope=Scope(period_from=first_day),
            )
            is_last = number and number == len(story.evidence) - 1
            if code == RETURNED:
                return_evidence(evidence, reason=RETURN_REASON, actor=cast.office, now=added_at + timedelta(hours=5))
            elif not (is_last and position % WAITING_EVERY == 0):
                cast.evidence[code].append(
                    accept_evidence(evidence, actor=cast.office, now=added_at + timedelta(hours=5))
                )


def _file(code: str, kind: str, title: str, cast: Cast) -> SimpleUploadedFile:
    """Return the file of one piece of evidence as it would be uploaded."""
    if kind in KINDS_WITH_PICTURE:
        return SimpleUploadedFile(f"{title}.png", bar_chart([dice(title, n).randint(35, 98) for n in range(12)]))
    lines = [str(cast.indicators[code]), f"报送单位：{cast.leads[code].name}", "演示材料，内容为虚构，不代表真实情况"]
    return SimpleUploadedFile(f"{title}.pdf", text_page(title, lines))


def publish_cases(stories: Mapping[str, Story], cast: Cast, *, now: datetime) -> list[PracticeCase]:
    """Write, hand in and publish the practice cases."""
    cases = []
    for code, story in stories.items():
        if story.case:
            writer = cast.reporter(code)
            case = write_case(CaseText(**story.case), indicator=cast.indicators[code], actor=writer, now=now)
            submit_case(case, actor=writer, now=now + timedelta(hours=1))
            cases.append(publish_case(case, actor=cast.office, now=now + timedelta(days=2)))
    return cases
