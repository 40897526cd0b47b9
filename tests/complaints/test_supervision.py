"""What ties complaints to supervision: orders, issues made of them, records, and what came back both ways."""

from datetime import date, timedelta

import pytest

from complaints.identities import without_private_data
from complaints.models import Complaint, Escalation
from complaints.services import office, review
from complaints.services.intake import correct_complaint
from complaints.services.supervision import raise_issue, supervise_complaint
from core.exceptions import InvalidInput, RuleViolation
from core.ladder import Rung
from supervision.documents import order_document
from supervision.models import Issue, SupervisionOrder
from supervision.selectors.proposals import proposals_for
from supervision.services import orders, verification, writing
from supervision.services.records import RecordFacts, keep_record
from tests.factories.complaints import DUE, NAME, PHONE, RECEIVED, again, complaint_at, make_complaint
from tests.factories.orders import order_again, verifying
from tests.supervision.test_documents import words

pytestmark = pytest.mark.django_db
ANSWER_BY = date(2026, 12, 4)
LATE = DUE + timedelta(days=4)
TEXT = "燃气报装超过承诺时限，窗口让企业反复补材料"


def pressed(row, cast, *, now=RECEIVED) -> SupervisionOrder:
    """Return the order R2 issues on the complaint."""
    supervise_complaint(row, requirement="三日内办结", due_on=ANSWER_BY, actor=cast.office_lead, now=now)
    return order_again(SupervisionOrder.objects.visible_to(cast.office_lead).latest("pk"), cast.office_lead)


# --- 督办 -----------------------------------------------------------------------------------------


def test_order_on_a_complaint_keeps_a_copy_and_stands_on_its_timeline(cast, client_for):
    row = complaint_at("handling", cast)
    order = pressed(row, cast)
    assert (order.subject_kind, order.subject_number, order.subject_due_on) == (
        "complaint",
        row.number,
        date(2026, 11, 30),
    )
    assert (order.subject_title, order.department) == (row.title, cast.department)
    orders.reply_to_order(order, text="已开通", actor=cast.head, now=RECEIVED)
    orders.close_order(order_again(order, cast.office_lead), note="到位", actor=cast.office_lead, now=RECEIVED)
    kinds = list(row.events.order_by("pk").values_list("kind", flat=True))
    assert kinds[-3:] == ["supervise", "order_reply", "order_close"]
    page = client_for(cast.head).get(row.get_absolute_url()).content.decode()
    assert order.number in page
    assert "督办了结" in page


def test_confidential_complaint_is_named_on_no_order(cast, inspector, api_for):
    row = complaint_at("handling", cast, confidential=True, title="举报某局长收礼")
    order = pressed(row, cast)
    assert order.subject_title == "保密件"
    text = words(order_document(order, user=cast.head, now=RECEIVED))
    assert "举报某局长收礼" not in text
    assert "保密件" in text
    shown = api_for(inspector).get(f"/api/v1/supervision-orders/{order.pk}/")
    assert "收礼" not in shown.content.decode()


def test_what_becomes_confidential_later_is_concealed_on_what_was_copied(cast, inspector):
    row = complaint_at("handling", cast)
    order = pressed(row, cast)
    facts = RecordFacts(kind="summons", department=cast.department, on=date(2026, 11, 23), subject=row.number)
    record = keep_record(facts, actor=inspector, now=RECEIVED)
    correct_complaint(again(row, cast.office), confidential=True, actor=cast.office, now=RECEIVED)
    record.refresh_from_db()
    assert (order_again(order, inspector).subject_title, record.subject_title) == ("保密件", "保密件")


def test_copied_title_names_nobody(cast):
    row = complaint_at("handling", cast, title=f"{NAME}（{PHONE}）反映燃气报装慢")
    order = pressed(row, cast)
    assert NAME not in order.subject_title
    assert PHONE not in order.subject_title
    assert "反映燃气报装慢" in order.subject_title


