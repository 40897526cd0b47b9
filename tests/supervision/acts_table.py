"""The table of domain §7 and the act names of api.md written down as data: per act its places, who may, a body.

Independent of ``supervision.workflow``: a change there that leaves the documents must fail here. A *place* is a
state, or a situation within one: something waits for somebody.
"""

from dataclasses import dataclass, field
from typing import Any

OFFICE, LEAD, INSPECTOR = "office", "office_lead", "inspector"
REPORTER, HEAD, HELPER = "reporter", "head", "helper"
KEEPERS = (INSPECTOR, OFFICE, LEAD)
VERIFIERS = (INSPECTOR, LEAD)
BOTH = (REPORTER, HEAD)
UNITS = (*BOTH, HELPER)
#: Roles as in the fixtures; the last three see or do not see the row, but never act.
ROLES = (*KEEPERS, *UNITS, "leader", "signer", "stranger")

STATES = (
    *("draft", "registered", "assigned", "planning", "rectifying", "verifying", "sustained", "cleared"),
    "revoked",
)
#: Situations by the state they are in.
SITUATIONS = {
    "planning_immediate": "planning",
    "plan_to_sign": "planning",
    "rectified": "rectifying",
    "extension_unconfirmed": "rectifying",
    "extension_asked": "rectifying",
    "clearance_to_sign": "rectifying",
    "verified_once": "verifying",
}
PLACES = (*STATES, *SITUATIONS)
WITH_DEPARTMENT = ("assigned", "planning", "rectifying", "verifying")
REASON = {"reason": "理由充分"}


def sees(role: str, place: str) -> bool:
    """R1 R2 R3 R6 R7 see every row; departments what they lead or assist from the first assignment on (domain §1)."""
    return role != "stranger" and not (role in UNITS and place in {"draft", "registered", "revoked"})


@dataclass(frozen=True)
class Act:
    """One act: per place, who may and where it leads them.

    Attributes:
        moves: place -> role -> the next state. A situation inherits what its state allows.
        closed: places in which a rule of the row forbids it to everybody (409).
        barred: places with the roles whom a rule of the row forbids it (409).
        otherwise: who is permitted in places without a move, where it is not all that may it anywhere.
        lacking: places in which those roles still have to supply something: offered, and answered with 409.
    """

    name: str
    moves: dict[str, dict[str, str]]
    body: dict[str, Any] = field(default_factory=dict)
    closed: tuple[str, ...] = ()
    barred: dict[str, tuple[str, ...]] = field(default_factory=dict)
    otherwise: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lacking: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def at(self, place: str) -> dict[str, str] | None:
        """Return who may the act in ``place`` and where it leads; None where nobody may."""
        if place in self.closed:
            return None
        return self.moves.get(place, self.moves.get(SITUATIONS.get(place, "")))

    def expected(self, role: str, place: str) -> int:
        """Return the status of the contract: 404, 403, 409, else 200."""
        if not sees(role, place):
            return 404
        moves = self.at(place)
        if role in self.barred.get(place, ()):
            return 409
        if moves is not None:
            return 200 if role in moves else 403
        anybody = {one for moves in self.moves.values() for one in moves}
        return 409 if role in self.otherwise.get(place, anybody) else 403


def to(state: str, *roles: str) -> dict[str, str]:
    """Return that ``roles`` may, and that it leads to ``state``."""
    return dict.fromkeys(roles, state)


def stays(states, roles) -> dict[str, dict[str, str]]:
    """Return moves that lead nowhere else."""
    return {state: to(state, *roles) for state in states}


