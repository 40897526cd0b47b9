"""The beat schedule: everything that happens by itself, on one page. Times are Asia/Shanghai.

Each task may run twice or late: it does what is due and not yet in the ledger (``core.ledger``).
That is why the acts of the day stand here at their time *and* every ten minutes: the second line
makes up for a scheduler that was down, and for office times changed in the settings.
"""

from typing import Any

from celery.schedules import crontab

EACH_MINUTE = crontab()
EVERY_TEN_MINUTES = crontab(minute="*/10")


def at(hour: int, minute: int) -> crontab:
    """Return the schedule "every day at hour:minute"; the tasks themselves know rest days."""
    return crontab(hour=str(hour), minute=str(minute))


TABLE = (
    # What /readyz and verify_audit live by.
    ("core.tasks.heartbeat", EACH_MINUTE),
    ("core.tasks.seal_audit", EACH_MINUTE),
    # Imports and exports whose worker was killed.
    ("core.tasks.redeliver_jobs", EACH_MINUTE),
    # Exports after 7 days, jobs after 90, uploads that were never attached.
    ("core.tasks.clean_up", at(3, 30)),
    ("core.tasks.clean_up", EVERY_TEN_MINUTES),
    # Daily dispatch (domain §4): reminder, cut-off, lock.
    ("indicators.tasks.remind_unreported", at(16, 30)),
    ("indicators.tasks.cut_off", at(17, 30)),
    ("indicators.tasks.lock", at(10, 0)),
    ("indicators.tasks.remind_unreported", EVERY_TEN_MINUTES),
    ("indicators.tasks.cut_off", EVERY_TEN_MINUTES),
    ("indicators.tasks.lock", EVERY_TEN_MINUTES),
    # Next year's set of indicators on the day chosen for it (domain §3).
    ("indicators.tasks.activate_sets", at(0, 5)),
    ("indicators.tasks.activate_sets", EVERY_TEN_MINUTES),
    # Once a week, on its first working day (domain §4).
    ("indicators.tasks.propose_dispatch_classes", at(8, 0)),
    ("indicators.tasks.propose_dispatch_classes", EVERY_TEN_MINUTES),
    # Complaints (domain §6): the ladder of alerts, in office hours, and the clocks of regime business.
    ("complaints.tasks.scan", EVERY_TEN_MINUTES),
    ("complaints.tasks.run_business_clocks", EVERY_TEN_MINUTES),
    # Issues (domain §7): the same ladder, the limit of verifiers, look-backs whose day has come.
    ("supervision.tasks.scan", EVERY_TEN_MINUTES),
    ("supervision.tasks.remind_those_who_check", EVERY_TEN_MINUTES),
    # Bulletins and reports (domain §8): at their usual times, and whatever the office set instead.
    ("bulletins.tasks.draft_due", at(8, 30)),
    ("bulletins.tasks.draft_due", at(17, 45)),
    ("bulletins.tasks.draft_due", EVERY_TEN_MINUTES),
    ("bulletins.tasks.remind_receipts", EVERY_TEN_MINUTES),
    # E-mail and group robots, at most 20 a minute.
    ("accounts.tasks.deliver_outbox", EACH_MINUTE),
)

# A message nobody took for 50 seconds is dropped: the next one does the same work, and a worker that
# comes back after a night must not find a thousand heartbeats.
SCHEDULE: dict[str, dict[str, Any]] = {
    f"{task} {when}": {"task": task, "schedule": when, "options": {"expires": 50}} for task, when in TABLE
}
