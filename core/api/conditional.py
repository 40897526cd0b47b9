"""``ETag``, ``If-Match`` and ``If-None-Match`` (api.md, Concurrency and Caching)."""

import hashlib

from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from rest_framework.response import Response

from core.api.rendering import ContractRenderer
from core.exceptions import PreconditionFailed


def version_etag(row) -> str | None:
    """Return the entity tag of a versioned row, None for rows without a version."""
    version = getattr(row, "version", None)
    return None if version is None else f'"{row._meta.model_name}-{row.pk}-{version}"'


def check_if_match(request, row) -> None:
    """Raise PreconditionFailed when ``If-Match`` names another version than ``row`` has."""
    wanted = request.headers.get("If-Match")
    tag = version_etag(row)
    if not wanted or not tag or wanted.strip() == "*":
        return
    known = [one.removeprefix("W/") for one in parse_etags(wanted)]
    # A cached resource's tag goes on after the version with a digest of its content; the version decides.
    if not any(one == tag or one.startswith(f"{tag[:-1]}.") for one in known):
        raise PreconditionFailed("这一条已被他人改动，请重新读取后再提交")


def conditional_response(request, data, row=None) -> Response:
    """Return ``data`` with an ETag over its bytes, or 304 when the caller already has them.

    Args:
        row: a versioned row; its version stands in the tag before the digest, so that ``If-Match`` takes it, too.
    """
    digest = hashlib.sha256(ContractRenderer().render(data)).hexdigest()[:32]
    version = version_etag(row) if row is not None else None
    tag = f'{version[:-1]}.{digest}"' if version else f'"{digest}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    response = Response(status=304) if tag in [t.removeprefix("W/") for t in known] else Response(data)
    response["ETag"] = tag
    patch_cache_control(response, private=True, no_cache=True)
    return response