@pytest.mark.parametrize("told", [f"请联系{NAME}", f"请致电{PHONE}", "身份证 412825199001011234"])
def test_requirement_names_nobody(told, cast):
    row = complaint_at("handling", cast)
    with pytest.raises(InvalidInput) as refused:
        supervise_complaint(row, requirement=told, due_on=ANSWER_BY, actor=cast.office_lead, now=RECEIVED)
    assert refused.value.errors[0]["field"] == "requirement"


def test_inspector_does_not_press_what_is_confidential(cast, inspector, api_for):
    row = complaint_at("handling", cast, confidential=True)
    body = {"requirement": "三日内办结", "due_on": "2026-12-04"}
    assert (
        api_for(inspector).post(f"/api/v1/complaints/{row.number}/supervise/", body, format="json").status_code == 404
    )


def test_reminders_before_the_order_are_counted(cast):
    row = complaint_at("handling", cast)
    office.remind_complaint(row, actor=cast.office, now=RECEIVED)
    assert pressed(again(row, cast.office_lead), cast).reminders_before == "共1次，最近一次2026年11月23日"


def test_record_about_a_complaint_stands_on_its_timeline(cast, inspector):
    row = complaint_at("handling", cast)
    facts = RecordFacts(kind="summons", department=cast.department, on=date(2026, 11, 23), subject=row.number)
    record = keep_record(facts, actor=inspector, now=RECEIVED)
    assert (record.subject_title, record.subject_url) == (row.title, row.get_absolute_url())
    assert row.events.get(kind="record").label == "约谈"


# --- What the ladder proposes -----------------------------------------------------------------------


def raised_to(row, rung: int) -> None:
    """Put a rung on record for the complaint's round."""
    Escalation.objects.create(complaint=row, round=row.current_round, rung=rung, reached_at=LATE)


def test_rung_three_proposes_an_order_until_there_is_one(cast, client_for, inspector, monkeypatch):
    monkeypatch.setattr("core.clock.now", lambda: LATE)
    row = complaint_at("handling", cast)
    assert proposals_for(inspector, LATE).total == 0
    raised_to(row, Rung.SUPERVISION_PROPOSED)
    (line,) = proposals_for(inspector, LATE).lines
    assert (line.number, line.department, line.due_on, line.rung) == (
        row.number,
        "县住建局",
        date(2026, 11, 30),
        "建议督办",
    )
    browser = client_for(inspector)
    for address in ("/supervision/", row.get_absolute_url()):
        assert f'"{row.get_absolute_url()}supervise/"' in browser.get(address).content.decode()
    assert "已到建议督办的级别" not in client_for(cast.reporter).get(row.get_absolute_url()).content.decode()
    supervise_complaint(row, requirement="三日内办结", due_on=LATE.date(), actor=inspector, now=LATE)
    assert proposals_for(inspector, LATE).total == 0
    assert "已到建议督办的级别" not in browser.get(row.get_absolute_url()).content.decode()


@pytest.mark.parametrize("rung", [Rung.OVERDUE, Rung.RAISED, Rung.UNSIGNED])
def test_other_rungs_propose_nothing(rung, cast, inspector):
    raised_to(complaint_at("handling", cast), rung)
    assert proposals_for(inspector, LATE).total == 0


def test_proposal_of_what_is_confidential_is_the_office_s_alone(cast, inspector):
    raised_to(complaint_at("handling", cast, confidential=True, title="举报某局长收礼"), Rung.BULLETIN)
    assert proposals_for(inspector, LATE).total == 0
    assert [line.title for line in proposals_for(cast.office_lead, LATE).lines] == ["保密件"]


def test_page_of_proposals_asks_a_fixed_number_of_queries(cast, inspector, client_for, django_assert_max_num_queries):
    def count() -> int:
        with django_assert_max_num_queries(60) as asked:
            assert client_for(inspector).get("/supervision/").status_code == 200
        return len(asked)

    for _ in range(2):
        raised_to(complaint_at("handling", cast), Rung.SUPERVISION_PROPOSED)
    count()
    few = count()
    for _ in range(6):
        raised_to(complaint_at("handling", cast), Rung.SUPERVISION_PROPOSED)
    assert count() == few


# --- A complaint becomes an issue -------------------------------------------------------------------


