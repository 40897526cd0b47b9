"""What lists ask in SQL: the same answers row by row as the predicates of ``deadlines`` (domain §6)."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from complaints.identities import phone_digest
from complaints.models import AssistingDepartment, CallerPhone, Complaint
from complaints.selectors.deadlines import nearly_due_before
from core.access import Permission
from core.dates import WorkCalendar

#: What the words of a search are looked for in.
SEARCHED = ("number", "title", "enterprise", "provincial_number", "content")
SHORTEST_PHONE = 7


def overdue_q(now: datetime) -> Q:
    """Return the condition of ``deadlines.is_overdue``; ``clock_due_at`` is set only while the clock runs."""
    return Q(clock_due_at__lt=now)


def nearly_due_q(now: datetime, calendar: WorkCalendar) -> Q:
    """Return the condition of ``deadlines.is_nearly_due``."""
    soon = Q(clock_due_at__lte=nearly_due_before(now, calendar))
    return Q(clock_due_at__gte=now) & (soon | Q(clock_quarter_at__lte=now))


def sign_overdue_q(now: datetime) -> Q:
    """Return the condition of 签收已超: waiting to be signed for, the sign limit passed (not 'overdue')."""
    return Q(status=Complaint.Status.DISPATCHED, current_round__sign_due_at__lt=now)


def upstream_overdue_q(now: datetime) -> Q:
    """Return the condition that the platform's own limit has passed while the complaint is open."""
    return Q(status__in=Complaint.OPEN, upstream_due_at__lt=now)


def involved_q(code: str) -> Q:
    """Return the condition that the department of that code leads or assists now."""
    return Q(department__code=code) | assisted_q(department__code=code)


def assisted_q(**conditions) -> Q:
    """Return the condition that the current round has an assisting department of which ``conditions`` hold."""
    helpers = AssistingDepartment.objects.unscoped("narrows rows already scoped")
    return Q(Exists(helpers.filter(round=OuterRef("current_round"), **conditions)))


def found(rows, words: str, *, user):
    """Return ``rows`` holding every word of ``words``; a phone number finds its caller for R1 R2 only.

    The number is compared by its blind index and never in a text.
    """
    for word in words.split():
        matches = Q(*((f"{field}__icontains", word) for field in SEARCHED), _connector=Q.OR)
        if is_phone(word):
            matches = caller_q(word) if may_search_callers(user) else matches
        rows = rows.filter(matches)
    return rows


def is_phone(word: str) -> bool:
    """Return whether ``word`` is written like a phone number: digits only, besides hyphens, at least seven."""
    digits = word.replace("-", "")
    return digits.isascii() and digits.isdigit() and len(digits) >= SHORTEST_PHONE


def may_search_callers(user) -> bool:
    """Only R1 and R2 find complaints by the caller's number."""
    return user.can(Permission.DISPATCH_COMPLAINTS)


def caller_q(word: str) -> Q:
    """Return the condition that the caller's phone is ``word``, or that a number of the complaint holds it."""
    callers = CallerPhone.objects.filter(complaint=OuterRef("pk"), digest=phone_digest(word.replace("-", "")))
    return Q(Exists(callers)) | Q(number__icontains=word) | Q(provincial_number__icontains=word)
