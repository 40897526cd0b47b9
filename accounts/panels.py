"""What this app shows on the pages of the apps below: the people of a unit (core.panels)."""

from accounts.models import User
from accounts.selectors.people import headcount, people_by_department
from core import clock
from core.access import Permission
from departments.models import Department


def people_panel(user: User, department: Department) -> dict:
    """Return the people of ``department`` for its page; nothing for those who may not read units."""
    if not user.can(Permission.READ_DEPARTMENTS):
        return {}
    people = people_by_department(clock.today(), department.pk).get(department.pk, [])
    return {"people": people, "keeps_accounts": user.can(Permission.KEEP_ACCOUNTS)}


def people_column(user: User, keys: list[int]) -> dict[int, int]:
    """Return how many people with an account each unit has, for the list of units."""
    return headcount(keys)
