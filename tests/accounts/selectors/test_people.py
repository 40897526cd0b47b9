"""Who is where, with which roles: recipients of messages, the unit's page."""

from datetime import date, timedelta

import pytest

from accounts.roles import Role
from accounts.selectors import people_by_department, people_with_permission, people_with_role
from accounts.selectors.people import absent_people, headcount, possible_deputies, role_words
from core.access import Permission
from tests.factories.accounts import make_deputy, make_service_account, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)


def test_people_with_role_of_one_department(reporter, head, stranger, department):
    assert set(people_with_role(Role.REPORTER)) == {reporter, stranger}
    assert set(people_with_role(Role.REPORTER, Role.DEPARTMENT_HEAD, department=department)) == {reporter, head}
    assert set(people_with_role(Role.REPORTER, department=department.pk)) == {reporter}


def test_disabled_people_get_nothing_and_nobody_is_named_twice(department):
    make_user("gone", Role.REPORTER, department=department, is_active=False)
    both = make_user("both", Role.REPORTER, Role.DEPARTMENT_HEAD, department=department)
    assert list(people_with_role(Role.REPORTER, Role.DEPARTMENT_HEAD)) == [both]


def test_people_with_permission(office, office_lead, secadmin, reporter):
    assert set(people_with_permission(Permission.REVIEW_REPORTS)) == {office, office_lead}
    assert set(people_with_permission(Permission.APPROVE_ACCOUNTS)) == {secadmin}


def test_people_by_department_says_roles_and_present_deputy(reporter, head, stranger, department, signer):
    make_service_account("program", Role.LEADER)
    make_deputy(head, reporter, TODAY, TODAY)
    listed = people_by_department(TODAY)
    assert set(listed) == {department.pk, stranger.department_id}
    lines = {line.username: line for line in listed[department.pk]}
    assert lines["zjj_head"].roles == ("部门负责人",)
    assert lines["zjj_head"].deputy == reporter.name
    assert people_by_department(TODAY + timedelta(days=1), department.pk)[department.pk][0].deputy == ""


def test_people_by_department_takes_as_many_queries_for_twenty(department, django_assert_num_queries):
    make_user("one", Role.REPORTER, department=department)
    with django_assert_num_queries(2):
        people_by_department(TODAY)
    for number in range(19):
        make_user(f"person{number}", Role.REPORTER, department=department)
    with django_assert_num_queries(2):
        assert len(people_by_department(TODAY)[department.pk]) == 20


def test_headcount(reporter, head, stranger, office_department):
    units = [reporter.department_id, stranger.department_id, office_department.pk]
    assert headcount(units) == {reporter.department_id: 2, stranger.department_id: 1}


def test_deputies_and_absent_people(reporter, head, stranger):
    assert list(possible_deputies(head)) == [reporter]
    make_deputy(head, reporter, TODAY, TODAY)
    assert list(absent_people(reporter, TODAY)) == [head]
    assert list(absent_people(reporter, TODAY + timedelta(days=1))) == []


def test_role_words_follow_the_policy_page():
    assert role_words({"inspector", "office", "unknown"}) == ["营商办经办", "督查员"]
