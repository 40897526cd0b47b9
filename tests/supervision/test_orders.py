"""Orders: who issues, answers, signs, sends back and closes them, through the services and both doors."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.confirmation import FIELD
from accounts.models import Message
from accounts.roles import Role
from core.exceptions import InvalidInput, InvalidTransition, NotAllowed
from core.ladder import Rung
from core.models import AuditEvent
from core.panels import counts_for, to_dos_for
from supervision.models import IssueEscalation, IssueEvent, SupervisionOrder
from supervision.selectors.proposals import proposals_for
from supervision.services import orders
from tests.factories.accounts import PASSWORD, make_user, on_device
from tests.factories.orders import DUE, FOUND, fetched, order_again, order_on, piece_of, rectifying, registered

pytestmark = pytest.mark.django_db
URL = "/api/v1/supervision-orders/"
ROLES = ("office", "office_lead", "inspector", "reporter", "head", "leader", "signer", "stranger")


@dataclass(frozen=True)
class People:
    """Who acts on an order to ``department``."""

    inspector: Any
    office: Any
    office_lead: Any
    reporter: Any
    head: Any
    department: Any


@pytest.fixture
def cast(inspector, office, office_lead, reporter, head, department) -> People:
    """Return who acts."""
    return People(inspector, office, office_lead, reporter, head, department)


@pytest.fixture(autouse=True)
def _standing_clock(monkeypatch):
    """Let the doors take ``FOUND`` for now."""
    monkeypatch.setattr("core.clock.now", lambda: FOUND)


@pytest.fixture
def issue(cast):
    return rectifying(cast.inspector, cast.head, due_on=DUE)


@pytest.fixture
def order(issue, cast) -> SupervisionOrder:
    return order_on(issue, cast.office_lead)


def order_at(state: str, issue, cast) -> SupervisionOrder:
    """Return an order that has come to ``state`` through the services."""
    order = order_on(issue, cast.office_lead)
    if state in {"sign_off", "replied", "closed"}:
        orders.reply_to_order(order, text="已整改到位", actor=cast.reporter, now=FOUND)
    if state in {"replied", "closed"}:
        orders.sign_reply(order_again(order, cast.head), actor=cast.head, now=FOUND)
    if state == "closed":
        orders.close_order(order_again(order, cast.office_lead), actor=cast.office_lead, now=FOUND)
    return order_again(order, cast.office_lead)


def titles(person) -> list[str]:
    return list(Message.objects.visible_to(person).order_by("pk").values_list("title", flat=True))


# --- Issuing --------------------------------------------------------------------------------------


def test_order_keeps_a_copy_of_its_subject_and_tells_the_department(order, issue, cast, office_department):
    kept = (order.number, order.subject_number, order.subject_title, order.subject_due_on, order.subject_form)
    assert kept == ("西营商督〔2026〕1号", issue.number, issue.title, DUE, "西营商交〔2026〕1号")
    assert (order.department, order.issuer, order.status) == (cast.department, office_department, "awaiting")
    assert titles(cast.reporter)[-1] == "西营商督〔2026〕1号 督办单，请于 2026-12-04 前回复"
    assert IssueEvent.objects.visible_to(cast.head).filter(issue=issue, kind="supervise").count() == 1
    audited = AuditEvent.objects.get(action="supervision.supervisionorder.issue")
    assert (audited.actor, audited.after["subject"]) == (cast.office_lead, issue.number)


def test_copy_does_not_change_with_its_subject(order, issue, cast):
    type(issue).objects.unscoped("the test").filter(pk=issue.pk).update(title="另一个标题")
    assert order_again(order, cast.office_lead).subject_title == issue.title


def test_two_orders_of_a_year_are_counted_by_who_issues_them(issue, cast):
    numbers = [
        order_on(fetched(issue, who), who).number for who in (cast.office_lead, cast.inspector, cast.office_lead)
    ]
    assert numbers == ["西营商督〔2026〕1号", "西督〔2026〕1号", "西营商督〔2026〕2号"]


@pytest.mark.parametrize(
    ("given", "field"),
    [({"due_on": date(2026, 11, 24)}, "due_on"), ({"requirement": "  "}, "requirement")],
)
def test_wrong_order_is_refused_and_spends_no_number(given, field, issue, cast):
    facts = {"requirement": "整改", "due_on": DUE} | given
    with pytest.raises(InvalidInput) as refused:
        orders.supervise_issue(issue, actor=cast.office_lead, now=FOUND, **facts)
    assert refused.value.errors[0]["field"] == field
    assert order_on(fetched(issue, cast.office_lead), cast.office_lead).number == "西营商督〔2026〕1号"


def test_only_what_a_department_holds_is_pressed_and_only_by_r2_and_r6(issue, cast):
    draft = registered(cast.inspector, cast.department)
    with pytest.raises(InvalidTransition, match="不能督办"):
        orders.supervise_issue(draft, requirement="整改", due_on=DUE, actor=cast.inspector, now=FOUND)
    with pytest.raises(NotAllowed):
        orders.supervise_issue(issue, requirement="整改", due_on=DUE, actor=cast.office, now=FOUND)
    with pytest.raises(NotAllowed):
        orders.issue_order(orders.subject_of(issue), requirement="整改", due_on=DUE, actor=cast.head, now=FOUND)


# --- The reply ------------------------------------------------------------------------------------


def test_reporter_s_reply_waits_for_the_head_and_a_head_s_own_does_not(order, cast):
    orders.reply_to_order(order, text="已整改到位", actor=cast.reporter, now=FOUND)
    assert (order.status, order.replied_at) == ("sign_off", None)
    assert "督办回复待签发" in titles(cast.head)[-1]
    orders.sign_reply(order_again(order, cast.head), actor=cast.head, now=FOUND)
    order = order_again(order, cast.office_lead)
    assert (order.status, order.reply_signed_by, order.replied_at) == ("replied", cast.head, FOUND)
    assert titles(cast.office_lead)[-1] == "西营商督〔2026〕1号 已回复，请审核"
    orders.send_back_reply(order, reason="未附照片", actor=cast.office_lead, now=FOUND)
    orders.reply_to_order(order_again(order, cast.head), text="照片见附件", actor=cast.head, now=FOUND)
    assert order_again(order, cast.head).status == "replied"


def test_every_reply_stays_on_the_timeline(order, issue, cast):
    orders.reply_to_order(order, text="第一次回复", actor=cast.head, now=FOUND)
    orders.send_back_reply(order_again(order, cast.office_lead), reason="不具体", actor=cast.office_lead, now=FOUND)
    orders.reply_to_order(order_again(order, cast.head), text="第二次回复", actor=cast.head, now=FOUND)
    orders.close_order(order_again(order, cast.office_lead), note="到位", actor=cast.office_lead, now=FOUND)
    kept = [(one.label, one.text) for one in order.events.order_by("pk")]
    assert kept == [
        ("发出", "三日内整改到位"),
        ("回复", "第一次回复"),
        ("退回重报", "不具体"),
        ("回复", "第二次回复"),
        ("了结", "到位"),
    ]
    kinds = issue.events.filter(kind__startswith="order_").values_list("kind", flat=True)
    assert list(kinds)[::-1] == ["order_reply", "order_send_back", "order_reply", "order_close"]


def test_evidence_comes_with_the_reply_and_is_replaced_with_it(order, cast):
    first, second = piece_of(cast.reporter, title="旧照片"), piece_of(cast.reporter, title="新照片")
    orders.reply_to_order(order, text="见附件", evidence=[first], actor=cast.reporter, now=FOUND)
    orders.return_reply(order_again(order, cast.head), reason="换一张", actor=cast.head, now=FOUND)
    assert "退回修改" in titles(cast.reporter)[-1]
    orders.reply_to_order(
        order_again(order, cast.reporter), text="已换", evidence=[second], actor=cast.reporter, now=FOUND
    )
    assert [one.title for one in order.evidence.all()] == ["新照片"]


# --- Role x state x act through both doors ---------------------------------------------------------

BODIES = {"reply": {"text": "已整改到位"}, "return_reply": {"reason": "改"}, "send_back": {"reason": "改"}}
#: Act -> the state it starts from, where it leads, who may.
TABLE = {
    "reply": ("awaiting", "sign_off", {"reporter", "head"}),
    "sign_reply": ("sign_off", "replied", {"head"}),
    "return_reply": ("sign_off", "awaiting", {"head"}),
    "send_back": ("replied", "awaiting", {"office_lead", "inspector"}),
    "close": ("replied", "closed", {"office_lead", "inspector"}),
}
STATES = ("awaiting", "sign_off", "replied", "closed")


def expected(act: str, role: str, state: str) -> int:
    if role == "stranger":
        return 404
    source, _, roles = TABLE[act]
    return 403 if role not in roles else 200 if state == source else 409


@pytest.mark.parametrize("state", STATES)
def test_refused_acts_answer_as_the_table_says_through_both_doors(state, issue, cast, request, api_for, client_for):
    order = order_at(state, issue, cast)
    for role in ROLES:
        person = request.getfixturevalue(role)
        api, browser = api_for(person), client_for(person)
        for act in TABLE:
            wanted = expected(act, role, state)
            if wanted == 200:
                continue
            body = BODIES.get(act, {})
            assert api.post(f"{URL}{order.pk}/{act}/", body, format="json").status_code == wanted, (role, act)
            assert browser.post(f"{order.get_absolute_url()}{act}/", body).status_code == wanted, (role, act)
    unchanged = order_again(order, cast.office_lead)
    assert (unchanged.status, unchanged.version) == (order.status, order.version)


@pytest.mark.parametrize(
    ("act", "role"), [(act, role) for act, (_, _, roles) in TABLE.items() for role in sorted(roles)]
)
def test_permitted_act_moves_the_order_through_both_doors(act, role, issue, cast, request, api_for, client_for):
    source, target, _ = TABLE[act]
    target = "replied" if (act, role) == ("reply", "head") else target
    person = request.getfixturevalue(role)
    by_rest, by_page = order_at(source, issue, cast), order_at(source, fetched(issue, cast.office_lead), cast)
    answer = api_for(person).post(f"{URL}{by_rest.pk}/{act}/", BODIES.get(act, {}), format="json")
    assert (answer.status_code, answer.json()["status"]) == (200, target)
    page = client_for(person).get(by_page.get_absolute_url()).content.decode()
    assert f'"{by_page.get_absolute_url()}{act}/"' in page
    sent = client_for(person).post(
        f"{by_page.get_absolute_url()}{act}/", BODIES.get(act, {}) | {"version": by_page.version}
    )
    assert sent.status_code == 302
    assert order_again(by_page, cast.office_lead).status == target


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_actions_are_those_of_the_table(state, role, issue, cast, request, api_for):
    order = order_at(state, issue, cast)
    answer = api_for(request.getfixturevalue(role)).get(f"{URL}{order.pk}/")
    if role == "stranger":
        assert answer.status_code == 404
    else:
        assert set(answer.json()["actions"]) == {act for act in TABLE if expected(act, role, state) == 200}


def test_missing_words_are_asked_for_last(order, cast, api_for, client_for):
    answer = api_for(cast.reporter).post(f"{URL}{order.pk}/reply/", {"text": "  "}, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "text")
    stale = api_for(cast.reporter).post(f"{URL}{order.pk}/reply/", {}, format="json", HTTP_IF_MATCH='"order-1-99"')
    assert stale.status_code == 412
    page = client_for(cast.reporter).post(f"{order.get_absolute_url()}reply/", {"text": ""})
    assert page.status_code == 422
    assert "请填写回复" in page.content.decode()


def test_unknown_act_is_404(order, cast, client_for):
    assert client_for(cast.reporter).get(f"{order.get_absolute_url()}fly/").status_code == 404


def test_files_of_the_reply_are_kept_and_read_with_the_order(order, cast, api_for, client_for, stranger, inspector):
    photo = SimpleUploadedFile("整改说明.txt", "已更换公示栏".encode())
    sent = client_for(cast.head).post(f"{order.get_absolute_url()}reply/", {"text": "见附件", "files": photo})
    assert sent.status_code == 302
    (piece,) = order.evidence.all()
    page = f"{order.get_absolute_url()}files/{piece.pk}/"
    rest = f"{URL}{order.pk}/files/{piece.pk}/"
    for person in (inspector, cast.office_lead, cast.reporter):
        assert b"".join(client_for(person).get(page).streaming_content).decode() == "已更换公示栏"
        assert b"".join(api_for(person).get(rest).streaming_content).decode() == "已更换公示栏"
    assert client_for(stranger).get(page).status_code == 404
    assert api_for(stranger).get(rest).status_code == 404


def test_reply_over_rest_names_evidence_one_sees(order, cast, api_for, stranger):
    own, foreign = piece_of(cast.reporter), piece_of(stranger)
    api = api_for(cast.reporter)
    refused = api.post(f"{URL}{order.pk}/reply/", {"text": "见附件", "evidence": [foreign.pk]}, format="json")
    assert refused.status_code == 400
    answer = api.post(f"{URL}{order.pk}/reply/", {"text": "见附件", "evidence": [own.pk]}, format="json")
    assert [one["id"] for one in answer.json()["evidence"]] == [own.pk]


def test_document_is_downloaded_and_its_printing_audited(order, cast, api_for, client_for, stranger):
    for answer in (
        api_for(cast.reporter).get(f"{URL}{order.pk}/document/"),
        client_for(cast.reporter).get(f"{order.get_absolute_url()}document/"),
    ):
        assert answer.status_code == 200
        assert answer.content.startswith(b"PK")
        assert "attachment" in answer["Content-Disposition"]
    assert AuditEvent.objects.filter(action="supervision.supervisionorder.print").count() == 2
    assert api_for(stranger).get(f"{URL}{order.pk}/document/").status_code == 404


def test_form_of_an_issue_is_downloaded_or_refused(issue, cast, client_for, stranger):
    browser = client_for(cast.head)
    earned = browser.get(f"{issue.get_absolute_url()}form/?kind=assignment")
    assert (earned.status_code, earned.content[:2]) == (200, b"PK")
    assert browser.get(f"{issue.get_absolute_url()}form/?kind=clearance").status_code == 409
    assert client_for(stranger).get(f"{issue.get_absolute_url()}form/?kind=assignment").status_code == 404


# --- Lists ----------------------------------------------------------------------------------------


def test_lists_ask_a_fixed_number_of_queries(issue, cast, api_for, client_for, django_assert_max_num_queries):
    for _ in range(2):
        order_on(fetched(issue, cast.office_lead), cast.office_lead)
    api, browser = api_for(cast.inspector), client_for(cast.inspector)

    def count(ask) -> int:
        with django_assert_max_num_queries(60) as asked:
            assert ask().status_code == 200
        return len(asked)

    asks = (lambda: browser.get("/supervision/"), lambda: api.get(URL))
    for ask in asks:
        ask()  # what is asked once a process: site settings, calendar
    few = [count(ask) for ask in asks]
    for _ in range(18):
        order_on(fetched(issue, cast.office_lead), cast.office_lead)
    assert [count(ask) for ask in asks] == few


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=awaiting", 1),
        ("status=closed", 0),
        ("subject_kind=complaint", 0),
        ("department=zjj&due__lte=2026-12-04", 1),
        ("overdue=true", 0),
        ("overdue=false", 1),
        ("search=整改到位", 1),
        ("search=无此事", 0),
        ("issued__gte=2026-11-26T00:00:00%2B08:00", 0),
    ],
)
def test_filters_of_the_list(query, found, order, cast, api_for):
    assert len(api_for(cast.inspector).get(f"{URL}?{query}").json()["results"]) == found


def test_unknown_parameter_is_refused(cast, api_for):
    assert api_for(cast.inspector).get(f"{URL}?colour=red").status_code == 400


def test_overdue_is_said_until_the_answer_is_signed(order, cast, api_for, monkeypatch):
    monkeypatch.setattr("core.clock.now", lambda: FOUND + timedelta(days=12))
    api = api_for(cast.reporter)
    assert [row["overdue"] for row in api.get(f"{URL}?overdue=true").json()["results"]] == [True]
    orders.reply_to_order(order, text="已整改", actor=cast.head, now=FOUND + timedelta(days=12))
    assert api.get(f"{URL}?overdue=true").json()["results"] == []


def test_departments_see_their_own_under_another_title(order, cast, client_for, stranger):
    own, foreign = client_for(cast.reporter).get("/supervision/"), client_for(stranger).get("/supervision/")
    assert "督办事项" in own.content.decode()
    assert order.number in own.content.decode()
    assert order.number not in foreign.content.decode()
    assert "还没有督办" in foreign.content.decode()


@pytest.mark.parametrize(("who", "word"), [("reporter", "督办事项"), ("leader", "督办中心"), ("signer", "督办中心")])
def test_list_is_reached_from_the_ledger_by_those_whose_sidebar_lacks_it(who, word, request, client_for):
    page = client_for(request.getfixturevalue(who)).get("/issues/").content.decode()
    assert f'<a href="/supervision/">{word}</a>' in page


def test_views_and_filters_of_the_page(order, cast, client_for):
    browser = client_for(cast.office_lead)
    assert order.number in browser.get("/supervision/?view=owed").content.decode()
    assert order.number not in browser.get("/supervision/?view=closed").content.decode()
    assert "没有符合条件的督办" in browser.get("/supervision/?search=无此事").content.decode()
    assert "督办中心" in browser.get("/supervision/").content.decode()


def test_what_waits_is_on_the_workbench_and_counted(order, cast):
    def waiting(person) -> list[str]:
        return [one.act for one in to_dos_for(person, FOUND) if one.kind.startswith("督办")]

    assert (waiting(cast.reporter), waiting(cast.office_lead)) == (["回复"], [])
    orders.reply_to_order(order, text="已整改", actor=cast.reporter, now=FOUND)
    assert waiting(cast.head) == ["签发"]
    orders.sign_reply(order_again(order, cast.head), actor=cast.head, now=FOUND)
    assert waiting(cast.office_lead) == ["审核"]
    assert counts_for(cast.office_lead, FOUND, ["supervision"]) == {"supervision": 1}


def test_deputy_or_second_supervisor_of_the_same_office_closes_too(issue, cast, office_department):
    order = order_at("replied", issue, cast)
    colleague = make_user("lead2", Role.OFFICE_LEAD, department=office_department)
    orders.close_order(order, note="到位", actor=colleague, now=FOUND)
    assert (order.closed_by, order.closing_note) == (colleague, "到位")
    with pytest.raises(InvalidTransition, match="不能了结"):
        orders.close_order(order, actor=colleague, now=FOUND)


# --- What the ladder proposes, and signatures on a trusted device -------------------------------------


def test_issue_on_rung_three_is_proposed_until_it_is_pressed(issue, cast, client_for, monkeypatch):
    late = FOUND + timedelta(days=15)
    monkeypatch.setattr("core.clock.now", lambda: late)
    IssueEscalation.objects.create(issue=issue, round=issue.current_round, rung=Rung.RAISED, reached_at=late)
    assert proposals_for(cast.inspector, late).total == 0
    IssueEscalation.objects.create(
        issue=issue, round=issue.current_round, rung=Rung.SUPERVISION_PROPOSED, reached_at=late
    )
    (line,) = proposals_for(cast.inspector, late).lines
    assert (line.number, line.due_on, line.is_overdue, line.rung) == (issue.number, DUE, True, "建议督办")
    assert f'"{issue.get_absolute_url()}supervise/"' in client_for(cast.inspector).get("/supervision/").content.decode()
    assert "建议督办" not in client_for(cast.office).get("/supervision/").content.decode()
    order_on(fetched(issue, cast.inspector), cast.inspector, now=late, due_on=late.date())
    assert proposals_for(cast.inspector, late).total == 0


def test_head_s_signature_asks_a_trusted_device_for_the_password(issue, cast, monkeypatch):
    monkeypatch.undo()  # log-ins stand on the real clock
    waiting, own = order_at("sign_off", issue, cast), order_on(fetched(issue, cast.office_lead), cast.office_lead)
    for order, act, body in ((waiting, "sign_reply", {}), (own, "reply", {"text": "已整改"})):
        browser, address = on_device(cast.head), f"{order.get_absolute_url()}{act}/"
        assert browser.post(address, body).status_code == 403
        assert order_again(order, cast.head).status == order.status
        assert browser.post(address, body | {FIELD: PASSWORD}).status_code == 302
        assert order_again(order, cast.head).status == "replied"
    third = order_on(fetched(issue, cast.office_lead), cast.office_lead)
    reply = on_device(cast.reporter).post(f"{third.get_absolute_url()}reply/", {"text": "已整改"})
    assert reply.status_code == 302  # a reporter signs nothing
