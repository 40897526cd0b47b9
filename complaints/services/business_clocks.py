"""The clocks of regime business: accepted by silence, and the province's number entered in time (豫政办〔2024〕67号)."""

from datetime import datetime

from django.db import transaction

from complaints.selectors.business_clocks import past_limit, undecided, without_provincial_number
from complaints.selectors.deadlines import Stage
from complaints.services.moves import tell_office
from complaints.services.office import accept_by_silence
from core.dates.deadlines import within_office_hours
from core.exceptions import InvalidTransition, VersionConflict
from core.ledger import claim_run
from core.selectors.calendar import work_calendar


def accept_undecided(*, now: datetime) -> list[str]:
    """Accept the business complaints on which nobody decided within the limit (3 working days); return their numbers.

    At any hour, because the limit ends at night. What a person decides meanwhile stays decided.
    """
    calendar = work_calendar()
    accepted = []
    for complaint in list(past_limit(undecided(), Stage.REVIEW, now=now, calendar=calendar)):
        try:
            accept_by_silence(complaint, now=now)
        except (InvalidTransition, VersionConflict):
            continue  # decided by somebody in this very moment
        accepted.append(complaint.number)
    return accepted


def remind_provincial_numbers(*, now: datetime) -> list[str]:
    """Tell the office once of each business complaint that is not on the province's platform within its limit.

    In office hours only. Returns the numbers told of now.
    """
    calendar = work_calendar()
    if not within_office_hours(calendar, now):
        return []
    told = []
    for complaint in list(past_limit(without_provincial_number(), Stage.ENTER, now=now, calendar=calendar)):
        with transaction.atomic():
            if claim_run("provincial_number_overdue", str(complaint.pk), now=now):
                tell_office(complaint, "number_overdue", "录入省平台已超时限，请补录省平台案件号", now=now)
                told.append(complaint.number)
    return told
