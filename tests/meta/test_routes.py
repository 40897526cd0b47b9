"""Sweeps over every address: who is turned away, and how (architecture §9)."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import ROLE_PERMISSIONS, Role
from core.access import ANY_USER
from tests.factories.accounts import make_user
from tests.meta.examples import DEVELOPMENT, EXAMPLES, OPEN, PUBLIC
from tests.meta.routes import Route, routes

pytestmark = pytest.mark.django_db

ROUTES = routes()
PRIVATE = [pytest.param(route, id=route.name) for route in ROUTES if route.name not in PUBLIC]
LISTS = [
    pytest.param(route, id=route.name)
    for route in ROUTES
    if not route.parts and route.name not in PUBLIC | DEVELOPMENT and "GET" in route.methods
]
OBJECTS = [pytest.param(route, id=route.name) for route in ROUTES if route.name in EXAMPLES]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("route", PRIVATE)
def test_anonymous_is_sent_to_log_in(route: Route, method: str):
    response = Client().generic(method, route.address())
    if route.is_api:
        assert response.status_code == 401
        assert response["WWW-Authenticate"]
    else:
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("accounts:login"))


@pytest.fixture
def everybody(office_department, department):
    """Return one person per role; reporters and heads in the department under test."""
    departmental = {Role.REPORTER, Role.DEPARTMENT_HEAD}
    return {
        role: make_user(
            f"sweep_{role.value}", role, department=department if role in departmental else office_department
        )
        for role in Role
    }


@pytest.mark.parametrize("route", LISTS)
def test_page_opens_for_exactly_the_roles_it_declares(route: Route, everybody):
    """Every role opens every page: the declared ones are served, the others get 403, nobody an error."""
    answers = {}
    for role, person in everybody.items():
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        response = client.get(route.address())
        answers[role.value] = response.status_code
        response.close()  # an export holds its file open
    needed = route.permission("GET")
    allowed = {role.value for role in Role if needed in (None, ANY_USER) or needed in ROLE_PERMISSIONS[role]}
    refused = {role for role, status in answers.items() if status == 403}
    assert {role: status for role, status in answers.items() if status not in {200, 302, 400, 403}} == {}
    assert refused == set(answers) - allowed


@pytest.mark.parametrize("route", PRIVATE)
def test_post_without_the_permission_is_403(route: Route, everybody):
    needed = route.permission("POST")
    if "POST" not in route.methods or needed in (None, ANY_USER):
        return
    for role, person in everybody.items():
        if needed not in ROLE_PERMISSIONS[role]:
            client = Client()
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
            assert client.post(route.address()).status_code in {403, 404}, role


def test_every_route_to_an_object_has_its_example():
    """A new route needs a line in tests/meta/examples.py; one that is gone leaves none behind."""
    with_parts = {route.name for route in ROUTES if route.parts} - PUBLIC
    assert with_parts == set(EXAMPLES) | set(OPEN)
    assert {route.name for route in ROUTES} >= PUBLIC


@pytest.mark.parametrize("route", OBJECTS)
def test_row_of_another_department_is_not_found(route: Route, request, client_for, stranger):
    example = EXAMPLES[route.name]
    address = route.address(**request.getfixturevalue(example.row))
    client = client_for(stranger)
    for method in route.methods & {"GET", "POST", "PATCH"}:
        assert client.generic(method, address, content_type="application/json").status_code == example.foreign, method


@pytest.mark.parametrize("route", OBJECTS)
def test_row_in_sight_but_not_for_this_role_is_403(route: Route, request, client_for):
    example = EXAMPLES[route.name]
    address = route.address(**request.getfixturevalue(example.row))
    client = client_for(request.getfixturevalue(example.onlooker))
    for method in route.methods & {"POST", "PATCH"}:
        assert client.generic(method, address, content_type="application/json").status_code == 403, method
