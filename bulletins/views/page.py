"""What the page of one paper shows: the paper, its numbers and their sources, checks, receipts, files, acts."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from bulletins.documents import checks_on, paper_of
from bulletins.documents.markup import linked, paper_context, tinted
from bulletins.forms.editing import EditForm
from bulletins.models import Bulletin
from bulletins.rules.bulletins import SIGNATURES, may_draft, may_review
from bulletins.rules.wording.phrases import span, span_of
from bulletins.selectors.comparison import paper_before
from bulletins.selectors.lists import KIND_WORDS
from bulletins.selectors.receipts import receipt_list
from bulletins.selectors.sources import sources_of, unbound_names, unseen_items
from bulletins.services.editing import numbers_today
from bulletins.views.acts import ACTS
from bulletins.workflow import BULLETIN
from core.access import Permission
from core.dates import SHANGHAI
from core.documents import fits_one_page
from core.selectors.calendar import work_calendar
from core.views.base import may_open

S = Bulletin.Status
#: All sections at once, in ``?section=``.
EVERY = "all"
#: What is done to one paper first in each state; the others stand before it as plain buttons.
FIRST = ("submit", "approve", "sign", "acknowledge")
#: Acts that cannot be taken back: drawn as such.
GRAVE = frozenset({"void"})
_STEPS = ((S.DRAFT, "草稿"), (S.REVIEW, "待审核"), (S.SIGNING, "待签发"), (S.ISSUED, "已印发"))


def name_of(bulletin: Bulletin) -> str:
    """Return what the page is called: kind and number given, or the period of a draft and its kind."""
    kind, given = KIND_WORDS[bulletin.kind], bulletin.document_number or bulletin.issue_number
    if given:
        return f"{kind} {given}"
    first, last = bulletin.from_on, bulletin.to_on
    named = {"month": f"{first.year}年{first.month}月", "year": f"{first.year}年"}
    return f"{named.get(span_of(first, last)) or span(first, last)}{kind}"


def cut_off_words(bulletin: Bulletin) -> str:
    """Return the cut-off as a date and a time; midnight is 24:00 of the day that ends (domain §8)."""
    moment = bulletin.cut_off.astimezone(SHANGHAI)
    if moment.time() == time.min:
        day = moment.date() - timedelta(days=1)
        return f"{day.month}月{day.day}日 24:00"
    return f"{moment.month}月{moment.day}日 {moment:%H:%M}"


def chosen_keys(bulletin: Bulletin, asked: str) -> list[str]:
    """Return the sections to be edited: the one asked for, all of them, or the first."""
    keys = [section.key for section in bulletin.sections.all()]
    if asked == EVERY:
        return keys
    return [asked] if asked in keys else keys[:1]


def edit_form(bulletin: Bulletin, *, user, asked: str, data: QueryDict | None = None) -> EditForm:
    """Return the form of the words; bound to ``data`` it has the fields that were sent and no others."""
    if data is not None:
        keys = [section.key for section in bulletin.sections.all() if section.key in data]
        return EditForm(data, bulletin=bulletin, keys=keys, user=user)
    initial = {"title": bulletin.title, "opening": bulletin.opening}
    return EditForm(initial=initial, bulletin=bulletin, keys=chosen_keys(bulletin, asked), user=user)


def page_of(bulletin: Bulletin, *, user, now, asked: str = "", form: EditForm | None = None) -> dict[str, Any]:
    """Return the context of ``bulletins/detail.html``.

    Args:
        bulletin: fetched through ``user``, with its sections.
        now: the moment, aware.
        asked: which section is to be edited (``?section=``).
        form: the words as typed, where they were refused.
    """
    is_out = bulletin.status in Bulletin.PUBLISHED
    may_edit = bulletin.status == S.DRAFT and may_draft(user, bulletin)
    sources = sources_of(bulletin, None if is_out else numbers_today(bulletin))
    stale = [source for source in sources if source.is_stale]
    shut = shut_addresses(bulletin, user)
    if may_edit and form is None:
        form = edit_form(bulletin, user=user, asked=asked)
    return {
        "bulletin": bulletin,
        "name": name_of(bulletin),
        "cut_off": cut_off_words(bulletin),
        "workdays": len(work_calendar().workdays(bulletin.from_on, bulletin.to_on)),
        "saved_at": max((section.changed_at for section in bulletin.sections.all()), default=None),
        "steps": steps_of(bulletin),
        "actions": actions_of(bulletin, user),
        "form": form if may_edit else None,
        "editing": asked,
        "is_out": is_out,
        "may_edit": may_edit,
        "sources": sources,
        "shut": shut,
        "stale_count": len(stale),
        "previous": paper_before(bulletin),
        "corrections": corrections_of(bulletin, user),
        **({} if is_out else checks_of(bulletin)),
        **items_of(bulletin, user, may_edit=may_edit),
        **receipts_of(bulletin, user),
        "may_attach_scan": is_attachable(bulletin, user),
        "has_sheet": user.can(Permission.READ_BULLETIN_DRAFTS),
        "has_picture": bulletin.kind == Bulletin.Kind.DAILY_BRIEF,
        **paper_context(bulletin, linked(shut=shut) if is_out else tinted(frozenset(source.name for source in stale))),
    }


def shut_addresses(bulletin: Bulletin, user) -> frozenset[str]:
    """Return the addresses behind the paper's numbers that ``user`` may not open: what is out is read by every unit."""
    addresses = {number["url"] for number in bulletin.snapshot["numbers"].values()}
    return unseen_items(bulletin, user) | {address for address in addresses if not may_open(user, address)}