def test_issue_carries_the_matter_without_the_caller(cast):
    content = f"本人{NAME}，电话 {PHONE}，车牌豫Q12345，{TEXT}"
    row = complaint_at("handling", cast, content=content)
    issue = raise_issue(row, requirement="清理同类问题", actor=cast.office, now=RECEIVED)
    facts = (issue.status, issue.source, issue.department, issue.requirement, issue.found_on)
    assert facts == ("draft", "hotline", cast.department, "清理同类问题", date(2026, 11, 23))
    assert TEXT in issue.description
    for private in (NAME, PHONE, "豫Q12345"):
        assert private not in issue.description
        assert private not in "".join(issue.events.values_list("text", flat=True))
    assert again(row, cast.office).issue == issue


def test_confidential_content_does_not_become_an_issue_others_read(cast):
    row = complaint_at("handling", cast, confidential=True, content=TEXT, title="举报燃气公司")
    issue = raise_issue(row, requirement="核实", actor=cast.office, now=RECEIVED)
    assert (issue.title, TEXT in issue.description) == ("保密件转办问题", False)


def test_complaint_becomes_one_issue_once(cast):
    row = complaint_at("handling", cast)
    raise_issue(row, requirement="清理", actor=cast.office, now=RECEIVED)
    with pytest.raises(RuleViolation, match="已转为问题"):
        raise_issue(again(row, cast.office), requirement="再清理", actor=cast.office, now=RECEIVED)


def test_due_before_the_complaint_came_is_refused_and_nothing_is_kept(cast):
    row = complaint_at("handling", cast)
    with pytest.raises(InvalidInput):
        raise_issue(row, requirement="清理", due_on=date(2026, 11, 1), actor=cast.office, now=RECEIVED)
    assert Issue.objects.unscoped("the test").count() == 0
    assert again(row, cast.office).version == row.version


def test_rest_answers_with_the_issue(cast, api_for):
    row = complaint_at("handling", cast)
    api = api_for(cast.office)
    body = {"requirement": "清理同类问题", "limit_kind": "immediate", "due_on": None}
    answer = api.post(f"/api/v1/complaints/{row.number}/raise_issue/", body, format="json")
    assert answer.status_code == 201
    made = answer.json()
    assert (made["status"], made["source"], made["limit_kind"]) == ("draft", "hotline", "immediate")
    assert api.get(f"/api/v1/complaints/{row.number}/").json()["issue"] == made["number"]
    # The department does not see a draft of others, nor its number.
    assert api_for(cast.reporter).get(f"/api/v1/complaints/{row.number}/").json()["issue"] is None
    missing = api.post(f"/api/v1/complaints/{complaint_at('handling', cast).number}/raise_issue/", {}, format="json")
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (400, "requirement")


def test_both_pages_show_the_other_to_those_who_see_it(cast, inspector, client_for):
    row = complaint_at("handling", cast, confidential=True)
    issue = raise_issue(row, requirement="核实", actor=cast.office, now=RECEIVED)
    assert issue.number in client_for(cast.office).get(row.get_absolute_url()).content.decode()
    assert row.number in client_for(cast.office).get(issue.get_absolute_url()).content.decode()
    assert row.number not in client_for(inspector).get(issue.get_absolute_url()).content.decode()
    assert issue.number not in client_for(cast.reporter).get(row.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("text", "struck_out"),
    [
        ("电话13812345678", "电话****"),
        ("电话１３８ 1234-5678，车号豫q·A1234", "电话****，车号****"),
        ("办公电话0396-4800000", "办公电话0396-4800000"),
        ("身份证412825199001011234号", "身份证****号"),
        ("工单 1234567 不变", "工单 1234567 不变"),
        ("李某某反映", "****反映"),
        ("李先生反映", "李先生反映"),
    ],
)
def test_private_data_is_struck_out(text, struck_out):
    assert without_private_data(text, "李某某", "", "李") == struck_out


# --- 回潮 -----------------------------------------------------------------------------------------


def closed(cast, **facts) -> Complaint:
    """Return a complaint closed as satisfied."""
    return complaint_at("closed", cast, content=TEXT, **facts)


