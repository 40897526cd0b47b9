"""Adapters between requests and the domain: facts for the audit log, and errors as pages."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from core.audit import caller_address
from core.exceptions import DomainError
from core.kept import one_request

#: Which page explains which status; anything else is explained like a conflict.
ERROR_PAGES = {400, 403, 404, 409, 413, 429, 500}


class RequestFactsMiddleware:
    """Tell the audit log where the request came from."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = caller_address.set(request.META.get("REMOTE_ADDR", "") or "")
        try:
            return self.get_response(request)
        finally:
            caller_address.reset(token)


class AddressMiddleware:
    """Refuse an address with a null character (400): PostgreSQL keeps none, and would fail on it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("null character in the address")
        return self.get_response(request)


class KeptAnswersMiddleware:
    """Let requests that only read be answered from what is kept (``core.kept``); one that writes reads everything."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with one_request():
            return self.get_response(request)


class DomainErrorMiddleware(MiddlewareMixin):
    """Turn a ``DomainError`` of an HTML door into its page, or for htmx into an alert, with its status."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        return error_page(request, exception)


def error_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return the page, or the htmx alert, that says what was refused and what to do."""
    status = error.status_code if error.status_code in ERROR_PAGES else 409
    context = {"error": error, "detail": error.detail, "errors": error.errors}
    if getattr(request, "htmx", False):
        response = render(request, "_components/alert.html", context, status=status)
        response["HX-Retarget"] = "#alerts"
        response["HX-Reswap"] = "innerHTML"
        return response
    return render(request, f"errors/{status}.html", context, status=status)
