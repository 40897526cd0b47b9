"""The table of domain §8 and api.md written down as data: per act its states, who may, and a body that fits.

Independent of ``bulletins.workflow``: a change there that leaves the document must fail here.
"""

from dataclasses import dataclass, field
from typing import Any

STATES = ("draft", "review", "signing", "issued", "voided")
PUBLISHED = {"issued", "voided"}
#: Roles as in the fixtures of tests/conftest.py.
ROLES = ("office", "office_lead", "signer", "leader", "inspector", "reporter", "head", "sysadmin")
DEPARTMENTS = {"reporter", "head"}
REASON = {"reason": "数字有误"}


@dataclass(frozen=True)
class Act:
    """One act: state -> (next state, roles that may); elsewhere ``roles`` are told that the state is wrong."""

    name: str
    moves: dict[str, tuple[str, set[str]]]
    body: dict[str, Any] = field(default_factory=dict)

    def may(self, role: str, state: str) -> bool:
        """Return whether the role's part is permitted, the state itself left aside."""
        if state in self.moves:
            return role in self.moves[state][1]
        return any(role in roles for _, roles in self.moves.values())

    def expected(self, role: str, state: str) -> int:
        """Return the status of the contract: 403 for who reads no bulletins, 404, 403, 409, else 200."""
        if role == "sysadmin":
            return 403
        if role in DEPARTMENTS and state not in PUBLISHED:
            return 404
        if not self.may(role, state):
            return 403
        return 200 if state in self.moves else 409


ACTS = (
    Act("submit", {"draft": ("review", {"office", "office_lead"})}),
    Act("approve", {"review": ("signing", {"office_lead"})}),
    Act("sign", {"signing": ("issued", {"signer"})}),
    Act("send_back", {"review": ("draft", {"office_lead"}), "signing": ("draft", {"signer"})}, REASON),
    Act("correct", {"issued": ("issued", {"office_lead"})}, REASON),
    Act("void", {"issued": ("voided", {"signer"})}, REASON),
    Act("acknowledge", {"issued": ("issued", DEPARTMENTS)}),
)
