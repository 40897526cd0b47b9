"""``manage.py score``: one leaf's score from its figures, for checking by hand and by oracle."""

from decimal import Decimal, InvalidOperation

from core.commands import PlainCommand
from core.exceptions import InvalidInput
from indicators.scoring import leaf_score, rounded

WORDS = {"是": Decimal(1), "否": Decimal(0)}
NO_SCORE = "无"


class Command(PlainCommand):
    """Print the score with two decimals, or 无 where there is none (api.md, Commands)."""

    help = "按最差值、前沿值和当前值计算一项指标的自评分"

    def add_arguments(self, parser):
        parser.add_argument("--worst", required=True, metavar="W", help="最差值，可为空")
        parser.add_argument("--frontier", required=True, metavar="F", help="前沿值，可为空")
        parser.add_argument("--value", required=True, metavar="V", help="当前值，可为空；是/否指标填 1/是 或 0/否")
        parser.add_argument("--direction", required=True, choices=["lower", "higher", "yesno"], help="方向")

    def handle(self, *, worst: str, frontier: str, value: str, direction: str, **options) -> None:
        if direction == "yesno":
            # Any other word is no answer, not a wrong one (oracles §2); 1.0 is the number 1.
            known = answer(value)
        else:
            known = number(value, "当前值")
        score = leaf_score(number(worst, "最差值"), number(frontier, "前沿值"), known)
        self.stdout.write(NO_SCORE if score is None else str(rounded(score)))


def answer(text: str) -> Decimal | None:
    """Return a yes/no value as 1 or 0, None for anything else."""
    text = text.strip()
    if text in WORDS:
        return WORDS[text]
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value in (0, 1) else None


def number(text: str, label: str) -> Decimal | None:
    """Return ``text`` as a number, None when it is blank; InvalidInput for anything else."""
    if not text.strip():
        return None
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise InvalidInput.at("value", f"{label}不是数字：{text}") from None
    if not value.is_finite():
        raise InvalidInput.at("value", f"{label}不是数字：{text}")
    return value
