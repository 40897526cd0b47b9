"""What is done to a draft on its page: newer numbers, words, overdue items left out (domain §8)."""

import re
from datetime import date

import pytest

from bulletins.models import Bulletin
from bulletins.services import editing
from complaints.models import Complaint
from core import clock
from core.workflow import swap
from tests.bulletins.conftest import MONDAY, draft_notice, issue_notice, moment
from tests.bulletins.pages import address, move, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


# --- Numbers ---


def test_newer_value_is_taken_for_the_whole_group(week, client_for):
    bulletin = draft_notice(week)
    true = bulletin.snapshot["numbers"]
    rate = "complaints.on_time_close"
    move(bulletin, **{f"{rate}.n": "7", f"{rate}.d": "9"})
    browser = client_for(week.office)
    page = text_of(browser.get(address(bulletin)))
    assert "2 处数据已变" in page
    assert 'class="bound is-stale"' in page
    browser.post(address(bulletin, "adopt/"), {"group": true[f"{rate}.n"]["group"], "version": bulletin.version})
    bulletin.refresh_from_db()
    assert bulletin.snapshot["numbers"] == true
    assert "数据已变" not in text_of(browser.get(address(bulletin)))


def test_kept_value_is_no_longer_marked_until_the_source_moves_on(week, client_for):
    bulletin = draft_notice(week)
    move(bulletin, **{"issues.open": "13"})
    browser = client_for(week.office)
    group = bulletin.snapshot["numbers"]["issues.open"]["group"]
    browser.post(address(bulletin, "keep/"), {"group": group, "version": bulletin.version})
    page = text_of(browser.get(address(bulletin)))
    assert "已决定保留原值" in page
    assert 'class="bound is-stale"' not in page
    bulletin.refresh_from_db()
    assert bulletin.snapshot["numbers"]["issues.open"]["text"] == "13"
    facts = bulletin.snapshot["facts"] | {"declined": {"issues.open": "99"}}
    swap(bulletin, snapshot=bulletin.snapshot | {"facts": facts})
    assert 'class="bound is-stale"' in text_of(browser.get(address(bulletin)))


def test_kept_value_is_no_longer_stale_for_clients_either(week, api_for, client_for):
    bulletin = draft_notice(week)
    true = bulletin.snapshot["numbers"]["issues.open"]["value"]
    move(bulletin, **{"issues.open": "13"})
    client, url = api_for(week.office), f"/api/v1/bulletins/{bulletin.number}/"
    assert standing(client.get(url).data, "issues.open") == ("13", true, True, False)
    answer = client.post(f"{url}keep/", {"groups": ["issues"]}, format="json")
    assert (answer.status_code, standing(answer.data, "issues.open")) == (200, ("13", true, False, True))
    assert 'class="bound is-stale"' not in text_of(client_for(week.office).get(address(bulletin)))
    assert api_for(week.reporter).post(f"{url}keep/", {"groups": ["issues"]}, format="json").status_code == 404


def standing(data, name: str) -> tuple:
    """Return value, current, stale and kept of a number, as clients read it."""
    found = (one for section in data["sections"] for one in section["bindings"] if one["name"] == name)
    one = next(found)
    return one["value"], one["current"], one["stale"], one["kept"]


def test_adopted_rate_agrees_with_its_annex(week):
    bulletin = draft_notice(week)
    true = bulletin.snapshot["tables"]["complaint_departments"]
    rate = "complaints.on_time_close"
    wrong = [row | {"on_time_close": {"numerator": 7, "denominator": 9, "text": "77.78"}} for row in true]
    swap(
        bulletin,
        snapshot=bulletin.snapshot | {"tables": bulletin.snapshot["tables"] | {"complaint_departments": wrong}},
    )
    move(bulletin, **{f"{rate}.n": "7", f"{rate}.d": "9"})
    editing.adopt_numbers(bulletin, [rate], actor=week.office, now=MONDAY)
    assert bulletin.snapshot["tables"]["complaint_departments"] == true


def test_type_that_came_to_light_is_told_when_its_group_is_adopted(week):
    bulletin = draft_notice(week)
    changed = Complaint.objects.unscoped("a wrong type put right").filter(
        received_at__gte=moment(date(2026, 11, 16), 0)
    )
    changed.filter(pk=changed.first().pk).update(type="consult")
    editing.adopt_numbers(bulletin, ["received"], actor=week.office, now=MONDAY)
    text = bulletin.sections.get(key="complaints").text
    assert "{complaints.type.consult}" in text
    assert "{complaints.type.complaint}" in text


@pytest.mark.parametrize("part", ["edit/", "adopt/", "keep/", "restore/", "include/", "leave-out/"])
def test_issued_paper_is_edited_in_no_way(part, people, client_for):
    bulletin = issue_notice(people)
    assert client_for(people.office_lead).post(address(bulletin, part), {"group": "issues"}).status_code == 409
    assert client_for(people.reporter).post(address(bulletin, part)).status_code == 403


# --- Words ---


def edited(bulletin: Bulletin, **words: str) -> dict[str, str]:
    """Return what the form of the words sends."""
    return {"title": bulletin.title, "opening": "", "version": str(bulletin.version), **words}


