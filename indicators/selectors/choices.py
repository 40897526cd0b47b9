"""What filters offer of the catalogue."""

from core.kept import kept
from indicators.selectors.expectation import first_level_indicators


@kept
def first_level_choices() -> list[tuple[str, str]]:
    """Return code and name of each first-level indicator of the active set, in catalogue order."""
    return [(code, f"{code} {name}") for code, name in first_level_indicators().values_list("code", "name")]
