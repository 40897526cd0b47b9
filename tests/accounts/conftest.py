"""Shared by the tests of accounts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def queries_of():
    """Return a function that counts the queries of a successful GET, after one that fills what is kept."""

    def count(client, address) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    return count