ACTS = (
    Act("register", {"draft": to("registered", *KEEPERS)}),
    Act(
        "assign",
        {"registered": to("assigned", *KEEPERS)},
        {"department": "zjj", "assisting": ["cgj"], "responsible_leader": "王建军", "responsible_person": "许琳"},
    ),
    Act("revoke", {"registered": to("revoked", LEAD)}, REASON),
    Act(
        "withdraw",
        {
            "assigned": to("registered", *KEEPERS),
            "planning": to("registered", LEAD),
            "rectifying": to("registered", LEAD),
        },
        REASON,
        otherwise=dict.fromkeys(("verifying", "verified_once", "sustained", "cleared", "revoked"), (LEAD,)),
    ),
    Act("sign_for", {"assigned": to("planning", *BOTH)}),
    Act("object", {"assigned": to("registered", *BOTH)}, REASON),
    # A reporter's plan waits for the head; a head's own needs no second signature.
    Act(
        "submit_plan",
        {"planning": to("planning", REPORTER) | to("rectifying", HEAD)},
        {"measures": "逐项核对收费目录", "person": "许琳", "due_on": "2026-11-30"},
    ),
    Act("sign_plan", {"plan_to_sign": to("rectifying", HEAD)}),
    Act("return_plan", {"plan_to_sign": to("planning", HEAD)}, REASON),
    Act("note", stays(["rectifying"], UNITS), {"note": "已更换公示栏"}),
    Act(
        "add_evidence",
        stays(["planning", "rectifying"], (*KEEPERS, *UNITS)),
        {"evidence": ["<own>"], "phase": "after"},
        closed=("clearance_to_sign",),
    ),
    # Of before it is the office's and the inspectors'; that a department may add none is told by 403 only where
    # evidence is open at all.
    Act(
        "add_evidence",
        stays(
            ("draft", "registered", "assigned", "planning", "rectifying", "verifying", "sustained"),
            KEEPERS,
        ),
        {"evidence": ["<own>"], "phase": "before"},
        otherwise={"cleared": (*KEEPERS, *UNITS), "revoked": KEEPERS},
    ),
    Act(
        "request_extension",
        stays(["rectifying"], BOTH),
        {"due_on": "2026-12-07", **REASON},
        closed=("extension_unconfirmed", "extension_asked"),
    ),
    Act("confirm_extension", {"extension_unconfirmed": to("rectifying", HEAD)}),
    Act("agree_extension", {"extension_asked": to("rectifying", LEAD)}),
    Act("refuse_extension", {"extension_asked": to("rectifying", LEAD)}, REASON),
    Act(
        "request_clearance",
        {
            "planning_immediate": to("planning", REPORTER) | to("verifying", HEAD),
            "rectified": to("rectifying", REPORTER) | to("verifying", HEAD),
        },
        {"note": "已完成"},
        lacking=dict.fromkeys(("rectifying", "extension_unconfirmed", "extension_asked"), BOTH),
    ),
    Act("sign_clearance", {"clearance_to_sign": to("verifying", HEAD)}),
    Act("return_clearance", {"clearance_to_sign": to("rectifying", HEAD)}, REASON),
    Act(
        "verify_pass",
        {"verifying": to("verifying", *VERIFIERS), "verified_once": to("cleared", LEAD)},
        {"note": "现场看过"},
        barred={"verified_once": (INSPECTOR,)},
    ),
    Act(
        "verify_fail",
        {"verifying": to("rectifying", *VERIFIERS), "verified_once": to("rectifying", LEAD)},
        REASON,
        barred={"verified_once": (INSPECTOR,)},
    ),
    Act("review", stays(["sustained"], VERIFIERS), {"note": "保持良好"}),
    Act("clear", {"sustained": to("cleared", *VERIFIERS)}),
    Act("relapse", {"sustained": to("rectifying", *VERIFIERS), "cleared": to("rectifying", INSPECTOR)}, REASON),
    Act("look_back", stays(["cleared"], [INSPECTOR]), {"result": "held", "note": "未反弹"}),
    Act("remind", stays(WITH_DEPARTMENT, KEEPERS)),
    Act("supervise", stays(WITH_DEPARTMENT, VERIFIERS), {"requirement": "限期改到位", "due_on": "2026-12-02"}),
)


def wanted_acts(role: str, place: str) -> set[str]:
    """Return the names of ``actions`` for ``role`` in ``place``."""
    return {act.name for act in ACTS if act.expected(role, place) == 200 or role in act.lacking.get(place, ())}
