"""Accountability records: who keeps and reads them, what they are about, through both doors."""

from datetime import date

import pytest

from accounts.models import Message
from core.exceptions import InvalidInput, NotAllowed
from core.models import AuditEvent
from supervision.models import AccountabilityRecord, IssueEvent
from supervision.selectors.subjects import subject_by_number
from supervision.services.records import RecordFacts, keep_record
from tests.factories.orders import DUE, FOUND, fetched, order_on, rectifying

pytestmark = pytest.mark.django_db
URL = "/api/v1/accountability-records/"
ON = date(2026, 11, 24)
BODY = {"kind": "summons", "department": "zjj", "on": "2026-11-24", "person": "分管副局长", "note": "约谈要求限期整改"}


@pytest.fixture(autouse=True)
def _standing_clock(monkeypatch):
    """Let the doors take ``FOUND`` for now."""
    monkeypatch.setattr("core.clock.now", lambda: FOUND)


@pytest.fixture
def issue(inspector, head):
    return rectifying(inspector, head, due_on=DUE)


def kept(actor, department, **facts) -> AccountabilityRecord:
    """Return a record of a summons."""
    values = {"kind": "summons", "department": department, "on": ON} | facts
    return keep_record(RecordFacts(**values), actor=actor, now=FOUND)


def test_record_names_its_subject_and_stands_on_its_timeline(issue, inspector, department, reporter):
    record = kept(inspector, department, subject=issue.number, document_number="西营商约〔2026〕1号")
    assert (record.issue, record.subject_title, record.subject_url) == (issue, issue.title, issue.get_absolute_url())
    event = IssueEvent.objects.visible_to(inspector).get(issue=issue, kind="record")
    assert (event.label, event.text) == ("约谈", "县住建局　西营商约〔2026〕1号")
    assert Message.objects.visible_to(reporter).filter(title="约谈记录已登记").exists()
    audited = AuditEvent.objects.get(action="supervision.accountabilityrecord.keep")
    assert audited.after == {"kind": "summons", "department": "zjj", "on": "2026-11-24", "subject": issue.number}


def test_record_may_be_about_an_order(issue, office_lead, department):
    order = order_on(fetched(issue, office_lead), office_lead)
    record = kept(office_lead, department, subject=f" {order.number} ")
    assert (record.order, record.issue, record.subject_number) == (order, issue, order.number)


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"on": date(2026, 11, 26)}, "on", "invalid"),
        ({"subject": "WT-2026-9999"}, "subject", "unknown_subject"),
    ],
)
def test_wrong_record_is_refused(given, field, code, inspector, department):
    with pytest.raises(InvalidInput) as refused:
        kept(inspector, department, **given)
    assert [(one["field"], one["code"]) for one in refused.value.errors] == [(field, code)]


def test_subject_of_another_department_is_refused(issue, inspector, other_department):
    with pytest.raises(InvalidInput, match="不是县财政局牵头或配合的"):
        kept(inspector, other_department, subject=issue.number)


@pytest.mark.parametrize("who", ["office", "head", "leader", "signer"])
def test_only_r2_and_r6_keep_records(who, department, request, api_for, client_for):
    person = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        kept(person, department)
    assert api_for(person).post(URL, BODY, format="json").status_code == 403
    assert client_for(person).get("/supervision/records/new/").status_code == 403


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        *((who, True) for who in ("office", "office_lead", "signer", "inspector", "leader", "reporter", "head")),
        ("stranger", False),
    ],
)
def test_who_reads_a_record(who, sees, inspector, department, request, api_for, client_for):
    record = kept(inspector, department, note="约谈要求限期整改")
    person = request.getfixturevalue(who)
    assert len(api_for(person).get(URL).json()["results"]) == sees
    assert api_for(person).get(f"{URL}{record.pk}/").status_code == (200 if sees else 404)
    page = client_for(person).get(record.get_absolute_url())
    assert page.status_code == (200 if sees else 404)
    assert ("约谈要求限期整改" in page.content.decode()) == sees


def test_record_over_rest(issue, inspector, api_for):
    answer = api_for(inspector).post(URL, BODY | {"subject": issue.number}, format="json")
    assert answer.status_code == 201
    row = answer.json()
    assert (row["kind_label"], row["department"], row["subject"], row["on"]) == (
        "约谈",
        "zjj",
        issue.number,
        "2026-11-24",
    )
    refused = api_for(inspector).post(URL, {"kind": "fine"}, format="json")
    assert {one["field"] for one in refused.json()["errors"]} == {"kind", "department", "on"}


def test_record_on_the_page(issue, inspector, client_for):
    browser = client_for(inspector)
    form = browser.get(f"/supervision/records/new/?department=zjj&subject={issue.number}").content.decode()
    assert issue.number in form
    sent = browser.post("/supervision/records/new/", BODY | {"subject": issue.number})
    assert sent.status_code == 302
    assert issue.number in browser.get(sent["Location"]).content.decode()
    wrong = browser.post("/supervision/records/new/", BODY | {"subject": "WT-2026-9999"})
    assert wrong.status_code == 422
    assert "没有编号为 WT-2026-9999 的问题" in wrong.content.decode()


def test_filters_of_the_list(inspector, department, client_for, api_for):
    kept(inspector, department, person="分管副局长")
    api, browser = api_for(inspector), client_for(inspector)
    for query, found in (("kind=summons", 1), ("kind=praise", 0), ("department=zjj", 1), ("on__gte=2026-11-25", 0)):
        assert len(api.get(f"{URL}?{query}").json()["results"]) == found, query
    for query, found in (("kind=summons", True), ("from=2026-11-25", False), ("search=副局长", True), ("to=bad", True)):
        assert ("分管副局长" in browser.get(f"/supervision/records/?{query}").content.decode()) == found, query


def test_list_asks_a_fixed_number_of_queries(inspector, department, client_for, api_for, django_assert_max_num_queries):
    def count(ask) -> int:
        with django_assert_max_num_queries(60) as asked:
            assert ask().status_code == 200
        return len(asked)

    asks = [lambda: client_for(inspector).get("/supervision/records/"), lambda: api_for(inspector).get(URL)]
    for _ in range(2):
        kept(inspector, department)
    for ask in asks:
        ask()
    few = [count(ask) for ask in asks]
    for _ in range(18):
        kept(inspector, department)
    assert [count(ask) for ask in asks] == few


def test_number_nobody_has_is_no_subject(inspector):
    assert subject_by_number(inspector, "") is None
    assert subject_by_number(inspector, "YS20260101-0001") is None


def test_subject_one_may_not_see_is_no_subject(issue, stranger):
    assert subject_by_number(stranger, issue.number) is None
