"""Encryption at rest with the installation's key (``settings.FIELD_KEY``, kept apart from the database)."""

from functools import lru_cache

from cryptography.fernet import Fernet
from django.conf import settings


@lru_cache(maxsize=1)
def _cipher(key: str) -> Fernet:
    return Fernet(key)


def encrypt(data: bytes) -> bytes:
    """Return ``data`` unreadable and unalterable without the key."""
    return _cipher(settings.FIELD_KEY).encrypt(data)


def decrypt(sealed: bytes) -> bytes:
    """Return what :func:`encrypt` was given; ``cryptography.fernet.InvalidToken`` with another key or altered bytes."""
    return _cipher(settings.FIELD_KEY).decrypt(sealed)
