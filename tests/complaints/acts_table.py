"""The table of domain §6 written down as data: per act its states, who may, and a body that fits.

Independent of ``complaints.workflow``: a change there that leaves the document must fail here.
"""

from dataclasses import dataclass, field
from typing import Any

OFFICE, LEAD, REPORTER, HEAD, INSPECTOR = "office", "office_lead", "reporter", "head", "inspector"
EITHER = {OFFICE, LEAD}
BOTH = {REPORTER, HEAD}
REASON = {"reason": "理由充分"}
RESULT = {"inner_report": "已派人核实", "public_reply": "已开通用气", "is_solved": True}

STATES = (
    *("received", "refusal_review", "accepted", "dispatched", "return_review", "handling", "sign_off"),
    *("office_review", "callback", "closed", "archived", "refused", "merged", "transferred"),
)
OPEN = STATES[:9]
#: Roles as in the fixtures of tests/conftest.py; the last three see or do not see the row, but never act.
ROLES = (OFFICE, LEAD, REPORTER, HEAD, INSPECTOR, "leader", "signer", "stranger")


@dataclass(frozen=True)
class Act:
    """One act: state -> (next state, roles that may). ``otherwise`` may it in every other state, for the order 403, 409.

    ``answers`` is the status of the REST door that does it.
    """

    name: str
    moves: dict[str, tuple[str, set[str]]]
    body: dict[str, Any] = field(default_factory=dict)
    otherwise: set[str] | None = None
    answers: int = 200

    def may(self, role: str, state: str) -> bool:
        """Return whether the role's part is permitted in ``state``, the state itself left aside."""
        if state in self.moves:
            return role in self.moves[state][1]
        if self.otherwise is not None:
            return role in self.otherwise
        return any(role in roles for _, roles in self.moves.values())

    def expected(self, role: str, state: str) -> int:
        """Return the status of the contract: 404, 403, 409, else 200."""
        if not sees(role, state):
            return 404
        if not self.may(role, state) or (role in BOTH and state in WITHOUT_DEPARTMENT):
            return 403
        return 200 if state in self.moves else 409


#: States in which no department holds the row: its people do not see it.
WITHOUT_DEPARTMENT = {"received", "refusal_review", "accepted", "refused", "merged", "transferred"}


def sees(role: str, state: str) -> bool:
    """R1 R2 R3 R6 R7 see every row, departments what they lead or assist now (domain §1)."""
    return role != "stranger" and not (role in BOTH and state in WITHOUT_DEPARTMENT)


def stays(states, roles) -> dict[str, tuple[str, set[str]]]:
    """Return moves that lead nowhere else, in an order that every test process shares."""
    return {state: (state, roles) for state in sorted(states)}


ACTS = (
    Act("accept", {"received": ("accepted", EITHER)}),
    Act("propose_refusal", {"received": ("refusal_review", EITHER)}, REASON),
    Act("agree_refusal", {"refusal_review": ("refused", {LEAD})}),
    Act("disagree_refusal", {"refusal_review": ("accepted", {LEAD})}, REASON),
    Act(
        "mark_duplicate",
        {
            "received": ("merged", EITHER),
            "accepted": ("merged", EITHER),
            "dispatched": ("merged", {LEAD}),
            "handling": ("merged", {LEAD}),
        },
        {"duplicate_of": "<other>"},
    ),
    Act("transfer", {"received": ("transferred", {LEAD})}, {"to": "市公积金中心", **REASON}),
    Act("dispatch", {"accepted": ("dispatched", EITHER)}, {"department": "zjj", "assisting": ["cgj"]}),
    Act("sign_for", {"dispatched": ("handling", BOTH)}),
    Act("request_return", {"dispatched": ("return_review", BOTH)}, REASON),
    Act("agree_return", {"return_review": ("accepted", EITHER)}),
    Act("refuse_return", {"return_review": ("handling", EITHER)}, REASON),
    Act("withdraw", {"dispatched": ("accepted", EITHER), "handling": ("accepted", {LEAD})}, REASON, otherwise=EITHER),
    Act("note", stays({"handling"}, EITHER | BOTH), {"note": "已联系诉求人"}),
    Act("assist_reply", stays({"handling"}, set()), {"note": "我单位无异议"}),
    Act("add_assisting", stays({"handling"}, EITHER), {"assisting": ["cgj"]}),
    Act("request_extension", stays({"handling"}, BOTH), {"workdays": 2, **REASON}),
    Act("suspend", stays({"handling"}, {LEAD}), REASON),
    Act("submit", {"handling": ("sign_off", BOTH)}, RESULT),
    Act("sign", {"sign_off": ("office_review", {HEAD})}),
    Act("send_back", {"sign_off": ("handling", {HEAD})}, REASON),
    Act("pass", {"office_review": ("callback", EITHER)}),
    Act("review_back", {"office_review": ("handling", EITHER)}, REASON),
    Act("callback", {"callback": ("closed", EITHER)}, {"result": "satisfied", "note": "满意"}),
    Act("archive", {"closed": ("archived", EITHER)}),
    Act(
        "reopen",
        {
            "closed": ("handling", {LEAD}),
            "archived": ("handling", {LEAD}),
            "refused": ("accepted", {LEAD}),
            "merged": ("accepted", {LEAD}),
            "transferred": ("accepted", {LEAD}),
        },
        REASON,
    ),
    Act("withdraw_complaint", dict.fromkeys(OPEN, ("closed", {LEAD})), REASON),
    Act(
        "grant_identity",
        stays({"dispatched", "return_review", "handling", "sign_off"}, {LEAD}),
        {"until": "<tomorrow>", **REASON},
    ),
    Act(
        "supervise",
        stays(set(OPEN) - WITHOUT_DEPARTMENT, {LEAD, INSPECTOR}),
        {"requirement": "三日内办结", "due_on": "<tomorrow>"},
    ),
    Act(
        "raise_issue",
        stays({*OPEN, "closed", "archived"}, EITHER),
        {"requirement": "清理同类问题", "limit_kind": "immediate"},
        answers=201,
    ),
    Act("remind", stays(set(OPEN) - WITHOUT_DEPARTMENT, EITHER)),
)
#: Acts that a rule of the row blocks on a fresh row in their own state (409): no request waits, none is suspended.
BLOCKED = {
    "confirm_extension": {HEAD},
    "agree_extension": {LEAD},
    "refuse_extension": {LEAD},
    "resume": {LEAD},
    "pull_here": {LEAD},
}
#: What the head's own submission leads to: it signs in the same act.
HEAD_SUBMITS_TO = "office_review"
