"""HTML doors of the accounts app."""

from accounts.views import administration, console, inbox, login, password, profile, requests, second_factor
from accounts.views.login import locked_out

__all__ = [
    "administration",
    "console",
    "inbox",
    "locked_out",
    "login",
    "password",
    "profile",
    "requests",
    "second_factor",
]
