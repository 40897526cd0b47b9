"""Who is calling when a proxy stands in front: the address for lock-out, rate limits and the audit log."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from core.addresses import among


class RealAddressMiddleware:
    """Replace REMOTE_ADDR by the caller's address when the request came from a trusted proxy.

    X-Forwarded-For is read from the right: the last address that is no trusted proxy is the caller.
    Whatever stands further left was written by the caller and is not believed. From anybody else the
    header is left where it is and changes nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        trusted = settings.TRUSTED_PROXIES
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR")
        if forwarded and among(request.META.get("REMOTE_ADDR", ""), trusted):
            hops = [hop.strip() for hop in forwarded.split(",")]
            callers = [hop for hop in hops if not among(hop, trusted)]
            request.META["REMOTE_ADDR"] = (callers or hops)[-1]
            del request.META["HTTP_X_FORWARDED_FOR"]
        return self.get_response(request)
