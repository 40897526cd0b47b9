"""Writes of the accounts app."""

from accounts.services.devices import revoke_device, trust_device
from accounts.services.messages import mark_read, notify
from accounts.services.passwords import change_password, set_one_time_password
from accounts.services.sessions import (
    begin_session,
    end_all_sessions,
    end_session,
    record_failed_sign_in,
    rename_session,
    sign_out,
)
from accounts.services.tokens import issue_token, open_token, revoke_token

__all__ = [
    "begin_session",
    "change_password",
    "end_all_sessions",
    "end_session",
    "issue_token",
    "mark_read",
    "notify",
    "open_token",
    "record_failed_sign_in",
    "rename_session",
    "revoke_device",
    "revoke_token",
    "set_one_time_password",
    "sign_out",
    "trust_device",
]
