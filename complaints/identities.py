"""Names and phones of complainants: sealed at rest, masked everywhere, found again by a blind index (domain §6)."""

import hashlib
import hmac

from django.conf import settings

from core.encryption import decrypt, encrypt
from core.personal_data import without_personal_data

MASK = "****"
#: What rows that others see carry instead of the title of a confidential complaint.
CONFIDENTIAL = "保密件"


def seal(text: str) -> bytes | None:
    """Return ``text`` encrypted with the installation's key; None for an empty one."""
    return encrypt(text.encode()) if text else None


def unseal(sealed: bytes | memoryview | None) -> str:
    """Return what ``seal`` was given."""
    return decrypt(bytes(sealed)).decode() if sealed else ""


def masked_name(name: str) -> str:
    """Return 李** for 李某某: the first character only, never the length of what follows."""
    return f"{name[0]}**" if name else ""


def masked_phone(phone: str) -> str:
    """Return 138****1234; of a short number only the last two digits."""
    if len(phone) >= 11:
        return f"{phone[:3]}{MASK}{phone[-4:]}"
    return f"{MASK}{phone[-2:]}" if phone else ""


def masked_phones(phones: list[str]) -> str:
    """Return each number masked, joined by 、."""
    return "、".join(masked_phone(phone) for phone in phones)


def phone_digest(phone: str) -> str:
    """Return the blind index of one cleaned number: the same number gives the same text, which gives nothing away."""
    key = hashlib.sha256(b"caller-phone:" + settings.FIELD_KEY.encode()).digest()
    return hmac.new(key, phone.encode(), hashlib.sha256).hexdigest()


def without_private_data(text: str, *known: str) -> str:
    """Return ``text`` with every mobile, identity and plate number, and each of the ``known`` words, struck out.

    Args:
        known: the caller's name and numbers as sealed; under two characters they would strike out half the text.
    """
    text = without_personal_data(text, MASK)
    for word in known:
        if len(word) > 1:
            text = text.replace(word, MASK)
    return text


def code_digest(code: str) -> str:
    """Return what is stored of a look-up code, typed in any case and with spaces: useless without the key."""
    key = hashlib.sha256(b"public-code:" + settings.FIELD_KEY.encode()).digest()
    return hmac.new(key, "".join(code.split()).upper().encode(), hashlib.sha256).hexdigest()
