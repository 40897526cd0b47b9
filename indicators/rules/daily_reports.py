"""Who may do what with a daily report, and when approval is needed (domain §1, §4). Pure predicates.

They look at role and department only; the state belongs to the table in ``indicators.workflow.daily_reports``.
"""

from core.access import Permission


def leads(actor, report) -> bool:
    """Return whether ``actor`` works for the department that answers for the report. Assisting ones do not."""
    return actor.scope_department_id is not None and actor.scope_department_id == report.department_id


def may_report(actor, report) -> bool:
    """Return whether the actor writes, submits and withdraws: R4 and R5 of the lead department."""
    return actor.can(Permission.REPORT) and leads(actor, report)


def may_approve(actor, report) -> bool:
    """Return whether the actor approves and sends back: R5 of the lead department."""
    return actor.can(Permission.APPROVE_REPORTS) and leads(actor, report)


def may_review(actor, report) -> bool:
    """Return whether the actor accepts and returns: R1 and R2."""
    return actor.can(Permission.REVIEW_REPORTS)


def may_reopen(actor, report) -> bool:
    """Return whether the actor reopens what was accepted: R2."""
    return actor.can(Permission.REOPEN_REPORTS)


def closed_because(report) -> str | None:
    """Return why the department may no longer write on this report, None while it may.

    ``report.closure`` is put there by ``indicators.selectors.expectation.judge_closure``; a row nobody judged
    has none and raises, so that a forgotten lock never counts as an open one.
    """
    return report.closure.sentence if report.closure.is_closed else None


def needs_approval(report) -> bool:
    """Return whether the submission waits for the head.

    Not when the head submits, when the department has switched approval off, or when nothing has changed:
    今日无变化 is 已报 in one tap. ``report.submitted_by`` is the person submitting now.
    """
    return not (
        report.submitted_by.can(Permission.APPROVE_REPORTS)
        or not report.department.head_approval
        or is_plain_no_change(report)
    )


def is_plain_no_change(report) -> bool:
    """Return whether the report says nothing but 今日无变化."""
    return report.no_change and not has_text(report)


def has_text(report) -> bool:
    """Return whether something is written on the report."""
    return bool(report.progress.strip() or report.difficulty.strip())
