"""Who holds a role: the recipients of messages and the choices of forms."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.models import User, UserRole
from accounts.roles import ROLE_PERMISSIONS, Role
from accounts.rules import deputy_stands_on
from core.access import Permission


def people_with_role(*roles: str, department=None) -> QuerySet[User]:
    """Return active people who hold any of ``roles``, of ``department`` (row or id) when given."""
    holds = UserRole.objects.filter(user=OuterRef("pk"), role__in=roles)
    people = User.objects.filter(Exists(holds), is_active=True)
    return people if department is None else people.filter(department=department)


def people_with_permission(permission: Permission, department=None) -> QuerySet[User]:
    """Return active people whose roles allow ``permission``."""
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]
    return people_with_role(*roles, department=department)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person as the 单位与人员 page lists them; contacts of colleagues, never of complainants."""

    username: str
    name: str
    job_title: str
    phone: str
    roles: tuple[str, ...]
    deputy: str = ""


def people_by_department(today: date, department_id: int | None = None) -> dict[int, list[PersonLine]]:
    """Return the active people of each department (id), or of one, with roles in words; two queries.

    ``deputy`` is named while they stand in on ``today``. Service accounts and the people of no unit are left out.
    """
    people = User.objects.filter(is_active=True, is_service=False, department__isnull=False)
    if department_id is not None:
        people = people.filter(department=department_id)
    rows = people.select_related("deputy").prefetch_related("role_rows").order_by("department_id", "username")
    listed: dict[int, list[PersonLine]] = defaultdict(list)
    for person in rows:
        assert person.department_id is not None  # filtered above
        listed[person.department_id].append(
            PersonLine(
                username=person.username,
                name=person.name,
                job_title=person.job_title,
                phone=person.phone,
                roles=tuple(role_words(row.role for row in person.role_rows.all())),
                deputy=person.deputy.name if person.deputy and deputy_stands_on(person, today) else "",
            )
        )
    return dict(listed)


def headcount(department_ids: Iterable[int]) -> dict[int, int]:
    """Return how many active people each of these departments has; one query, departments without any left out."""
    people = User.objects.filter(is_active=True, is_service=False, department__in=department_ids)
    return dict(people.order_by().values_list("department").annotate(Count("pk")))


def role_words(roles: Iterable[str]) -> list[str]:
    """Return the Chinese names of ``roles`` in the order of the policy page."""
    held = set(roles)
    return [role.label for role in Role if role in held]


def possible_deputies(person: User) -> QuerySet[User]:
    """Return the active people of ``person``'s unit, themselves left out; the service judges the rest."""
    return User.objects.filter(is_active=True, is_service=False, department=person.department_id).exclude(pk=person.pk)


def absent_people(deputy: User, today: date) -> QuerySet[User]:
    """Return the people whom ``deputy`` may act for on ``today``."""
    return User.objects.filter(
        deputy=deputy, is_active=True, deputy_from__lte=today, deputy_until__gte=today
    ).select_related("department")
