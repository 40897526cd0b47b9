"""News from Django: a session has been opened, by whichever door."""

from accounts.services.sessions import mark_session
from core import clock


def mark_new_session(sender, request, user, **kwargs) -> None:
    """Give every new log-in its marks; without them SessionLimitsMiddleware would end it at once."""
    mark_session(request.session, now=clock.now())
