"""Saving a list with its filters under a name (ui.md §6)."""

from datetime import datetime
from urllib.parse import unquote_plus

from django.db import transaction

from accounts.models import SavedView, User
from core.exceptions import InvalidInput, RuleViolation
from core.personal_data import find_personal_data

MOST = 20


@transaction.atomic
def save_view(*, actor: User, page: str, name: str, query: str, now: datetime) -> SavedView:
    """Keep ``query`` of the list ``page`` (its URL name) under ``name``; the same name again replaces it.

    Raises:
        InvalidInput: at ``name`` when it is empty, or when the filters hold somebody's number: nobody's is kept.
        RuleViolation: there are 20 views of this list already.
    """
    name = name.strip()
    if not name:
        raise InvalidInput.at("name", "请给视图起个名字")
    if find_personal_data(unquote_plus(query)):
        raise InvalidInput.at("name", "筛选条件里有电话或证件号码，不能保存", code="private_data")
    mine = SavedView.objects.visible_to(actor).filter(page=page)
    if view := mine.filter(name=name).first():
        view.query = query
        view.save(update_fields=["query"])
        return view
    if mine.count() >= MOST:
        raise RuleViolation(f"每个列表最多保存 {MOST} 个视图，请先删掉不用的")
    return SavedView.objects.create(user=actor, page=page, name=name, query=query, created_at=now)


def delete_view(view: SavedView, *, actor: User, now: datetime) -> None:
    """Forget a view of one's own; it is no record, so it leaves no audit line."""
    view.delete()
