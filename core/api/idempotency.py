"""``Idempotency-Key``: a repeated POST gets the first answer, kept for 24 hours (api.md, Concurrency)."""

import hashlib
import json
from datetime import timedelta

from django.core.files import File
from django.http import QueryDict
from rest_framework.response import Response

from core import clock
from core.api.errors import ReplayedAnswer
from core.api.rendering import ContractRenderer
from core.exceptions import DomainError
from core.models import IdempotencyKey

KEPT = timedelta(hours=24)


class KeyReused(DomainError):
    """The key was used with another body, or its first request is still running (409)."""

    status_code = 409
    code = "idempotency_key_reused"


def fingerprint(request) -> str:
    """Return the sha256 of method, address and body; files count by their bytes."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    data = request.data
    if isinstance(data, QueryDict):
        for name in sorted(data):
            for value in data.getlist(name):
                digest.update(f"\n{name}=".encode())
                if isinstance(value, File):
                    for chunk in value.chunks():
                        digest.update(chunk)
                    value.seek(0)
                else:
                    digest.update(str(value).encode())
    else:
        digest.update(json.dumps(data, sort_keys=True, ensure_ascii=False, default=str).encode())
    return digest.hexdigest()


def begin(request) -> IdempotencyKey | None:
    """Claim the request's key; None without one.

    Raises:
        ReplayedAnswer: the same request was answered before.
        KeyReused: the key belongs to another body, or the first request is still running.
    """
    key = request.headers.get("Idempotency-Key", "")[:200]
    if request.method != "POST" or not key or not request.user.is_authenticated:
        return None
    now, mark = clock.now(), fingerprint(request)
    IdempotencyKey.objects.filter(created_at__lt=now - KEPT).delete()
    row, first = IdempotencyKey.objects.get_or_create(
        user=request.user, key=key, defaults={"fingerprint": mark, "created_at": now}
    )
    if first:
        return row
    if row.fingerprint != mark:
        raise KeyReused("这个 Idempotency-Key 已用于另一个请求")
    if row.status_code is None:
        raise KeyReused("同一请求正在处理，请稍后再试")
    answer = Response(json.loads(row.body) if row.body else None, status=row.status_code)
    answer["Idempotency-Replayed"] = "true"
    raise ReplayedAnswer(answer)


def finish(row: IdempotencyKey, response) -> None:
    """Keep the answer; a failed server (5xx) or a streamed answer is forgotten, so the caller may try again."""
    if response.status_code >= 500 or not hasattr(response, "data"):
        row.delete()
        return
    row.status_code = response.status_code
    row.body = ContractRenderer().render(response.data).decode()
    row.save(update_fields=["status_code", "body"])
