"""The key of the encrypted fields: recognising it, so that a lost one is noticed before it is needed."""

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings

from core.models import RunLedger

#: The database remembers which key its fields are encrypted with; the key itself is a file apart from it.
REMEMBERED: dict[str, Any] = {"kind": "field_key", "key": "fingerprint"}


def key_fingerprint() -> str:
    """Return the first 16 hex digits of the sha256 of the key: enough to recognise it, not to guess it."""
    return hashlib.sha256(settings.FIELD_KEY.encode()).hexdigest()[:16]


def remember_key(now: datetime) -> None:
    """Note the key of a new database; a database that knows its key keeps it."""
    RunLedger.objects.get_or_create(**REMEMBERED, defaults={"at": now, "detail": {"sha256": key_fingerprint()}})


def is_the_right_key() -> bool:
    """Return whether the key in ``DATA_DIR`` is the one this database remembers, if it remembers any."""
    detail = RunLedger.objects.filter(**REMEMBERED).values_list("detail", flat=True).first()
    return detail is None or detail["sha256"] == key_fingerprint()
