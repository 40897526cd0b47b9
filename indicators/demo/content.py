"""What the demonstration measures and says, read from the files beside it."""

import csv
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from indicators.models import Standard

DATA = Path(__file__).parent / "data"
STANDARD_KINDS = (Standard.Kind.WORST, Standard.Kind.FRONTIER, Standard.Kind.TARGET)


@dataclass(frozen=True, slots=True)
class LeafStory:
    """Where a leaf's value begins and ends within the sixty days, and its invented standards.

    ``start`` and ``current`` are None for leaves whose figure the county reported: that figure stays.
    """

    code: str
    start: Decimal | None
    current: Decimal | None
    standards: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class MeasureStory:
    """A line of the work plan; ``due`` counts days from loading, 0 is 持续推进."""

    text: str
    due: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """What the lead department of a first-level indicator writes."""

    code: str
    progress: tuple[str, ...]
    difficulty: tuple[str, ...]
    evidence: tuple[tuple[str, str], ...]
    measures: tuple[MeasureStory, ...]
    ask: tuple[str, str] | None
    case: dict[str, str] | None


def leaf_stories(path: Path = DATA / "leaves.csv") -> dict[str, LeafStory]:
    """Return the story of each leaf by code, in catalogue order."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: LeafStory(
                code=row["code"],
                start=_decimal(row["start"]),
                current=_decimal(row["current"]),
                standards={kind.value: Decimal(row[kind.value]) for kind in STANDARD_KINDS if row[kind.value]},
            )
            for row in csv.DictReader(file)
        }


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def stories(path: Path = DATA / "texts.toml") -> dict[str, Story]:
    """Return what is written on each first-level indicator by code."""
    texts = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        code: Story(
            code=code,
            progress=tuple(text["progress"]),
            difficulty=tuple(text["difficulty"]),
            evidence=tuple((kind, title) for kind, title in text["evidence"]),
            measures=tuple(MeasureStory(**measure) for measure in text["measures"]),
            ask=tuple(text["asks"]) if "asks" in text else None,
            case=text.get("case"),
        )
        for code, text in texts.items()
    }
