"""The OpenAPI description says what a list understands."""

import pytest
from drf_spectacular.generators import SchemaGenerator


@pytest.fixture(scope="module")
def paths():
    return SchemaGenerator().get_schema(request=None, public=True)["paths"]


def parameters(paths, address) -> dict:
    return {parameter["name"]: parameter for parameter in paths[address]["get"]["parameters"]}


def test_list_describes_its_filters_ordering_search_and_count(paths):
    known = parameters(paths, "/api/v1/audit-events/")
    assert {"actor", "action", "at__gte", "count", "cursor", "ordering", "page_size", "search"} <= set(known)
    assert known["at__gte"]["schema"] == {"type": "string", "format": "date-time"}
    assert known["count"]["schema"]["type"] == "boolean"


@pytest.mark.parametrize("address", ["/api/v1/complaints/", "/api/v1/issues/"])
def test_list_with_a_search_of_its_own_describes_it(paths, address):
    assert {"search", "ordering", "cursor"} <= set(parameters(paths, address))


def test_single_row_takes_no_filters(paths):
    assert set(parameters(paths, "/api/v1/inbox/{id}/")) == {"id"}


def test_bearer_token_and_session_are_described(paths):
    assert paths["/api/v1/inbox/"]["get"]["security"] == [{"bearerToken": []}, {"browserSession": []}]
