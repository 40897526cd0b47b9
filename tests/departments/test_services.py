"""Units and the leading group: every act, its refusals, its audit line (domain §2)."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.roles import Role
from core.exceptions import InvalidInput, NotAllowed, RuleViolation, VersionConflict
from core.models import AuditEvent
from departments.models import Department, LeadingGroupMember
from departments.selectors import department_list, department_names, leading_group, names_on, valid_departments
from departments.services import (
    add_leading_group_member,
    change_leading_group_member,
    close_department,
    create_department,
    end_leading_group_member,
    move_department,
    rename_department,
    set_head_approval,
    update_department,
)
from departments.services.leading_group import Member
from departments.services.units import NewDepartment
from departments.signals import department_closing
from tests.factories.accounts import make_user
from tests.factories.departments import make_department, make_member

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
NEW = {"code": "sjj", "name": "西平县审计局", "short_name": "县审计局", "kind": "county"}


def event(action):
    return AuditEvent.objects.get(action=f"departments.{action}")


# --- The county's list --------------------------------------------------------------------------


def test_command_loads_48_departments_and_20_townships_once():
    output = StringIO()
    call_command("load_departments", stdout=output)
    assert "新增 68 个" in output.getvalue()
    kinds = list(Department.objects.values_list("kind", flat=True))
    assert (len(kinds), kinds.count("township")) == (68, 20)
    assert list(Department.objects.values_list("code", flat=True)[:3]) == ["scjgj", "rsj", "zjj"]
    Department.objects.filter(code="zjj").update(short_name="县建设局")
    call_command("load_departments", stdout=output)
    assert "新增 0 个" in output.getvalue()
    assert Department.objects.get(code="zjj").short_name == "县建设局"


@pytest.mark.parametrize(
    ("kind", "instrument"),
    [("judicial", "letter"), ("vertical", "letter"), ("county", "order"), ("township", "order"), ("utility", "order")],
)
def test_kind_decides_the_instrument(kind, instrument):
    unit = Department(kind=kind)
    assert unit.instrument == instrument
    assert unit.is_asked_by_letter == (instrument == "letter")


# --- Creating ----------------------------------------------------------------------------------------


def test_created_unit_comes_last_and_is_audited(sysadmin, department):
    unit = create_department(NewDepartment(**NEW, aliases=("审计局", "县审计")), actor=sysadmin, now=NOW)
    assert (unit.official_order, unit.aliases) == (department.official_order + 1, ["审计局", "县审计"])
    assert event("department.create").after["code"] == "sjj"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "zjj"}, "code"),
        ({"code": "S J"}, "code"),
        ({"code": "add"}, "code"),
        ({"name": "  "}, "name"),
        ({"short_name": ""}, "short_name"),
        ({"kind": "bureau"}, "kind"),
        ({"name": "住房和城乡建设局"}, "name"),
        ({"short_name": "西平住建局"}, "short_name"),
        ({"aliases": ("审计", "县住建局")}, "aliases"),
    ],
)
def test_unit_is_not_created_from_wrong_input(sysadmin, department, change, field):
    with pytest.raises(InvalidInput) as refused:
        create_department(NewDepartment(**NEW | change), actor=sysadmin, now=NOW)
    assert refused.value.errors[0]["field"] == field
    assert not AuditEvent.objects.exists()


def test_only_the_system_administrator_keeps_units(office_lead, department):
    who = {"actor": office_lead, "now": NOW}
    for attempt in (
        lambda: create_department(NewDepartment(**NEW), **who),
        lambda: update_department(department, kind="county", aliases=[], office_phone="", **who),
        lambda: rename_department(department, name="新名", short_name="新", on=TODAY, **who),
        lambda: close_department(department, on=TODAY, successor=None, purpose="改革", **who),
        lambda: move_department(department, official_order=1, **who),
    ):
        with pytest.raises(NotAllowed):
            attempt()


# --- Changing ----------------------------------------------------------------------------------------


def test_updated_unit_tells_the_audit_log_what_changed(sysadmin, department):
    update_department(
        department, kind="vertical", aliases=["建委", "建委"], office_phone=" 0396-6222000 ", actor=sysadmin, now=NOW
    )
    department.refresh_from_db()
    assert (department.kind, department.aliases, department.office_phone) == ("vertical", ["建委"], "0396-6222000")
    assert event("department.update").before == {"kind": "county", "aliases": [], "office_phone": ""}


def test_change_on_an_old_copy_is_a_conflict(sysadmin, department):
    stale = Department.objects.get(pk=department.pk)
    values = {"aliases": [], "office_phone": "", "actor": sysadmin, "now": NOW}
    update_department(department, kind="vertical", **values)
    with pytest.raises(VersionConflict):
        update_department(stale, kind="park", **values)


def test_renamed_unit_prints_its_old_name_in_history_and_is_found_by_it(sysadmin, department):
    rename_department(
        department, name="西平县住房保障局", short_name="县住保局", on=date(2026, 7, 1), actor=sysadmin, now=NOW
    )
    assert names_on(date(2026, 6, 30), [department])[department.pk].short_name == "县住建局"
    assert names_on(date(2026, 7, 1), [department])[department.pk].short_name == "县住保局"
    names = department_names(TODAY)
    assert (names.code("住建局"), names.code("住保局")) == ("zjj", "zjj")
    assert event("department.rename").after["on"] == "2026-07-01"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"on": date(2026, 11, 26)}, InvalidInput),
        ({"on": date(2026, 7, 1)}, InvalidInput),  # the day of the last renaming
        ({"name": " "}, InvalidInput),
        ({"short_name": "县财政局"}, InvalidInput),
        ({"name": "西平县住房保障局", "short_name": "县住保局"}, RuleViolation),
    ],
)
def test_renaming_is_refused(sysadmin, department, other_department, change, error):
    who = {"actor": sysadmin, "now": NOW}
    rename_department(department, name="西平县住房保障局", short_name="县住保局", on=date(2026, 7, 1), **who)
    values = {"name": "西平县建设局", "short_name": "县建设局", "on": TODAY} | change
    with pytest.raises(error):
        rename_department(department, **values, **who)
    assert department.former_names.count() == 1


def test_closed_unit_leaves_the_forms_and_its_successor_takes_its_mail(sysadmin, department, other_department):
    close_department(
        department, on=date(2026, 11, 30), successor=other_department, actor=sysadmin, now=NOW, purpose="机构改革"
    )
    assert list(valid_departments(date(2026, 11, 30))) == [department, other_department]
    assert list(valid_departments(date(2026, 12, 1))) == [other_department]
    assert department_names(date(2026, 12, 1)).code("住建局") == "czj"
    assert [row["code"] for row in department_list(on=date(2026, 12, 1), closed=True)] == ["zjj"]
    assert (event("department.close").purpose, event("department.close").after["successor"]) == ("机构改革", "czj")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"purpose": ""}, InvalidInput),
        ({"on": date(2019, 12, 31)}, InvalidInput),
        ({"successor": "itself"}, RuleViolation),
        ({"successor": "closed"}, RuleViolation),
    ],
)
def test_closing_is_refused(sysadmin, change, error):
    unit = make_department("aj", valid_from=date(2020, 1, 1))
    units = {"itself": unit, "closed": make_department("bj", valid_to=date(2026, 1, 1)), None: None}
    values = {"on": TODAY, "purpose": "机构改革"} | change | {"successor": units[change.get("successor")]}
    with pytest.raises(error):
        close_department(unit, **values, actor=sysadmin, now=NOW)


def test_unit_is_closed_once(sysadmin, department):
    values = {"on": TODAY, "successor": None, "actor": sysadmin, "now": NOW, "purpose": "机构改革"}
    close_department(department, **values)
    with pytest.raises(RuleViolation, match="已于"):
        close_department(department, **values)


def test_upper_app_may_keep_a_unit_open(sysadmin, department):
    def refuse(sender, department, **kwargs):
        raise RuleViolation("该单位还牵头 1 项指标")

    department_closing.connect(refuse)
    try:
        with pytest.raises(RuleViolation, match="牵头"):
            close_department(department, on=TODAY, successor=None, actor=sysadmin, now=NOW, purpose="机构改革")
    finally:
        department_closing.disconnect(refuse)
    department.refresh_from_db()
    assert department.valid_to is None


@pytest.mark.parametrize(
    ("moved", "to", "order"), [("dj", 1, "dj aj bj cj"), ("aj", 3, "bj cj aj dj"), ("bj", 2, "aj bj cj dj")]
)
def test_moved_unit_pushes_the_others_along(sysadmin, moved, to, order):
    units = {code: make_department(code) for code in ("aj", "bj", "cj", "dj")}
    move_department(units[moved], official_order=to, actor=sysadmin, now=NOW)
    assert " ".join(row["code"] for row in department_list(on=TODAY)) == order
    assert sorted(Department.objects.values_list("official_order", flat=True)) == [1, 2, 3, 4]


@pytest.mark.parametrize("place", [0, 2])
def test_unit_is_not_moved_outside_the_list(sysadmin, place):
    with pytest.raises(InvalidInput):
        move_department(make_department("aj"), official_order=place, actor=sysadmin, now=NOW)


@pytest.mark.parametrize(
    ("who", "allowed"), [("head", True), ("sysadmin", True), ("reporter", False), ("strange_head", False)]
)
def test_head_approval_is_switched_by_the_units_own_head(request, department, other_department, who, allowed):
    if who == "strange_head":
        actor = make_user("czj_head", Role.DEPARTMENT_HEAD, department=other_department)
    else:
        actor = request.getfixturevalue(who)
    if not allowed:
        with pytest.raises(NotAllowed):
            set_head_approval(department, head_approval=False, actor=actor, now=NOW)
        return
    set_head_approval(department, head_approval=False, actor=actor, now=NOW)
    department.refresh_from_db()
    assert not department.head_approval
    assert event("department.set_head_approval").after == {"head_approval": False}


# --- Lists -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("search", "codes"),
    [("", ["zjj", "czj"]), ("财政", ["czj"]), ("ZJJ", ["zjj"]), ("建委 住房", ["zjj"]), ("税务", [])],
)
def test_list_is_searched_by_code_name_and_alias(department, other_department, search, codes):
    Department.objects.filter(pk=department.pk).update(aliases=["建委"])
    assert [row["code"] for row in department_list(on=TODAY, search=search)] == codes


@pytest.mark.parametrize(
    "read", [lambda: department_list(on=TODAY), lambda: department_names(TODAY), lambda: leading_group(TODAY)]
)
def test_reads_cost_the_same_for_2_and_20_units(read, django_assert_max_num_queries):
    for number in range(2, 21):
        unit = make_department(f"u{number}")
        make_member(f"成员{number}", department=unit)
        if number in (3, 20):
            with django_assert_max_num_queries(2):
                read()


# --- The leading group -----------------------------------------------------------------------------------


def test_group_is_listed_by_position_then_order(office, department):
    make_member("成员乙", official_order=2, department=department)
    make_member("副组长甲", position="deputy", official_order=5, fields_in_charge="城建、交通")
    make_member("成员甲", official_order=1)
    make_member("已离任", valid_to=date(2026, 1, 1))
    who = {"valid_from": TODAY, "actor": office, "now": NOW}
    add_leading_group_member(Member("组长甲", "县长", "head"), **who)
    assert [member.name for member in leading_group(TODAY)] == ["组长甲", "副组长甲", "成员甲", "成员乙"]
    assert event("leadinggroupmember.add").after["position"] == "组长"


@pytest.mark.parametrize(
    ("member", "error"),
    [
        (Member("", "县长", "member"), InvalidInput),
        (Member("某人", " ", "member"), InvalidInput),
        (Member("某人", "县长", "chief"), InvalidInput),
        (Member("某人", "县长", "head"), RuleViolation),
    ],
)
def test_member_is_not_added_from_wrong_input(office, member, error):
    make_member("组长甲", position="head")
    with pytest.raises(error):
        add_leading_group_member(member, valid_from=TODAY, actor=office, now=NOW)


def test_member_is_changed_then_ended(office_lead):
    row = make_member("副组长甲", position="deputy")
    changed = Member("副组长甲", "常务副县长", "deputy", "城建")
    change_leading_group_member(row, member=changed, actor=office_lead, now=NOW)
    assert event("leadinggroupmember.change").before["job_title"] == "副县长"
    with pytest.raises(InvalidInput):
        end_leading_group_member(row, valid_to=date(2019, 1, 1), actor=office_lead, now=NOW)
    end_leading_group_member(row, valid_to=date(2026, 11, 24), actor=office_lead, now=NOW)
    assert leading_group(TODAY) == []
    with pytest.raises(RuleViolation, match="结束任职"):
        change_leading_group_member(row, member=changed, actor=office_lead, now=NOW)


def test_only_the_office_keeps_the_group(sysadmin, inspector):
    row = make_member("成员甲")
    for actor in (sysadmin, inspector):
        with pytest.raises(NotAllowed):
            add_leading_group_member(Member("某人", "县长", "member"), valid_from=TODAY, actor=actor, now=NOW)
        with pytest.raises(NotAllowed):
            end_leading_group_member(row, valid_to=TODAY, actor=actor, now=NOW)


def test_group_is_visible_to_business_roles_only(reporter, auditor):
    make_member("成员甲")
    assert LeadingGroupMember.objects.visible_to(reporter).count() == 1
    assert LeadingGroupMember.objects.visible_to(auditor).count() == 0
