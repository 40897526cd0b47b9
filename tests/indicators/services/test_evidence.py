"""Evidence: handing in, linking, judging, duplicates, visibility, checklist (domain §3)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Message
from core.exceptions import FileRefused, InvalidInput, InvalidTransition, NotAllowed, RuleViolation
from core.models import AuditEvent
from indicators.models import Evidence, EvidenceLink
from indicators.selectors.evidence import checklist_of, duplicates_of, evidence_links, evidence_rows
from indicators.services import evidence as services
from indicators.services.evidence import EvidenceFacts, Scope
from overview.selectors.office import verdicts
from tests.factories.files import uploaded
from tests.factories.indicators import assign, link_evidence, make_evidence, make_indicator

LINK = "https://www.xiping.gov.cn/a"


def text_file(content: str = "窗口公示", name: str = "公示.txt"):
    return uploaded(content.encode(), name)


@pytest.fixture
def add(reporter, now):
    """Return a function that hands in evidence as the lead department's reporter."""

    def act(actor=reporter, upload=None, link="", indicators=(), scope=services.ANYTHING):
        facts = EvidenceFacts(title="收费公示", kind="other", link=link)
        return services.add_evidence(facts, upload=upload, indicators=indicators, scope=scope, actor=actor, now=now)

    return act


# --- handing in ------------------------------------------------------------------------------------


def test_file_is_kept_to_the_byte_and_waits_for_review(gas, days, add, reporter, office, department):
    evidence = add(upload=text_file(), indicators=[days])
    assert (evidence.status, evidence.department, evidence.added_by) == ("pending", department, reporter)
    with evidence.attachment.file.open("rb") as file:
        assert file.read() == "窗口公示".encode()
    assert [link.first_level for link in evidence.links.all()] == [gas]
    assert Message.objects.visible_to(office).get().title == "佐证材料“收费公示”待审核"
    assert AuditEvent.objects.get(action="indicators.evidence.add").after["sha256"] == evidence.attachment.sha256
    assert AuditEvent.objects.filter(action="indicators.indicator.link_evidence").count() == 1


@pytest.mark.parametrize("given", [{}, {"upload": text_file(), "link": LINK}])
def test_either_a_file_or_a_link(gas, add, given):
    with pytest.raises(InvalidInput) as refusal:
        add(**given)
    assert refusal.value.errors[0]["code"] == "file_or_link"


def test_disguised_file_is_refused_and_nothing_is_written(gas, add):
    with pytest.raises(FileRefused):
        add(upload=uploaded(b"MZ\x90\x00" + b"\x00" * 60, "公示.pdf"))
    assert not Evidence.objects.unscoped("test").exists()


def test_indicator_of_others_is_refused_by_name(gas, days, add, stranger):
    with pytest.raises(InvalidInput, match=r"A08\.2 不是本单位牵头或配合的指标"):
        add(actor=stranger, link=LINK, indicators=[days])


@pytest.mark.parametrize("person", ["leader", "signer", "auditor"])
def test_only_office_and_departments_hand_in(gas, add, request, person):
    with pytest.raises(NotAllowed):
        add(actor=request.getfixturevalue(person), link=LINK)


def test_what_is_kept_for_an_issue_is_for_review_only_once_it_speaks_for_an_indicator(gas, days, reporter, office, now):
    facts = EvidenceFacts(title="收费公示", kind="other")
    evidence = services.keep_evidence(facts, upload=text_file(), actor=reporter, now=now)
    assert not Message.objects.visible_to(office).exists()
    assert verdicts(office) == []
    assert not evidence_rows(office, status="pending")
    with pytest.raises(RuleViolation, match="关联指标后才送审"):
        services.accept_evidence(evidence, actor=office, now=now)
    services.link_evidence(evidence, indicators=[days], actor=reporter, now=now)
    assert Message.objects.visible_to(office).get().title == "佐证材料“收费公示”待审核"
    assert len(verdicts(office)) == len(evidence_rows(office, status="pending")) == 1
    services.accept_evidence(evidence, actor=office, now=now)


