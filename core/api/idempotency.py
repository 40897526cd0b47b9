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
    """The key was used with another body (409)."""

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


def key_of(request) -> str:
    """Return the key a POST carries, at most 200 characters; empty without one."""
    return request.headers.get("Idempotency-Key", "")[:200] if request.method == "POST" else ""


def begin(request) -> IdempotencyKey | None:
    """Claim the request's key; None without one.

    Call it inside the transaction of the act and end that with ``finish``: what was done and the answer to be given
    again are kept together or not at all, whenever the process dies. Another request with the same key waits here
    for the first one's answer.

    Raises:
        ReplayedAnswer: the same request was answered before.
        KeyReused: the key belongs to another body.
    """
    key = key_of(request)
    if not key or not request.user.is_authenticated:
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
    answer = Response(json.loads(row.body) if row.body else None, status=row.status_code)
    answer["Idempotency-Replayed"] = "true"
    raise ReplayedAnswer(answer)


def finish(row: IdempotencyKey, response) -> None:
    """Keep the answer; a streamed one is forgotten, so the caller may ask again."""
    if not hasattr(response, "data"):
        row.delete()
        return
    row.status_code = response.status_code
    row.body = ContractRenderer().render(response.data).decode()
    row.save(update_fields=["status_code", "body"])
