"""What Django itself refuses or breaks on, as a page, an htmx alert or API JSON (config.urls handlers)."""

import logging
import re
import secrets

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

API_PREFIX = "/api/"
#: An address whose last part looks like a number or code, which the page can then name.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*[0-9]")

logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception=None) -> HttpResponse:
    """400: the address or the form cannot be read."""
    return explained(request, 400, "这个地址里的条件看不懂")


def permission_denied(request: HttpRequest, exception=None) -> HttpResponse:
    """403 raised by Django; the domain's own refusals come through ``core.middleware``."""
    return explained(request, 403, "这一步不由您办理")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's token is missing or old, nearly always because the page stood open too long."""
    return explained(request, 403, "页面停留太久，请返回刷新后再提交")


def not_found(request: HttpRequest, exception=None) -> HttpResponse:
    """404: names the number in the address, where there is one. Rows one may not see end here too."""
    last = request.path.rstrip("/").rpartition("/")[2]
    return explained(request, 404, f"没有找到 {last}" if CODE.fullmatch(last) else "没有找到这一页")


def server_error(request: HttpRequest) -> HttpResponse:
    """500: gives a reference that also stands in the log, beside the error Django writes there."""
    reference = secrets.token_hex(3).upper()
    logger.error("reference %s: %s %s failed", reference, request.method, request.path)
    return explained(request, 500, "系统出错，请稍后再试", reference=reference)


def explained(request: HttpRequest, status: int, detail: str, reference: str = "") -> HttpResponse:
    """Return the refusal in the form its caller reads; the page uses no database, so that it always works."""
    if request.path.startswith(API_PREFIX):
        code = {400: "invalid", 403: "not_allowed", 404: "not_found", 500: "server_error"}[status]
        return JsonResponse({"code": code, "detail": detail, "errors": []}, status=status)
    context = {"detail": detail, "reference": reference}
    if request.headers.get("HX-Request") == "true":
        response = render(None, "_components/alert.html", context, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#alerts", "innerHTML"
        return response
    return render(None, f"errors/{status}.html", context, status=status)
