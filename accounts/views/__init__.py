"""HTML doors of the accounts app."""

from accounts.views.login import SignIn, SignOut, locked_out

__all__ = ["SignIn", "SignOut", "locked_out"]