def test_one_section_is_saved_and_its_versions_lead_back(people, client_for):
    bulletin = draft_notice(people)
    generated = bulletin.sections.get(key="next_steps").text
    browser = client_for(people.office)
    answer = browser.post(address(bulletin, "edit/"), edited(bulletin, next_steps="请各单位抓紧。"))
    assert answer["Location"].endswith("?section=next_steps#edit")
    section = bulletin.sections.get(key="next_steps")
    assert (section.text, section.edited, section.version) == ("请各单位抓紧。", True, 2)
    page = text_of(browser.get(answer["Location"]))
    assert "第 1 版" in page
    assert "已改" in page
    browser.post(address(bulletin, "restore/"), {"section": "next_steps", "version_of_section": "1"})
    assert bulletin.sections.get(key="next_steps").text == generated
    browser.post(address(bulletin, "restore/"), {"section": "next_steps", "version_of_section": "2"})
    assert bulletin.sections.get(key="next_steps").text == "请各单位抓紧。"
    browser.post(address(bulletin, "restore/"), {"section": "next_steps"})
    section = bulletin.sections.get(key="next_steps")
    assert (section.text, section.edited) == (generated, False)


def test_unknown_number_is_said_at_its_section_and_the_words_stay(people, client_for):
    bulletin = draft_notice(people)
    sent = edited(bulletin, overview="共{no.such}件", next_steps="请抓紧。")
    page = text_of(client_for(people.office).post(address(bulletin, "edit/"), sent), 422)
    assert 'id="id_overview_error"' in page
    assert "没有名为 {no.such} 的数字" in page
    assert "共{no.such}件</textarea>" in page
    assert "请抓紧。</textarea>" in page
    assert not bulletin.sections.filter(edited=True).exists()


def test_who_saves_second_chooses_and_loses_nothing(people, client_for):
    bulletin = draft_notice(people)
    late = edited(bulletin, next_steps="我写的。")
    editing.edit_sections(bulletin, {"next_steps": "别人写的。"}, actor=people.office_lead, now=MONDAY)
    browser = client_for(people.office)
    page = text_of(browser.post(address(bulletin, "edit/"), late), 409)
    assert "您填的没有丢" in page
    assert "我写的。</textarea>" in page
    assert "别人写的。" in page
    version = re.search(r'name="version" value="(\d+)"', page[page.index('id="edit"') :])[1]
    assert browser.post(address(bulletin, "edit/"), late | {"version": version}).status_code == 302
    assert bulletin.sections.get(key="next_steps").text == "我写的。"


def test_words_somebody_else_did_not_touch_are_saved_without_asking(people, client_for):
    bulletin = draft_notice(people)
    mine = edited(bulletin, next_steps="我写的。", version_of_next_steps="1")
    editing.edit_sections(bulletin, {"overview": "别人写的。"}, actor=people.office_lead, now=MONDAY)
    assert client_for(people.office).post(address(bulletin, "edit/"), mine).status_code == 302
    texts = {section.key: section.text for section in bulletin.sections.all()}
    assert (texts["overview"], texts["next_steps"]) == ("别人写的。", "我写的。")


def test_title_somebody_else_changed_is_not_put_back_silently(people, client_for):
    bulletin = draft_notice(people)
    mine = edited(bulletin, next_steps="我写的。", version_of_next_steps="1")
    editing.edit_sections(bulletin, {}, title="关于通报的通报", actor=people.office_lead, now=MONDAY)
    page = text_of(client_for(people.office).post(address(bulletin, "edit/"), mine), 409)
    assert "关于通报的通报" in page


def test_title_is_required(people, client_for):
    bulletin = draft_notice(people)
    page = text_of(client_for(people.office).post(address(bulletin, "edit/"), edited(bulletin, title=" ")), 422)
    assert "请填写标题" in page


# --- Overdue items ---


def test_item_is_left_out_with_a_reason_by_the_lead_and_taken_back(week, client_for):
    bulletin = draft_notice(week)
    item = bulletin.snapshot["tables"]["named"][0]["number"]
    part = f"leave-out/?item={item}"
    assert client_for(week.office).get(address(bulletin, part)).status_code == 403
    browser = client_for(week.office_lead)
    assert item in text_of(browser.get(address(bulletin, part)))
    refused = browser.post(address(bulletin, "leave-out/"), {"item_number": item, "reason": ""})
    assert "请写明不列入的理由" in text_of(refused, 422)
    browser.post(address(bulletin, "leave-out/"), {"item_number": item, "reason": "已达成和解"})
    bulletin.refresh_from_db()
    assert item not in {one["number"] for one in bulletin.snapshot["tables"]["named"]}
    assert "已达成和解" in text_of(browser.get(address(bulletin)))
    browser.post(address(bulletin, "include/"), {"item_number": item})
    bulletin.refresh_from_db()
    assert item in {one["number"] for one in bulletin.snapshot["tables"]["named"]}


def test_number_that_is_gone_bars_the_way_to_the_signature(week, client_for):
    bulletin = draft_notice(week)
    row = bulletin.snapshot["tables"]["named"][0]
    words = bulletin.sections.get(key="overdue").text + "望周知。"
    editing.edit_sections(bulletin, {"overdue": words}, actor=week.office, now=MONDAY)
    editing.leave_out(bulletin, row["number"], reason="已达成和解", actor=week.office_lead, now=MONDAY)
    browser = client_for(week.office)
    assert "已不在本期数据里的" in text_of(browser.get(address(bulletin)))
    page = text_of(browser.post(address(bulletin, "submit/"), {"version": bulletin.version}), 409)
    assert f"{{{row['name']}}} 已不在本期数据里" in page
    editing.restore_generated(bulletin, "overdue", actor=week.office, now=MONDAY)
    assert browser.post(address(bulletin, "submit/")).status_code == 302
