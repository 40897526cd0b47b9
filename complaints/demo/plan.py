"""Who complained of what, and what became of it: drawn by a fixed seed, so that two loads tell the same story."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

MATTERS = Path(__file__).parent / "data" / "matters.csv"
SEED = 12345
YEAR = 365

#: How many complaints end, or stand, where.
FATES: tuple[tuple[str, int], ...] = (
    ("closed", 190),
    ("late", 32),
    ("extended", 18),
    ("was_suspended", 8),
    ("second_round", 24),
    ("third_round", 4),
    ("returned", 12),
    ("anonymous", 14),
    ("unreachable", 10),
    ("unreasonable", 4),
    ("withdrawn", 6),
    ("refused", 8),
    ("merged", 8),
    ("transferred", 6),
    ("received", 7),
    ("refusal_review", 2),
    ("accepted", 5),
    ("dispatched", 6),
    ("unsigned", 2),
    ("return_review", 2),
    ("handling", 8),
    ("nearly_due", 5),
    ("overdue", 5),
    ("extension_asked", 2),
    ("suspended", 2),
    ("handling_again", 2),
    ("sign_off", 3),
    ("office_review", 2),
    ("callback", 3),
)
OVER = frozenset(fate for fate, _ in FATES[:14])
#: Fates that consultations and reports may have, too; the others are told of complaints.
ANY_MATTER = frozenset({"closed", "late", "anonymous", "received", "merged", "transferred"})
#: Fates that need the limit of five working days.
HOTLINE_ONLY = frozenset({"second_round", "third_round", "nearly_due", "overdue", "handling_again", "transferred"})
#: Youngest ages, in days, of what is over: a plain case ends within weeks, the others have a longer story.
RECENT, LONG_AGO = 21, 75

SURNAMES = "李王张刘陈杨赵黄周吴徐孙"
PLACES = ("产业集聚区", "城关镇", "柏国大道", "文化路", "护城河路", "五沟营镇", "二郎镇", "盆尧镇", "人和乡", "重渠乡")
ENTERPRISES = (
    "某食品加工企业",
    "某机械厂",
    "某商贸公司",
    "某建材门店",
    "某电子科技企业",
    "某种植合作社",
    "某餐饮店",
    "",
)


@dataclass(frozen=True, slots=True)
class Matter:
    """What may be complained of at one department, and its reply."""

    department: str
    indicator: str
    type: str
    title: str
    content: str
    reply: str


@dataclass(frozen=True, slots=True)
class PlannedComplaint:
    """One complaint: what, whose, and its fate; ``age`` is days before loading, for those that are over."""

    serial: int
    matter: Matter
    fate: str
    age: int
    minute: int
    surname: str
    phone: str
    place: str
    enterprise: str
    is_business: bool
    grade: str
    is_urgent: bool
    channel: str
    pace: float

    @property
    def content(self) -> str:
        """The text, with place and enterprise put in."""
        return self.matter.content.format(place=self.place, enterprise=self.enterprise or "本店")


def matters(path: Path = MATTERS) -> list[Matter]:
    """Return every matter of the file, in its order."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Matter(**row) for row in csv.DictReader(file)]


def plan_complaints() -> list[PlannedComplaint]:
    """Return the complaints of twelve months, 400 of them; phones lie in 1540000, which is given to nobody."""
    dice, known = Random(SEED), matters()  # a story, nothing secret  # nosec B311
    fates = [fate for fate, count in FATES for _ in range(count)]
    return list(_draw(dice, known, fates))


def _draw(dice: Random, known: list[Matter], fates: list[str]) -> Iterator[PlannedComplaint]:
    for serial, fate in enumerate(fates):
        pool = known if fate in ANY_MATTER else [matter for matter in known if matter.type == "complaint"]
        matter = pool[(serial * 7 + dice.randrange(3)) % len(pool)]
        is_business = matter.type == "complaint" and fate not in HOTLINE_ONLY and dice.random() < 0.35
        age = dice.randint(RECENT if fate == "closed" else LONG_AGO, YEAR) if fate in OVER else 0
        yield PlannedComplaint(
            serial=serial,
            matter=matter,
            fate=fate,
            age=age,
            minute=dice.randint(8 * 60 + 40, 17 * 60),
            surname=dice.choice(SURNAMES),
            # Some call again.
            phone=f"1540000{dice.randint(1, 300):04d}",
            place=dice.choice(PLACES),
            enterprise=dice.choice(ENTERPRISES),
            is_business=is_business,
            grade=("C" if age < LONG_AGO else dice.choice("BCC")) if is_business else "",
            is_urgent=dice.random() < 0.05 and not is_business and fate == "closed",
            channel="web" if is_business else dice.choice(("phone", "phone", "phone", "visit", "letter", "transfer")),
            pace=dice.uniform(0.2, 0.8),
        )
