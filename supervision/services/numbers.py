"""Running numbers: of issues, WT-2026-0001, and of printed forms, 西营商交〔2026〕3号 (domain §7, Forms).

Call them inside the transaction of the act that earns the number: an act that fails spends none.
"""

from datetime import datetime

from django.db.models import F, Max

from core.clock import local_date
from core.settings_registry import setting
from supervision.models import FormNumber, IssueNumberCounter

#: What follows the issuing office's own code in the number of each form.
MARKS = {
    FormNumber.Kind.ASSIGNMENT: "交",
    FormNumber.Kind.NOTICE: "改",
    FormNumber.Kind.CLEARANCE: "销",
    FormNumber.Kind.SUPERVISION: "督",
    FormNumber.Kind.LETTER: "函",
}


def next_issue_number(now: datetime) -> str:
    """Return the next number of the year (Asia/Shanghai) of the aware ``now``."""
    year = local_date(now).year
    counter, _ = IssueNumberCounter.objects.get_or_create(year=year)
    IssueNumberCounter.objects.filter(pk=counter.pk).update(last=F("last") + 1)
    counter.refresh_from_db()
    return f"WT-{year}-{counter.last:04d}"


def give_form_number(kind: str, *, now: datetime, prefix: str = "") -> FormNumber:
    """Give the next number of ``kind`` in the year of ``now``; ``prefix`` where another office than 营商办 issues it.

    Two at once are kept apart by the unique constraint on prefix, year and serial: the loser's act is undone
    and told so, and no number is spent.
    """
    prefix = prefix or f"{setting('issues.document_code')}{MARKS[FormNumber.Kind(kind)]}"
    year = local_date(now).year
    given = FormNumber.objects.filter(prefix=prefix, year=year)
    last = given.aggregate(last=Max("serial"))["last"] or 0
    return FormNumber.objects.create(kind=kind, prefix=prefix, year=year, serial=last + 1, given_at=now)
