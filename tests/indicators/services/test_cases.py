"""Practice cases and their way to everybody (domain §3)."""

import pytest

from accounts.models import Message
from core.exceptions import InvalidInput, InvalidTransition, NotAllowed, RuleViolation
from indicators.models import PracticeCase
from indicators.services import cases
from indicators.services.cases import CaseText

TEXT = CaseText("零跑腿报装", "企业多头跑", "勘察设计并联", "5 天通气")


@pytest.fixture
def case(gas, reporter, now):
    return cases.write_case(TEXT, indicator=gas, actor=reporter, now=now)


def test_case_goes_from_draft_to_everybody(case, reporter, office, stranger, now):
    assert case not in PracticeCase.objects.visible_to(stranger)
    cases.submit_case(case, actor=reporter, now=now)
    assert Message.objects.visible_to(office).count() == 1
    cases.publish_case(case, actor=office, now=now)
    assert case.published_at == now
    assert case in PracticeCase.objects.visible_to(stranger)


def test_returned_case_is_edited_and_submitted_again(case, reporter, office, now):
    cases.submit_case(case, actor=reporter, now=now)
    with pytest.raises(RuleViolation):
        cases.edit_case(case, TEXT, actor=reporter, now=now)
    cases.return_case(case, reason="成效要有数字", actor=office, now=now)
    assert Message.objects.visible_to(reporter).get().body == "成效要有数字"
    cases.edit_case(case, CaseText("零跑腿报装", "多头跑", "并联", "由 9 天到 5 天"), actor=reporter, now=now)
    assert cases.submit_case(case, actor=reporter, now=now).status == "submitted"
    assert cases.withdraw_case(case, actor=reporter, now=now).status == "draft"


def test_case_is_written_on_ones_own_first_level_only(gas, days, stranger, reporter, signer, now):
    with pytest.raises(InvalidInput):
        cases.write_case(TEXT, indicator=gas, actor=stranger, now=now)
    with pytest.raises(InvalidInput):
        cases.write_case(TEXT, indicator=days, actor=reporter, now=now)
    with pytest.raises(NotAllowed):
        cases.write_case(TEXT, indicator=gas, actor=signer, now=now)


@pytest.mark.parametrize(
    ("act", "person", "verdict"),
    [
        ("submit", "office", NotAllowed),
        ("submit", "stranger", NotAllowed),
        ("publish", "reporter", NotAllowed),
        ("publish", "office", InvalidTransition),
        ("withdraw", "reporter", InvalidTransition),
    ],
)
def test_act_out_of_place_is_refused(case, now, request, act, person, verdict):
    with pytest.raises(verdict):
        getattr(cases, f"{act}_case")(case, actor=request.getfixturevalue(person), now=now)
