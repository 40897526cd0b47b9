"""What a reader is told by one scan: counts and numbers, never a person's data (domain §6, Escalation)."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from core.access import Permission
from core.ladder.rungs import Rung
from core.ladder.scanning import Reached

#: A digest names so many numbers; the list it leads to has all of them.
NAMED = 10
#: In the order of a digest.
WORDS = {
    Rung.NEARLY_DUE: "临期",
    Rung.UNSIGNED: "签收已超",
    Rung.OVERDUE: "超期催办",
    Rung.RAISED: "升级提醒",
    Rung.SUPERVISION_PROPOSED: "建议督办",
    Rung.BULLETIN: "列入通报",
}
TO_THE_OFFICE = (Rung.RAISED, Rung.SUPERVISION_PROPOSED, Rung.BULLETIN)


@dataclass(frozen=True, slots=True)
class Ladder:
    """The ladder of one matter.

    Args:
        scan: the kind of its scan in the ledger.
        subject: field of its rung and event rows that names the subject.
        word: how its digests begin, 投诉催办.
        kind: kind of its messages; with dots made underlines the beginning of their keys.
        list_name: URL name of the list a digest leads to; its views are overdue, nearly_due and sign_overdue.
        told: permission of those told in a department.
        told_of_raised: permission of those told from 升级提醒 on, wherever it happened.
        audited_as: action of the audit line of a digest.
    """

    scan: str
    subject: str
    word: str
    kind: str
    list_name: str
    told: Permission
    told_of_raised: Permission
    audited_as: str


@dataclass
class Digest:
    """What one reader is told by one scan: how many per rung, and the first numbers of each."""

    word: str
    counts: Counter[int] = field(default_factory=Counter)
    numbers: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, one: Reached) -> None:
        """Count ``one``; memory stays the same however many there are."""
        self.counts[one.rung] += 1
        if len(self.numbers[one.rung]) < NAMED:
            self.numbers[one.rung].append(one.number)

    @property
    def title(self) -> str:
        """The sentence of the list: 投诉催办：超期催办 2 件、临期 1 件."""
        return f"{self.word}：" + "、".join(
            f"{word} {self.counts[rung]} 件" for rung, word in WORDS.items() if self.counts[rung]
        )

    @property
    def body(self) -> str:
        """The numbers, a line a rung; never a person's data and never what the row says."""
        return "\n".join(
            f"{word}：{'、'.join(self.numbers[rung])}{' 等' if self.counts[rung] > NAMED else ''}"
            for rung, word in WORDS.items()
            if self.counts[rung]
        )

    @property
    def view(self) -> str:
        """The list that shows them: the overdue ones where there are any."""
        if any(self.counts[rung] for rung in (Rung.OVERDUE, *TO_THE_OFFICE)):
            return "overdue"
        return "nearly_due" if self.counts[Rung.NEARLY_DUE] else "sign_overdue"


class Alerts:
    """What one scan of ``ladder`` has to tell: a digest by department (id), and that of the office."""

    def __init__(self, ladder: Ladder):
        self.ladder = ladder
        self.by_department: dict[int, Digest] = {}
        self.for_office = Digest(ladder.word)

    def add(self, one: Reached) -> None:
        """Tell the department of ``one``, and from 升级提醒 on the office too."""
        self.by_department.setdefault(one.department_id, Digest(self.ladder.word)).add(one)
        if one.rung in TO_THE_OFFICE:
            self.for_office.add(one)
