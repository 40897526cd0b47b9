"""Doors for the machines that watch the platform: alive, ready, measured. No log-in; nothing private."""

from collections import Counter

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import clock, health
from core.addresses import among
from core.selectors.operation import measurements


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer: the process serves."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when all that the platform stands on is there, else 503; warnings stay 200 (api.md)."""
    findings = health.readiness(now=clock.now(), running_for=health.uptime())
    ready = not any(finding.state is health.State.FAILED for finding in findings)
    body = {
        "status": "ready" if ready else "not_ready",
        "checks": {finding.name: {"state": finding.state, "detail": finding.detail} for finding in findings},
        "warnings": [finding.detail for finding in findings if finding.state is health.State.WARNING],
    }
    return JsonResponse(body, status=200 if ready else 503, json_dumps_params={"ensure_ascii": False})


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer in Prometheus' text format, to ``METRICS_ALLOWED`` only and never through an unknown proxy."""
    proxied = "HTTP_X_FORWARDED_FOR" in request.META
    if proxied or not among(request.META.get("REMOTE_ADDR", ""), settings.METRICS_ALLOWED):
        return HttpResponseForbidden("运行指标只对监控地址开放\n", content_type="text/plain; charset=utf-8")
    now = clock.now()
    states = Counter(finding.state for finding in health.readiness(now=now, running_for=health.uptime()))
    lines = [f'platform_checks{{state="{state}"}} {states[state]}' for state in health.State]
    lines += [f"platform_{name} {value}" for name, value in measurements(now).items()]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")
