"""Writes of the accounts app. Account requests: ``accounts.services.requests``."""

from accounts.services.administration import change_settings, record_audit_export
from accounts.services.deputies import appoint_deputy, dismiss_deputy, start_acting, stop_acting
from accounts.services.devices import revoke_device, trust_device
from accounts.services.ladder import send_digests
from accounts.services.messages import mark_all_read, mark_read, notify
from accounts.services.outbox import alert_people, resend
from accounts.services.passwords import change_password, set_one_time_password
from accounts.services.people import edit_person
from accounts.services.saved_views import delete_view, save_view
from accounts.services.sessions import (
    begin_session,
    end_all_sessions,
    end_session,
    record_failed_sign_in,
    rename_session,
    sign_out,
)
from accounts.services.tokens import issue_token, open_feed_token, open_token, revoke_token

__all__ = [
    "alert_people",
    "appoint_deputy",
    "begin_session",
    "change_password",
    "change_settings",
    "delete_view",
    "dismiss_deputy",
    "edit_person",
    "end_all_sessions",
    "end_session",
    "issue_token",
    "mark_all_read",
    "mark_read",
    "notify",
    "open_feed_token",
    "open_token",
    "record_audit_export",
    "record_failed_sign_in",
    "rename_session",
    "resend",
    "revoke_device",
    "revoke_token",
    "save_view",
    "send_digests",
    "set_one_time_password",
    "sign_out",
    "start_acting",
    "stop_acting",
    "trust_device",
]
