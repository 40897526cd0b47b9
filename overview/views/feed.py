"""The calendar feed: outside ``/api/v1/``, because calendars send neither headers nor cookies (api.md)."""

from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from accounts.selectors.tokens import find_feed_token
from accounts.services.tokens import note_use
from core import clock
from core.rate_limits import check_rate
from overview.selectors.feed import Deadline, deadlines_of

USE_STEP = timedelta(minutes=5)
#: How often a calendar should ask again.
REFRESH = timedelta(hours=1)
MINUTE = 60


@login_not_required
@require_safe
def deadlines_feed(request: HttpRequest) -> HttpResponse:
    """``GET /feeds/deadlines.ics?token=``: the deadlines of whose token it is.

    Without a token that opens it there is nothing here, 404, whether it is wrong, expired, revoked, of another
    scope or used from another network: the answer never tells which.
    """
    now, caller = clock.now(), request.META.get("REMOTE_ADDR", "")
    check_rate("feed", caller, most=60, seconds=MINUTE)
    token = find_feed_token(request.GET.get("token", ""), address=caller, now=now)
    if token is None:
        return HttpResponse("没有这个日历", status=404, content_type="text/plain; charset=utf-8")
    if token.last_used_at is None or now - token.last_used_at >= USE_STEP:
        note_use(token, now=now)
    calendar = calendar_of(deadlines_of(token.user, now=now), request, now)
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=300"
    response["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    return response


def calendar_of(rows: list[Deadline], request: HttpRequest, now: datetime) -> Calendar:
    """Return ``rows`` as a calendar; moments are in UTC, so no time zone needs describing."""
    calendar = Calendar()
    calendar.add("prodid", "-//Xiping County//Business Environment Dispatch//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "营商环境到期事项")
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for row in rows:
        calendar.add_component(_event(row, request, now))
    return calendar


def _event(row: Deadline, request: HttpRequest, now: datetime) -> Event:
    """Return one entry: a whole day for a date, else the moment of the deadline; it blocks no time."""
    event = Event()
    event.add("uid", f"{row.key}@{request.get_host().partition(':')[0]}")
    event.add("dtstamp", now.replace(microsecond=0))
    due = row.due
    event.add("dtstart", due.astimezone(now.tzinfo) if isinstance(due, datetime) else due)
    if not isinstance(due, datetime):
        event.add("dtend", due + timedelta(days=1))
    event.add("summary", row.summary)
    event.add("url", request.build_absolute_uri(row.url))
    event.add("status", "CANCELLED" if row.is_done else "CONFIRMED")
    event.add("sequence", int(row.is_done))
    event.add("transp", "TRANSPARENT")
    return event
