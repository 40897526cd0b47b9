"""What the tests of the pages share."""

from bulletins.models import Bulletin
from core.workflow import swap


def address(bulletin: Bulletin, part: str = "") -> str:
    """Return the page of the paper, or of one of its parts."""
    return f"/bulletins/{bulletin.number}/{part}"


def text_of(response, status: int = 200) -> str:
    """Return the page, which must have been answered with ``status``."""
    assert response.status_code == status
    return response.content.decode()


def move(bulletin: Bulletin, **values: str) -> None:
    """Let the paper keep other numbers than its sources give: as if those had moved since."""
    numbers = {
        name: number | {"value": values[name], "text": values[name]}
        for name, number in bulletin.snapshot["numbers"].items()
        if name in values
    }
    swap(bulletin, snapshot=bulletin.snapshot | {"numbers": bulletin.snapshot["numbers"] | numbers})