def steps_of(bulletin: Bulletin) -> list[dict[str, Any]]:
    """Return the four main states with who moved it and when."""
    order = [code for code, _ in _STEPS]
    here = order.index(S.ISSUED if bulletin.status == S.VOIDED else S(bulletin.status))
    people = {S.REVIEW: bulletin.submitted_by, S.SIGNING: bulletin.approved_by, S.ISSUED: bulletin.signed_by}
    return [
        {
            "label": "作废" if code == S.ISSUED and bulletin.status == S.VOIDED else label,
            "note": person.name if place <= here and (person := people.get(code)) else "",
            "is_done": place < here,
            "is_current": place == here,
        }
        for place, (code, label) in enumerate(_STEPS)
    ]


def actions_of(bulletin: Bulletin, user) -> list[dict[str, Any]]:
    """Return the acts offered, the next step last and primary: a button at once, or the way to the act's page."""
    acts = [act for act in BULLETIN.available(bulletin, user) if act.name in ACTS]
    return [
        {
            "label": act.label,
            "url": reverse("bulletins:act", args=[bulletin.number, act.name]),
            "is_simple": not ACTS[act.name].asks and act.name not in SIGNATURES,
            "is_first": act.name in FIRST,
            "is_grave": act.name in GRAVE,
        }
        for act in sorted(acts, key=lambda act: act.name in FIRST)
    ]


def checks_of(bulletin: Bulletin) -> dict[str, Any]:
    """Return what stands in the way of signing, and what deviates from GB/T 9704 without barring it."""
    found, too_long = checks_on(bulletin), []
    if bulletin.kind == Bulletin.Kind.DAILY_BRIEF and not fits_one_page(paper_of(bulletin)):
        too_long = ["快报超过一页，请删短"]
    return {
        "blocking": [*found.blocking, *(f"已不在本期数据里的 {{{name}}}" for name in unbound_names(bulletin))],
        "findings": [*too_long, *found.findings],
    }


def items_of(bulletin: Bulletin, user, *, may_edit: bool) -> dict[str, Any]:
    """Return the overdue items section 六 names, and those left out with who decided and why."""
    return {
        "named": bulletin.snapshot["tables"].get("named", []),
        "left_out": bulletin.exclusions.select_related("decided_by")
        if user.can(Permission.READ_BULLETIN_DRAFTS)
        else [],
        "may_leave_out": may_edit and may_review(user, bulletin),
    }


def receipts_of(bulletin: Bulletin, user) -> dict[str, Any]:
    """Return who has signed receipt and who has not, for those who see drafts; for a unit only its own."""
    if bulletin.status not in Bulletin.PUBLISHED:
        return {"receipts": None, "own_receipt": None}
    own = None
    if user.scope_department_id is not None:
        own = bulletin.receipts.filter(department=user.scope_department_id).select_related("user").first()
    rows = receipt_list(bulletin) if user.can(Permission.READ_BULLETIN_DRAFTS) else None
    signed = sum(1 for row in rows or () if row["at"])
    return {"receipts": rows, "received": signed, "own_receipt": own}


def corrections_of(bulletin: Bulletin, user) -> list[Mapping[str, Any]]:
    """Return the papers that correct this one, among those ``user`` sees."""
    rows = Bulletin.objects.visible_to(user).filter(corrects=bulletin).exclude(status=S.VOIDED).order_by("id")
    return [
        {"number": row.number, "word": row.document_number or row.issue_number or "更正稿", "row": row} for row in rows
    ]


def is_attachable(bulletin: Bulletin, user) -> bool:
    """Return whether ``user`` may attach the stamped scan now."""
    return bulletin.status == S.ISSUED and bulletin.stamped_scan_id is None and may_draft(user, bulletin)
