"""Numbers as platforms write them, with slashes and points: every page and door of such a row has an address."""

import pytest
from django.urls import reverse

from core.converters import escaped
from tests.complaints.imports.orders import imported, order, row

NUMBERS = ["DH/2026/001", "DH.2026.001", "豫热线〔2026〕1号", "a~1/b~0?#%2F", "new"]


@pytest.mark.parametrize("number", NUMBERS)
def test_pages_of_the_row_are_reached(number, office, client_for):
    imported(office, row(number))
    page, there = client_for(office), order(number).get_absolute_url()
    assert page.get(reverse("complaints:list")).status_code == 200
    answer = page.get(there)
    assert (answer.status_code, number == "new" or str(order(number)) in answer.content.decode()) == (200, True)
    assert page.get(reverse("complaints:act", args=[number, "propose_refusal"])).status_code == 200


@pytest.mark.parametrize("number", NUMBERS)
def test_rest_reaches_the_row(number, office, api_for):
    imported(office, row(number))
    api, there = api_for(office), reverse("complaint-detail", args=[escaped(number)])
    assert api.get(there).json()["number"] == number
    assert api.post(f"{there}accept/").json()["status"] == "accepted"
    assert api.patch(there, {"place": "文化路"}, format="json").json()["place"] == "文化路"
