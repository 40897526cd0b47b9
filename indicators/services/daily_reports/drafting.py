"""Drafts: kept on the server as one types, right or wrong, and never lost to somebody else's (domain §4)."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from core.audit import record_event
from core.clock import local_date
from core.exceptions import DomainError, InvalidTransition, Locked, NotAllowed, VersionConflict
from core.workflow import swap
from indicators.models import DailyReport, Indicator
from indicators.rules.daily_reports import closed_because, may_report
from indicators.rules.report_dates import check_report_date, clock_text
from indicators.selectors.expectation import dispatch_times, judge_closure, lead_department_id
from indicators.services.daily_reports.content import VALUE_FIELDS, read_evidence, read_values
from indicators.services.daily_reports.locking import report_of
from indicators.workflow.daily_reports import DAILY_REPORT, EDITABLE

#: What is written on the report itself; ``values`` and ``evidence`` hang on it.
TEXTS = ("no_change", "progress", "difficulty", "coordination")


def report_in_hand(indicator: Indicator, *, day: date, actor, now: datetime) -> DailyReport:
    """Return the report of (``indicator``, ``day``) that is ``actor``'s to write, unsaved while there is none.

    Whether the date is still open stands in its ``closure``.

    Raises:
        NotAllowed: the actor's department does not lead the indicator on that day, or the actor does not report.
        InvalidInput: a rest day or a day to come.
    """
    report = report_of(indicator, day) or DailyReport(indicator=indicator, date=day)
    lead = lead_department_id(indicator, day)
    if lead is not None and (report.pk is None or report.status == DailyReport.Status.DRAFT):
        # A draft goes with the indicator when the lead passes to another department.
        report.department_id = lead
    if not may_report(actor, report):
        raise NotAllowed(f"{indicator.code} {indicator.name} 的日报由牵头单位填报员或负责人填报")
    times = dispatch_times()
    check_report_date(day, now=now, times=times)
    return judge_closure(report, now=now, times=times)


def report_to_write(indicator: Indicator, *, day: date, actor, now: datetime) -> DailyReport:
    """Return the same while the date is open.

    Raises:
        Locked: the date is closed; the sentence says why and until when. Besides those of ``report_in_hand``.
    """
    report = report_in_hand(indicator, day=day, actor=actor, now=now)
    if sentence := closed_because(report):
        raise Locked(sentence)
    return report


def refusal_of(report: DailyReport, *, actor, version: int | None) -> DomainError | None:
    """Return why ``actor`` cannot save on ``report`` what they typed over ``version`` of it, None when they can.

    Somebody's own later save (the draft kept while typing, another tab) is no conflict.
    """
    if sentence := closed_because(report):
        return Locked(sentence)
    if report.pk and report.status not in EDITABLE:
        return InvalidTransition(f"当前为“{report.get_status_display()}”，不能修改。需要改动请先撤回")
    stored = report.version if report.pk else 0
    if version is None or version == stored or report.saved_by_id == actor.pk:
        return None
    who = report.saved_by.name if report.saved_by else "有人"
    saved_at = clock_text(report.saved_at, local_date(report.saved_at)) if report.pk else ""
    return VersionConflict(f"{who}在{saved_at} 保存了新内容。您填的没有丢，请选择保留哪一个")


@transaction.atomic
def save_draft(
    indicator: Indicator, *, day: date, actor, now: datetime, version: int | None = None, **content: Any
) -> DailyReport:
    """Create or update the draft of (``indicator``, ``day``); fields left out stay as they are.

    Args:
        indicator: a first-level indicator.
        day: the report's date.
        version: the version the writer saw, 0 for none yet; None means "whatever there is".
        content: any of ``no_change``, ``progress``, ``difficulty``, ``coordination``, ``values`` (a list that
            replaces the stored one, see ``read_values``) and ``evidence`` (ids, likewise). Numbers may be wrong:
            submission names what is.

    Raises:
        VersionConflict: somebody else wrote meanwhile.
        InvalidTransition: the report has been submitted; besides what ``report_to_write`` raises.
    """
    report = report_to_write(indicator, day=day, actor=actor, now=now)
    if refusal := refusal_of(report, actor=actor, version=version):
        raise refusal
    values = read_values(content["values"], indicator=indicator, day=day) if "values" in content else None
    evidence = read_evidence(content["evidence"], actor=actor) if "evidence" in content else None
    texts = {name: content[name] for name in TEXTS if name in content}
    before = snapshot(report)
    report = _write(report, texts, actor=actor, now=now)
    if values is not None:
        _replace_values(report, values)
    if evidence is not None:
        report.evidence.set(evidence)
    after = snapshot(report)
    if before != after:
        record_event(
            actor=actor, action="indicators.dailyreport.save", target=report, before=before, after=after, now=now
        )
    return judge_closure(report, now=now)


def _write(report: DailyReport, texts: dict[str, Any], *, actor, now: datetime) -> DailyReport:
    """Write the report's own columns: a new draft, or a new version of the one there is."""
    if report.pk:
        return swap(report, saved_at=now, saved_by=actor, department_id=report.department_id, **texts)
    try:
        with transaction.atomic():
            return DAILY_REPORT.enter(
                DailyReport,
                DailyReport.Status.DRAFT,
                indicator=report.indicator,
                date=report.date,
                department_id=report.department_id,
                started_by=actor,
                saved_at=now,
                saved_by=actor,
                **texts,
            )
    except IntegrityError:
        raise VersionConflict("刚刚有人开始填写同一份日报，请刷新后再看") from None


def _replace_values(report: DailyReport, values: list) -> None:
    """Put ``values`` in the place of the report's list, unless nothing has changed."""
    facts = ("indicator_id", *VALUE_FIELDS)
    if [tuple(getattr(row, name) for name in facts) for row in values] == list(report.values.values_list(*facts)):
        return
    report.values.all().delete()
    for row in values:
        row.report = report
    report.values.bulk_create(values)


def snapshot(report: DailyReport) -> dict[str, Any] | None:
    """Return what stands on the report for the audit log, None while there is no report."""
    if report.pk is None:
        return None
    return {
        **{name: getattr(report, name) for name in TEXTS},
        "values": list(report.values.values_list("indicator__code", "text", "as_of", "reason", "evidence_later")),
        "evidence": sorted(report.evidence.values_list("pk", flat=True)),
    }
