"""Who holds a role: the recipients of messages and the choices of forms."""

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User, UserRole
from accounts.roles import ROLE_PERMISSIONS
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
