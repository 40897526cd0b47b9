"""What a deputy did is recorded under both names: theirs, and that of the person they stood in for (domain §1)."""

from typing import Any, ClassVar

from django.db import models


def absent_name(actor: Any) -> str:
    """Return the name of the person ``actor`` acts for, empty where they act for themselves or it is the system."""
    absent = getattr(actor, "acting_for", None)
    return absent.name if absent else ""


def both_names(name: str, absent: str) -> str:
    """Return who did it as people read it: 王明, or 王明（代李华）."""
    return f"{name}（代{absent}）" if absent else name


class MaybeByDeputy(models.Model):
    """An act that may have been a deputy's; ``on_behalf_of`` is the absent person's name then.

    It is taken from the person at hand when the row is saved anew. ``bulk_create`` does not save: give it there.
    """

    #: The column that names who did it.
    done_by: ClassVar[str] = "actor"

    on_behalf_of = models.CharField("代替", max_length=80, blank=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.on_behalf_of = absent_name(getattr(self, self.done_by))
        super().save(*args, **kwargs)

    @property
    def names(self) -> str:
        """Who did it, and for whom."""
        return both_names(getattr(self, self.done_by).name, self.on_behalf_of)
