"""What every rate of the platform is made of: a window of time, a pair of counts, and how it is printed.

A figure is a pair of counts; a total is computed from the sums, never from rates (oracles README §4).
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.dates import Period
from core.formats import MISSING, percent, rounded


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: ``key`` of the contract, Chinese ``label``, and the ``formula`` printed beside it."""

    key: str
    label: str
    formula: str
    is_count: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """A period of whole days that also ends at the cut-off (rule 1): ``start <= t < end`` and ``t <= cut_off``."""

    start: datetime
    end: datetime
    cut_off: datetime

    def __contains__(self, moment: datetime | None) -> bool:
        return moment is not None and self.start <= moment < self.end and moment <= self.cut_off

    @classmethod
    def of(cls, period: Period, cut_off: datetime) -> "Window":
        """Return the window of ``period`` (whole days in Asia/Shanghai) as at the aware ``cut_off``."""
        return cls(period.starts_at, period.ends_before, cut_off)


@dataclass(slots=True)
class Count:
    """One figure's counts; ``denominator`` stays 0 for a figure that is a plain count."""

    numerator: int = 0
    denominator: int = 0

    def add(self, numerator: int, denominator: int) -> None:
        """Add another pair."""
        self.numerator += numerator
        self.denominator += denominator

    @property
    def exact(self) -> Decimal | None:
        """The rate in per cent, None for a denominator of 0."""
        return Decimal(self.numerator) * 100 / Decimal(self.denominator) if self.denominator else None

    @property
    def value(self) -> str | None:
        """The rate in per cent with six decimals."""
        return None if self.exact is None else f"{rounded(self.exact, 6):f}"

    @property
    def text(self) -> str:
        """The rate as printed, without the sign: two decimals, below 100 never 100.00, — for none."""
        return percent_text(self.numerator, self.denominator)


def known(moment: datetime | None, cut_off: datetime) -> datetime | None:
    """Return ``moment`` unless it came after ``cut_off`` (rule 2)."""
    return None if moment is None or moment > cut_off else moment


def percent_text(numerator: int, denominator: int) -> str:
    """Return a rate as printed, without % (README §4, ``text``)."""
    if not denominator:
        return MISSING
    return percent(Decimal(numerator) * 100 / Decimal(denominator)).removesuffix("%").replace(",", "")
