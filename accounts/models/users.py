"""People: one department each, roles, and a deputy with dates (domain §1, §2)."""

from datetime import date
from functools import cached_property

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from accounts.roles import ADMINISTRATORS, DEPARTMENT_ROLES, ROLE_PERMISSIONS, Role
from core.access import Permission
from core.kept import keep


class UserManager(BaseUserManager):
    """Looks people up by user name."""

    def get_by_natural_key(self, username):
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person with an account. What they may do follows from their roles only; there is no superuser.

    A deputy who has switched to the absent person carries ``acting_for`` for the request; roles and
    department are then the absent person's, and the audit log names both.
    """

    username = models.CharField("登录名", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    department = models.ForeignKey(
        "departments.Department", models.PROTECT, null=True, blank=True, related_name="people", verbose_name="单位"
    )
    phone = models.CharField("电话", max_length=30, blank=True)
    email = models.EmailField("邮箱", blank=True)
    job_title = models.CharField("职务", max_length=60, blank=True)
    is_active = models.BooleanField("启用", default=True)
    is_demo = models.BooleanField("演示账号", default=False)
    is_service = models.BooleanField("接口账号", default=False)
    must_change_password = models.BooleanField("须修改密码", default=False)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True)
    session_epoch = models.PositiveIntegerField("会话代次", default=1)
    deputy = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="deputises_for", verbose_name="代理人"
    )
    deputy_from = models.DateField("代理开始", null=True, blank=True)
    deputy_until = models.DateField("代理结束", null=True, blank=True)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    acting_for: "User | None" = None

    class Meta:
        ordering = ["department__official_order", "username"]
        constraints = [
            models.CheckConstraint(
                name="deputy_has_dates",
                condition=Q(deputy=None)
                | (Q(deputy_from__isnull=False) & Q(deputy_until__gte=models.F("deputy_from"))),
            )
        ]
        verbose_name = verbose_name_plural = "人员"

    def __str__(self):
        return self.name

    @cached_property
    def own_roles(self) -> frozenset[str]:
        """The roles held personally."""
        rows = self.role_rows.order_by().values_list("role", flat=True)
        return keep((UserRole, self.pk), lambda: frozenset(rows), lasting=True)

    @property
    def roles(self) -> frozenset[str]:
        """The roles in effect: the absent person's while deputising, else one's own."""
        return self.acting_for.own_roles if self.acting_for else self.own_roles

    @property
    def scope_department_id(self) -> int | None:
        """The department whose rows this person sees and acts for."""
        return self.acting_for.department_id if self.acting_for else self.department_id

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything the roles in effect allow."""
        return frozenset().union(*(ROLE_PERMISSIONS[role] for role in self.roles))

    def can(self, permission: Permission) -> bool:
        """Return whether any role in effect allows ``permission``."""
        return any(permission in ROLE_PERMISSIONS[role] for role in self.roles)

    def has_role(self, *roles: str) -> bool:
        """Return whether any of ``roles`` is in effect."""
        return not self.roles.isdisjoint(roles)

    @property
    def sees_all_departments(self) -> bool:
        """R1 R2 R3 R6 R7 see every department's rows."""
        return self.can(Permission.READ_ALL_DEPARTMENTS)

    def may_act_for(self, absent: "User", today: date) -> bool:
        """Return whether this person is ``absent``'s deputy on ``today``."""
        if absent.deputy_id != self.pk or absent.deputy_from is None or absent.deputy_until is None:
            return False
        return absent.is_active and absent.deputy_from <= today <= absent.deputy_until

    def _get_session_auth_hash(self, secret=None) -> str:
        """Tie sessions to the password *and* to ``session_epoch``: raising it ends every session.

        Both public methods (also the one for a changed SECRET_KEY) ask here, so it is here that we join in.
        """
        kept = f"{self.password}|{self.session_epoch}"
        return salted_hmac("accounts.User.session", kept, secret=secret, algorithm="sha256").hexdigest()

    @property
    def needs_second_factor(self) -> bool:
        """The three administrators sign in with a code as well; demo accounts do not (quality.md)."""
        return not self.is_demo and not self.own_roles.isdisjoint(ADMINISTRATORS)

    @property
    def may_trust_devices(self) -> bool:
        """People of departments (R4 R5) may; those who see every unit's rows or keep accounts may not."""
        return bool(self.own_roles) and self.own_roles <= DEPARTMENT_ROLES

    @property
    def role_labels(self) -> list[str]:
        """The Chinese names of the roles in effect, in the order of the policy page."""
        return [role.label for role in Role if role in self.roles]


class UserRole(models.Model):
    """One role held by one person."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_rows")
    role = models.CharField("角色", max_length=12, choices=Role)

    class Meta:
        ordering = ["user_id", "role"]
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="role_once_per_user")]
        verbose_name = verbose_name_plural = "角色"

    def __str__(self):
        return f"{self.user_id} {self.get_role_display()}"
