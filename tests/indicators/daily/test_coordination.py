"""Asks and instructions: states, who acts, who is told, through pages (domain §4)."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Message
from core import clock
from core.exceptions import InvalidInput, InvalidTransition, NotAllowed
from indicators.models import CoordinationItem
from indicators.services import coordination as services
from indicators.workflow.coordination import COORDINATION
from tests.factories.dispatch import MORNING
from tests.factories.files import sheet_values

ACTS = {
    "assign": ({"open"}, {"office", "office_lead"}),
    "reply": ({"open"}, {"office", "office_lead", "reporter"}),  # the reporter owns the item below
    "close": ({"open", "replied"}, {"office", "office_lead", "leader"}),
    "reopen": ({"replied", "closed"}, {"office", "office_lead", "leader"}),
}


@pytest.fixture
def item(gas, leader):
    return services.write_instruction(gas, text="十日内并联审批", actor=leader, now=MORNING, due_on=date(2026, 12, 4))


def item_at(status, item, office, reporter):
    services.assign_item(item, actor=office, now=MORNING, owner=reporter)
    if status != "open":
        services.reply_item(item, actor=office, reply="已协调", now=MORNING)
    if status == "closed":
        services.close_item(item, actor=office, now=MORNING)
    return item


@pytest.mark.parametrize("status", ["open", "replied", "closed"])
@pytest.mark.parametrize("role", ["office", "office_lead", "leader", "signer", "reporter", "head", "inspector"])
def test_each_cell_of_the_table(request, item, office, reporter, status, role):
    user = request.getfixturevalue(role)
    item_at(status, item, office, reporter)
    offered = {act.name for act in COORDINATION.available(item, user)}
    assert offered == {name for name, (states, who) in ACTS.items() if status in states and role in who}


def test_an_instruction_becomes_a_task_of_the_office(office, item):
    assert (item.status, item.origin, item.coordination) == ("open", "instruction", "county_leader")
    assert list(Message.objects.visible_to(office).values_list("kind", flat=True)) == ["coordination.open"]


def test_owner_and_asker_are_told(item, office, reporter, leader):
    item_at("replied", item, office, reporter)
    assert list(Message.objects.visible_to(reporter).values_list("kind", flat=True)) == ["coordination.assigned"]
    assert list(Message.objects.visible_to(leader).values_list("kind", flat=True)) == ["coordination.replied"]
    services.reopen_item(item, actor=leader, reason="还没办成", now=MORNING)
    assert item.status == "open"
    assert Message.objects.visible_to(reporter).filter(kind="coordination.reopened").exists()


def test_only_leaders_instruct(gas, office):
    with pytest.raises(NotAllowed):
        services.write_instruction(gas, text="加快", actor=office, now=MORNING)


@pytest.mark.parametrize("text, due_on, field", [(" ", None, "text"), ("加快", date(2026, 11, 24), "due_on")])
def test_an_instruction_needs_a_text_and_a_day_to_come(gas, leader, text, due_on, field):
    with pytest.raises(InvalidInput) as caught:
        services.write_instruction(gas, text=text, actor=leader, now=MORNING, due_on=due_on)
    assert caught.value.errors[0]["field"] == field


def test_state_is_judged_before_the_missing_reply(item, office, reporter):
    item_at("closed", item, office, reporter)
    with pytest.raises(InvalidTransition):
        services.reply_item(item, actor=office, reply="", now=MORNING)


def test_the_leader_writes_and_follows_on_the_page(client_for, gas, leader, office, reporter):
    client = client_for(leader)
    url = reverse("indicators:instructions")
    refused = client.post(url, {"indicator": "A08", "text": ""})
    assert refused.status_code == 422
    assert "请写明批示内容" in refused.content.decode()
    assert client.post(url, {"indicator": "A08", "text": "加快通气"}).status_code == 302
    assert "加快通气" in client.get(url).content.decode()
    item = CoordinationItem.objects.unscoped("test").get()
    page = client_for(office).get(item.get_absolute_url()).content.decode()
    assert reverse("indicators:coordination_assign", args=[item.pk]) in page
    client_for(office).post(reverse("indicators:coordination_assign", args=[item.pk]), {"owner": reporter.pk})
    client_for(reporter).post(reverse("indicators:coordination_reply", args=[item.pk]), {"reply": "已通气"})
    item.refresh_from_db()
    assert (item.status, item.owner, item.reply) == ("replied", reporter, "已通气")


@pytest.mark.parametrize("who, status", [("reporter", 200), ("assisting", 200), ("stranger", 404), ("auditor", 404)])
def test_items_are_seen_by_those_who_answer_for_the_indicator(request, client_for, item, who, status):
    client = client_for(request.getfixturevalue(who))
    assert client.get(item.get_absolute_url()).status_code == status


def test_lists_cost_the_same_queries_for_2_and_20_items(client_for, gas, leader, office, django_assert_max_num_queries):
    client, url = client_for(office), reverse("indicators:coordination")

    def queries(number):
        while CoordinationItem.objects.unscoped("test").count() < number:
            services.write_instruction(gas, text="加快", actor=leader, now=clock.now())
        client.get(url)
        with django_assert_max_num_queries(60) as captured:
            client.get(url)
        return len(captured)

    assert queries(2) == queries(20)


def test_the_list_is_exported_as_it_is_viewed(client_for, item, office):
    answer = client_for(office).get(reverse("indicators:coordination_export"), {"view": ""})
    rows = sheet_values(b"".join(answer.streaming_content))
    answer.close()
    assert rows[1][4] == "十日内并联审批"
    empty = client_for(office).get(reverse("indicators:coordination_export"), {"view": "closed"})
    assert len(sheet_values(b"".join(empty.streaming_content))) == 1
    empty.close()