def registered_like(cast, inspector, now) -> Issue:
    """Return an issue of the department with the same text, registered at ``now``."""
    facts = {"source": "open", "description": TEXT, "department": cast.department}
    issue = writing.write_issue(facts, actor=inspector, now=now)
    return writing.register_issue(issue, actor=inspector, now=now)


def test_issue_like_a_closed_complaint_is_marked_and_linked(cast, inspector):
    row = closed(cast)
    issue = registered_like(cast, inspector, RECEIVED + timedelta(days=30))
    assert issue.relapsed
    assert [(one.number, one.url) for one in issue.similar_cases.all()] == [(row.number, row.get_absolute_url())]


@pytest.mark.parametrize("facts", [{"confidential": True}, {"title": "x"}], ids=["confidential", "another text"])
def test_what_is_confidential_or_about_another_matter_is_no_case(facts, cast, inspector):
    row = closed(cast, **facts)
    if "title" in facts:
        Complaint.objects.unscoped("the test").filter(pk=row.pk).update(content="道路积水，请疏通下水道")
    assert not registered_like(cast, inspector, RECEIVED + timedelta(days=30)).relapsed


def test_complaint_closed_more_than_a_year_ago_is_no_case(cast, inspector):
    closed(cast)
    assert not registered_like(cast, inspector, RECEIVED + timedelta(days=400)).relapsed


def test_issue_is_not_like_the_complaint_it_was_made_of(cast):
    row = complaint_at("callback", cast, content=TEXT)
    issue = raise_issue(row, requirement="清理", actor=cast.office, now=RECEIVED)
    review.record_callback(again(row, cast.office), result="satisfied", actor=cast.office, now=RECEIVED)
    assert not writing.register_issue(issue, actor=cast.office, now=RECEIVED + timedelta(days=3)).relapsed


def cleared_issue(cast, inspector) -> Issue:
    """Return an issue of the department that two people cleared at 25 November 2026."""
    issue = verifying(inspector, cast.head, description=TEXT)
    verification.verify_pass(issue, actor=inspector, now=RECEIVED + timedelta(days=2))
    return verification.verify_pass(issue, actor=cast.office_lead, now=RECEIVED + timedelta(days=2))


@pytest.mark.parametrize(("days", "came_back"), [(30, True), (400, False)])
def test_complaint_like_a_cleared_issue_is_marked_within_a_year(days, came_back, cast, inspector, api_for, client_for):
    issue = cleared_issue(cast, inspector)
    row = complaint_at("handling", cast, content=TEXT, now=RECEIVED + timedelta(days=days))
    shown = api_for(cast.reporter).get(f"/api/v1/complaints/{row.number}/").json()
    assert (shown["relapsed"], [one["number"] for one in shown["similar"]]) == (came_back, [issue.number] * came_back)
    page = client_for(cast.reporter).get(row.get_absolute_url()).content.decode()
    assert ("回潮" in page) == came_back
    assert (issue.get_absolute_url() in page) == came_back


def test_complaint_of_another_department_is_no_relapse(cast, inspector, other_department, api_for):
    cleared_issue(cast, inspector)
    row = make_complaint(cast.office, content=TEXT, now=RECEIVED + timedelta(days=30))
    office.accept_complaint(row, actor=cast.office, now=RECEIVED + timedelta(days=30))
    office.dispatch_complaint(row, department=other_department, actor=cast.office, now=RECEIVED + timedelta(days=30))
    assert not api_for(cast.office).get(f"/api/v1/complaints/{row.number}/").json()["relapsed"]


def test_intake_says_what_may_have_come_back(cast, inspector, client_for, monkeypatch):
    issue = cleared_issue(cast, inspector)
    complaint_at("closed", cast, content=TEXT)  # past cases suggest the department
    monkeypatch.setattr("core.clock.now", lambda: RECEIVED + timedelta(days=30))
    hints = client_for(cast.office).post("/complaints/new/hints/", {"content": TEXT}).content.decode()
    assert "可能回潮" in hints
    assert issue.number in hints
    other = client_for(cast.office).post("/complaints/new/hints/", {"content": "道路积水，请疏通"}).content.decode()
    assert "可能回潮" not in other