def test_period_must_not_end_before_it_begins(gas, add):
    with pytest.raises(InvalidInput) as refusal:
        add(link=LINK, indicators=[gas], scope=Scope(period_from=date(2026, 2, 1), period_to=date(2026, 1, 1)))
    assert refusal.value.errors[0]["field"] == "period_to"


# --- duplicates and reuse --------------------------------------------------------------------------


def test_same_file_again_is_found_and_named_only_to_those_who_see_it(gas, add, office, stranger, reporter):
    first = add(upload=text_file(), indicators=[gas])
    again = add(upload=text_file(name="另一个名字.txt"))
    assert duplicates_of(again, reporter).visible == (first,)
    assert "可以直接复用" in duplicates_of(again, reporter).sentence
    foreign = add(actor=stranger, upload=text_file())
    told = duplicates_of(foreign, stranger)
    assert (told.visible, told.sentence) == ((), "其他单位已上传过同一个文件")
    assert duplicates_of(add(link=LINK), reporter).sentence == ""


def test_evidence_is_reused_for_further_indicators_without_doubling_links(gas, days, add, reporter, now):
    evidence = add(link=LINK, indicators=[gas])
    services.link_evidence(evidence, indicators=[gas, days], actor=reporter, now=now)
    services.link_evidence(evidence, indicators=[days], actor=reporter, now=now)
    assert sorted(evidence.links.values_list("indicator__code", flat=True)) == ["A08", "A08.2"]


def test_one_piece_speaks_for_several_periods(gas, add, reporter, now):
    evidence = add(link=LINK, indicators=[gas], scope=Scope(period_to=date(2026, 6, 30)))
    for scope in (Scope(period_from=date(2026, 7, 1)), Scope(period_from=date(2026, 7, 1)), services.ANYTHING):
        services.link_evidence(evidence, indicators=[gas], scope=scope, actor=reporter, now=now)
    assert evidence.links.count() == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        link_evidence(evidence, gas)


def test_wrong_link_is_removed_by_its_department_or_the_office(gas, add, office, leader, now):
    evidence = add(link=LINK, indicators=[gas])
    link = evidence.links.get()
    with pytest.raises(NotAllowed):
        services.unlink_evidence(link, actor=leader, now=now)
    services.unlink_evidence(link, actor=office, now=now)
    assert not EvidenceLink.objects.unscoped("test").exists()


# --- review ----------------------------------------------------------------------------------------


def test_returned_evidence_tells_its_department_and_comes_back(gas, add, office, reporter, now):
    evidence = add(link=LINK, indicators=[gas])
    services.return_evidence(evidence, reason="缺印章", actor=office, now=now)
    assert (evidence.status, evidence.return_reason) == ("returned", "缺印章")
    assert Message.objects.visible_to(reporter).get().body == "缺印章"
    facts = EvidenceFacts(title="收费公示（盖章）", kind="other")
    services.resubmit_evidence(evidence, facts, upload=text_file(), actor=reporter, now=now)
    assert (evidence.status, evidence.title, evidence.link) == ("pending", "收费公示（盖章）", "")
    services.accept_evidence(evidence, actor=office, now=now)
    assert (evidence.status, evidence.reviewed_by, evidence.return_reason) == ("passed", office, "")


def test_link_may_replace_a_file_but_not_nothing(gas, add, office, reporter, now):
    evidence = add(link=LINK)
    services.return_evidence(evidence, reason="失效", actor=office, now=now)
    with pytest.raises(InvalidInput):
        services.resubmit_evidence(evidence, EvidenceFacts(title="公示", kind="other"), actor=reporter, now=now)
    other = EvidenceFacts(title="公示", kind="other", link="https://www.xiping.gov.cn/b")
    assert services.resubmit_evidence(evidence, other, actor=reporter, now=now).link.endswith("/b")


