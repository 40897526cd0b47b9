"""The refusal every service of the catalogue shares."""

from core.exceptions import NotAllowed


def require(allowed: bool, act: str, who: str = "县营商办") -> None:
    """Raise NotAllowed naming the ``act`` and ``who`` does it, unless ``allowed``."""
    if not allowed:
        raise NotAllowed(f"您可以查看，但不能{act}，这一步由{who}办理")
