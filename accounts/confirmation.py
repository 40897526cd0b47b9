"""Asking for the password again, for identities and signatures (quality.md Security).

A trusted device keeps its person logged in for 30 days, so that whoever holds it could sign in the person's name.
Doors of such acts call ``require_recent_password``, whichever app they belong to.
"""

from datetime import datetime, timedelta
from typing import Any

from axes.utils import reset as forget_failures
from django.conf import settings
from django.contrib.auth import authenticate

from accounts.selectors.devices import stands_on_device
from accounts.services.sessions import STARTED, record_confirmation
from core.exceptions import NotAllowed
from core.settings_registry import setting

#: When the password was last confirmed in this session; a log-in counts as well.
CONFIRMED = "password_confirmed_at"
#: The field of the step-up page that carries the password, beside everything the refused form had sent.
FIELD = "confirm_password"
#: Sent back by the step-up page where the refused form had files, which no page can hand on.
FILES_LOST = "choose_files_again"
ASKED = "这台设备已设为信任设备，签发和查看诉求人身份前须再输入一次密码。请在“我的”中确认密码后再办"


class PasswordConfirmationRequired(NotAllowed):
    """The act asks for the password again (403); ``PasswordConfirmationMiddleware`` turns it into a page."""

    code = "password_confirmation_required"


def is_password_recent(session, *, now: datetime) -> bool:
    """Return whether the log-in may sign and see identities at the aware ``now`` without being asked again.

    Always, unless it stands on a trusted device: then for so many minutes after the password was typed
    (setting ``accounts.confirmation_minutes``).
    """
    if not stands_on_device(session.session_key):
        return True
    typed = [datetime.fromisoformat(session[mark]) for mark in (STARTED, CONFIRMED) if session.get(mark)]
    lifetime = timedelta(minutes=setting("accounts.confirmation_minutes"))
    return any(now - moment < lifetime for moment in typed)


def require_recent_password(request: Any, *, now: datetime) -> None:
    """Let an act of a signature or an identity pass only when the password was typed recently.

    Call it in the door after its 404 and 403, before anything else is judged. A page's request may carry the
    password in ``FIELD``: the step-up page sends it together with what was typed before.

    Args:
        request: of a page or of the API; callers with a token (``request.auth``) are not asked.
        now: the moment, aware.

    Raises:
        PasswordConfirmationRequired: the password is asked for, or the one sent is wrong.
    """
    if getattr(request, "auth", None) is not None or is_password_recent(request.session, now=now):
        return
    word = "" if request.path.startswith("/api/") else request.POST.get(FIELD, "")
    if not word:
        raise PasswordConfirmationRequired(ASKED)
    confirm_password(request, word, now=now)


def confirm_password(request: Any, word: str, *, now: datetime) -> None:
    """Note in the session that the signed-in person typed their password at ``now``, audited.

    A deputy types their own. Wrong ones count towards the lock-out like those of the log-in page.

    Raises:
        PasswordConfirmationRequired: it is wrong; the sentence says how many tries are left.
    """
    person = request.user
    is_right = authenticate(request, username=person.username, password=word) is not None
    record_confirmation(actor=person, is_right=is_right, now=now)
    if not is_right:
        failures = getattr(request, "axes_failures_since_start", None) or 0
        left = max(settings.AXES_FAILURE_LIMIT - failures, 0)
        raise PasswordConfirmationRequired(f"密码不正确。还可再试 {left} 次，之后锁定 15 分钟", code="wrong_password")
    forget_failures(username=person.username, ip=request.META.get("REMOTE_ADDR"))
    request.session[CONFIRMED] = now.isoformat()