@pytest.mark.parametrize(
    ("act", "person", "status", "verdict"),
    [
        ("accept", "office", "pending", "passed"),
        ("accept", "office_lead", "pending", "passed"),
        ("accept", "office", "passed", InvalidTransition),
        ("accept", "reporter", "pending", NotAllowed),
        ("accept", "leader", "pending", NotAllowed),
        ("return", "office", "passed", "returned"),
        ("return", "office", "returned", InvalidTransition),
        ("return", "head", "pending", NotAllowed),
        ("resubmit", "reporter", "returned", "pending"),
        ("resubmit", "head", "returned", "pending"),
        ("resubmit", "reporter", "pending", InvalidTransition),
        ("resubmit", "stranger", "returned", NotAllowed),
        ("resubmit", "office", "returned", NotAllowed),
    ],
)
def test_every_act_by_every_role(gas, reporter, now, request, act, person, status, verdict):
    evidence = make_evidence(reporter, status=status)
    actor = request.getfixturevalue(person)
    acts = {
        "accept": lambda: services.accept_evidence(evidence, actor=actor, now=now),
        "return": lambda: services.return_evidence(evidence, reason="缺印章", actor=actor, now=now),
        "resubmit": lambda: services.resubmit_evidence(evidence, actor=actor, now=now),
    }
    if isinstance(verdict, str):
        assert acts[act]().status == verdict
    else:
        with pytest.raises(verdict):
            acts[act]()


# --- who sees it -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "unlinked", "linked", "linked_to_theirs"),
    [
        ("office", True, True, True),
        ("leader", False, True, True),
        ("inspector", False, True, True),
        ("reporter", True, True, False),
        ("head", True, True, False),
        ("stranger", False, False, True),
        ("sysadmin", False, False, False),
    ],
)
def test_evidence_is_seen_by_its_department_and_then_by_those_of_its_indicators(
    gas, other_department, reporter, request, person, unlinked, linked, linked_to_theirs
):
    theirs = make_indicator("A09")
    assign(theirs, other_department)
    pieces = [make_evidence(reporter, title) for title in ("未关联", "关联 A08", "关联 A09")]
    link_evidence(pieces[1], gas)
    link_evidence(pieces[2], theirs)
    visible = set(Evidence.objects.visible_to(request.getfixturevalue(person)))
    assert [piece in visible for piece in pieces] == [unlinked, linked, linked_to_theirs]


def test_evidence_without_a_department_is_not_everybodys_who_has_none(gas, leader, office, reporter):
    orphan = make_evidence(reporter, department=None)
    assert orphan not in Evidence.objects.visible_to(leader)
    assert orphan in Evidence.objects.visible_to(office)


# --- the checklist ---------------------------------------------------------------------------------


def test_checklist_counts_by_line_or_by_kind(gas, days, reporter, office, now, today):
    link_evidence(make_evidence(reporter, "案例", status="passed"), days)
    link_evidence(make_evidence(reporter, "文件", kind="other"), gas, checklist_item="政策文件")
    links = evidence_links(office, ["A08"], set_id=gas.indicator_set_id)
    checklist = checklist_of(["政策文件", "办事案例", "统计表"], links, today)
    assert [(item.name, item.word) for item in checklist.items] == [
        ("政策文件", "待审"),
        ("办事案例", "齐"),
        ("统计表", "缺"),
    ]
    assert (checklist.done, checklist.percent) == (1, 33)


def test_old_evidence_is_called_old(gas, reporter, office, today):
    evidence = make_evidence(reporter, status="passed", issued_on=today - timedelta(days=366))
    link_evidence(evidence, gas)
    links = evidence_links(office, ["A08"], set_id=gas.indicator_set_id)
    assert checklist_of(["办事案例"], links, today).items[0].word == "旧"
    EvidenceLink.objects.unscoped("test").update(period_to=today)
    links = evidence_links(office, ["A08"], set_id=gas.indicator_set_id)
    assert checklist_of(["办事案例"], links, today).items[0].word == "齐"
