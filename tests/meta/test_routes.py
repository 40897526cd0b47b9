"""Sweeps over every address: who is turned away, and how (architecture §9).

Each sweep is one test that names every address that fails, not one test for each address.
"""

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
PRIVATE = [route for route in ROUTES if route.name not in PUBLIC]
PAGES = [route for route in PRIVATE if not route.parts and "GET" in route.methods and route.name not in DEVELOPMENT]
OBJECTS = [pytest.param(route, id=route.name) for route in ROUTES if route.name in EXAMPLES]


def status_of(client: Client, method: str, address: str) -> int:
    """Return only the status, with whatever file the answer holds closed again."""
    response = client.generic(method, address, content_type="application/json")
    response.close()
    return response.status_code


def is_turned_away(route: Route, response) -> bool:
    """Return whether somebody unknown was sent to log in: pages redirect, the API says 401 and how."""
    if route.is_api:
        return response.status_code == 401 and bool(response["WWW-Authenticate"])
    return response.status_code == 302 and response["Location"].startswith(reverse("accounts:login"))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_anonymous_is_sent_to_log_in(method: str):
    client = Client()
    let_in = [route.name for route in PRIVATE if not is_turned_away(route, client.generic(method, route.address()))]
    assert let_in == []


def holds(role: Role, permission) -> bool:
    return permission in (None, ANY_USER) or permission in ROLE_PERMISSIONS[role]


@pytest.fixture
def signed_in(client_for, office_department, department):
    """Return a client of somebody with the role; reporters and heads belong to the department under test."""

    def client_of(role: Role) -> Client:
        own = department if role in {Role.REPORTER, Role.DEPARTMENT_HEAD} else office_department
        client = client_for(make_user(f"sweep_{role.value}", role, department=own))
        client.raise_request_exception = False
        return client

    return client_of


@pytest.mark.parametrize("role", list(Role))
def test_pages_open_for_exactly_the_roles_they_declare(signed_in, role: Role):
    """The role opens every page: it is served where declared, gets 403 elsewhere, and never an error."""
    client = signed_in(role)
    answers = {route.name: status_of(client, "GET", route.address()) for route in PAGES}
    assert {name: status for name, status in answers.items() if status not in {200, 302, 400, 403}} == {}
    refused = {name for name, status in answers.items() if status == 403}
    assert refused == {route.name for route in PAGES if not holds(role, route.permission("GET"))}


@pytest.mark.parametrize("role", list(Role))
def test_posts_without_the_permission_are_403(signed_in, role: Role):
    client = signed_in(role)
    guarded = [route for route in PRIVATE if "POST" in route.methods and not holds(role, route.permission("POST"))]
    answers = {route.name: status_of(client, "POST", route.address()) for route in guarded}
    assert {name: status for name, status in answers.items() if status not in {403, 404}} == {}


def test_every_route_to_an_object_has_its_example():
    """A new route needs a line in tests/meta/examples.py; one that is gone leaves none behind."""
    with_parts = {route.name for route in ROUTES if route.parts} - PUBLIC
    listed = set(EXAMPLES) | set(OPEN)
    assert with_parts - listed == set()
    assert listed - with_parts == set()
    assert PUBLIC - {route.name for route in ROUTES} == set()


@pytest.mark.parametrize("route", OBJECTS)
def test_row_of_another_department_is_not_found(route: Route, request, client_for, stranger):
    example = EXAMPLES[route.name]
    address = route.address(**request.getfixturevalue(example.row))
    client = client_for(stranger)
    for method in route.methods & {"GET", "POST", "PATCH"}:
        assert status_of(client, method, address) == example.foreign, method


@pytest.mark.parametrize("route", OBJECTS)
def test_row_in_sight_but_not_for_this_role_is_403(route: Route, request, client_for):
    example = EXAMPLES[route.name]
    address = route.address(**request.getfixturevalue(example.row))
    client = client_for(request.getfixturevalue(example.onlooker))
    for method in route.methods & {"POST", "PATCH"}:
        assert status_of(client, method, address) == 403, method
