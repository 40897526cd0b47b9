"""What a deputy did is recorded under both names: theirs, and that of the person they stood in for (domain §1)."""

from typing import Any

from django.db import models


def absent_name(actor: Any) -> str:
    """Return the name of the person ``actor`` acts for, empty where they act for themselves or it is the system."""
    absent = getattr(actor, "acting_for", None)
    return absent.name if absent else ""


def both_names(name: str, absent: str) -> str:
    """Return who did it as people read it: 王明, or 王明（代李华）."""
    return f"{name}（代{absent}）" if absent else name


class MaybeByDeputy(models.Model):
    """An act that may have been a deputy's; ``on_behalf_of`` is the absent person's name then."""

    on_behalf_of = models.CharField("代替", max_length=80, blank=True)

    class Meta:
        abstract = True
