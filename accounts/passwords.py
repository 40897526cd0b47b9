"""Password rules: 10 characters, 3 of 4 kinds of characters, not the name, none of the last five (quality.md Security).

The list of common passwords is Django's; settings ``AUTH_PASSWORD_VALIDATORS`` name them all.
"""

import secrets
import string

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

KINDS = (str.islower, str.isupper, str.isdigit, lambda character: not character.isalnum())
# Without letters and digits that are mistaken for each other when read out over the telephone.
_SPOKEN = "".join(set(string.ascii_letters + string.digits) - set("0O1lI5S"))


class LengthValidator:
    """Demands a length. Django's own says so in English: its sentence is not translated."""

    def __init__(self, minimum: int = 10):
        self.minimum = minimum

    def validate(self, password, user=None):
        if len(password) < self.minimum:
            raise ValidationError(self.get_help_text(), code="password_too_short")

    def get_help_text(self):
        return f"密码至少 {self.minimum} 位"


class CharacterClassesValidator:
    """Demands three of: lower case, upper case, digits, other characters."""

    def validate(self, password, user=None):
        kinds = sum(any(is_kind(character) for character in password) for is_kind in KINDS)
        if kinds < 3:
            raise ValidationError(self.get_help_text(), code="password_too_uniform")

    def get_help_text(self):
        return "密码应包含大写字母、小写字母、数字、符号中的至少三类"


class NotTheNameValidator:
    """Refuses passwords that contain the log-in or the person's name."""

    def validate(self, password, user=None):
        names = (getattr(user, "username", ""), getattr(user, "name", ""))
        if any(len(name) >= 2 and name.casefold() in password.casefold() for name in names):
            raise ValidationError(self.get_help_text(), code="password_contains_name")

    def get_help_text(self):
        return "密码不能包含登录名或姓名"


class PasswordHistoryValidator:
    """Refuses the present password and those before it, five in all."""

    def __init__(self, remembered: int = 5):
        self.remembered = remembered

    def validate(self, password, user=None):
        if user is None or user.pk is None:
            return
        earlier = user.password_records.values_list("password", flat=True)[: self.remembered - 1]
        if any(check_password(password, used) for used in {user.password, *earlier}):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self):
        return f"不能使用最近 {self.remembered} 次用过的密码"


def one_time_password() -> str:
    """Return a random password of 14 characters that keeps the rules and can be read out."""
    word = "".join(secrets.choice(_SPOKEN) for _ in range(11))
    return f"{word[:4]}-{word[4:8]}-{word[8:]}{secrets.choice('234')}"
