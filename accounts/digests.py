"""Random secrets: what is handed out once, and what is stored of it."""

import hashlib
import secrets


def new_secret() -> str:
    """Return 256 random bits as text for a cookie or a header."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """Return what is stored of a random secret: its sha256. Random secrets need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
