"""The ladder of alerts that complaints and issues climb when they are late (domain §6, Escalation).

Nothing here knows an app: ``rungs`` is the rule, ``digests`` what a department is told, ``scanning`` how rounds
that stand on a new rung are found and put on record. Sent is it by ``accounts.services.ladder``.
"""

from core.ladder.digests import Alerts, Digest, Ladder
from core.ladder.rungs import (
    BY_PERSON,
    SECOND_REHANDLING,
    RoundClock,
    Rung,
    overdue_days,
    overdue_marks,
    rungs_reached,
    rungs_up_to,
)
from core.ladder.scanning import Reached, at_rung, climb, standing_on, stream

__all__ = [
    "BY_PERSON",
    "SECOND_REHANDLING",
    "Alerts",
    "Digest",
    "Ladder",
    "Reached",
    "RoundClock",
    "Rung",
    "at_rung",
    "climb",
    "overdue_days",
    "overdue_marks",
    "rungs_reached",
    "rungs_up_to",
    "standing_on",
    "stream",
]
