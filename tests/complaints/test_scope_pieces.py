"""The pieces a worklist is counted by are what its reader sees, each row once."""

import pytest

from accounts.roles import Role
from complaints.models import Complaint
from complaints.selectors.details import complaints_for
from tests.factories.accounts import make_user
from tests.factories.complaints import complaint_at, make_complaint

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "role",
    [
        *("office", "office_lead", "reporter", "head", "stranger", "helper", "inspector", "leader", "signer"),
        *("sysadmin", "auditor", "nobody"),
    ],
)
def test_pieces_hold_what_the_rule_shows_without_a_rest_and_no_row_twice(role, cast, helper_department, request, db):
    nobody = make_user("nobody", Role.REPORTER)
    user = request.getfixturevalue("helper") if role == "helper" else nobody
    user = user if role in {"helper", "nobody"} else request.getfixturevalue(role)
    make_complaint(cast.office)
    complaint_at("handling", cast, assisting=[helper_department])
    complaint_at("closed", cast, assisting=[helper_department])
    complaint_at("handling", cast, type="report")
    complaint_at("accepted", cast)
    rows = Complaint.objects.unscoped("test")
    pieces = [set(rows.filter(piece).values_list("pk", flat=True)) for piece in Complaint.scope_pieces(user)]
    seen = set(complaints_for(user).values_list("pk", flat=True))
    assert set().union(*pieces) == seen
    assert sum(map(len, pieces)) == len(seen)


def test_list_of_a_department_says_how_many_it_leads_and_helps_with(cast, helper_department, helper, client_for):
    for _ in range(3):
        complaint_at("handling", cast, assisting=[helper_department])
    complaint_at("handling", cast)
    for user, number in ((cast.reporter, 4), (helper, 3)):
        assert f"共 {number} 条" in client_for(user).get("/complaints/").text
