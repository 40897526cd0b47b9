"""Whose names would count under a clearance request, to tell them (domain §7, two names; the act: ``rules.issues``)."""

from collections.abc import Collection

from accounts.models import User
from accounts.selectors import people_with_permission
from core.access import Permission
from supervision.models import Issue
from supervision.rules.issues import NAMES_NEEDED, evidence_givers, standing_request


class Verifiers:
    """R6 and R2 who verify, and R3 who signs in need, read once for any number of requests; two queries."""

    def __init__(self):
        self._verifiers = list(people_with_permission(Permission.VERIFY_ISSUES))
        self._signers = list(people_with_permission(Permission.VERIFY_IN_NEED))

    def asked(
        self, *, departments: Collection[int | None], givers: Collection[int], signed: Collection[int]
    ) -> list[User]:
        """Return who is still to sign: R3 only where R6 and R2 do not give two names.

        Args:
            departments: keys of those that lead or assist.
            givers: keys of people who gave evidence of after in the round.
            signed: keys of people who signed under the request.
        """
        eligible = [one for one in self._verifiers if one.department_id not in departments and one.pk not in givers]
        if len(eligible) < NAMES_NEEDED:
            eligible += [one for one in self._signers if one.department_id not in departments and one not in eligible]
        return [one for one in eligible if one.pk not in signed]


def who_verifies(issue: Issue) -> list[User]:
    """Return whose name is still missing under the request of ``issue`` that waits."""
    request = standing_request(issue)
    return Verifiers().asked(
        departments={issue.department_id, *issue.assisting.values_list("pk", flat=True)},
        givers=evidence_givers(issue),
        signed=set() if request is None else set(request.verifications.values_list("user", flat=True)),
    )
