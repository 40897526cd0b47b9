"""HTML doors of the accounts app."""

from accounts.views.login import SignIn, SignOut, locked_out
from accounts.views.password import Password
from accounts.views.second_factor import Code, Enrolment, TurnOff

__all__ = ["Code", "Enrolment", "Password", "SignIn", "SignOut", "TurnOff", "locked_out"]
