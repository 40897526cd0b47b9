"""``evidence/``: multipart in, the file out, acts (api.md)."""

import hashlib
import io

import pytest
from PIL import Image

from indicators.models import Evidence
from tests.factories.files import photo, picture, uploaded
from tests.factories.indicators import assign, link_evidence, make_evidence, make_indicator

ADDRESS = "/api/v1/evidence/"
TEXT = "窗口公示".encode()


def body(**changes):
    values = {"file": uploaded(TEXT, "公示.txt"), "kind": "other", "title": "收费公示", "indicators": "A08.2"}
    return {name: value for name, value in (values | changes).items() if value is not None}


def content(response) -> bytes:
    data = b"".join(response.streaming_content)
    response.close()
    return data


def test_file_is_kept_to_the_byte_and_comes_back_to_those_who_may_see_it(
    gas, days, api_for, reporter, head, stranger, office
):
    answer = api_for(reporter).post(ADDRESS, body(), format="multipart")
    assert answer.status_code == 201
    row = answer.json()
    assert row["sha256"] == hashlib.sha256(TEXT).hexdigest()
    assert (row["url"], row["status"], row["indicators"], row["actions"]) == (
        f"/api/v1/evidence/{row['id']}/file/",
        "pending",
        ["A08.2"],
        [],
    )
    for person in (reporter, head, office):
        download = api_for(person).get(row["url"])
        assert (content(download), download["X-Content-Type-Options"]) == (TEXT, "nosniff")
        assert download["Content-Disposition"].startswith("attachment")
    assert api_for(stranger).get(row["url"]).status_code == 404
    assert api_for(stranger).get(f"{ADDRESS}{row['id']}/").status_code == 404


def test_file_is_404_to_departments_of_none_of_its_indicators(gas, api_for, reporter, stranger, other_department):
    row = api_for(reporter).post(ADDRESS, body(indicators=None), format="multipart").json()
    assert api_for(stranger).get(row["url"]).status_code == 404
    theirs = make_indicator("A09")
    assign(theirs, other_department)
    link_evidence(Evidence.objects.unscoped("test").get(pk=row["id"]), theirs)
    assert content(api_for(stranger).get(row["url"])) == TEXT
    assert api_for(reporter).get(row["url"]).status_code == 404


def test_browser_session_downloads_too(gas, days, client_for, api_for, reporter):
    row = api_for(reporter).post(ADDRESS, body(), format="multipart").json()
    assert content(client_for(reporter).get(row["url"])) == TEXT


@pytest.mark.parametrize("indicators", ["A08.1,A08.2", ["A08.1", "A08.2"], ["A08.1, A08.2"]])
def test_indicators_are_given_several_times_or_in_one_text(gas, api_for, reporter, indicators):
    row = api_for(reporter).post(ADDRESS, body(indicators=indicators), format="multipart").json()
    assert sorted(row["indicators"]) == ["A08.1", "A08.2"]


def test_photo_is_redrawn_without_its_data_and_png_kept(gas, api_for, reporter):
    data = photo()
    row = (
        api_for(reporter).post(ADDRESS, body(file=uploaded(data, "现场.jpg"), kind="photo"), format="multipart").json()
    )
    stored = content(api_for(reporter).get(row["url"]))
    assert row["sha256"] == hashlib.sha256(stored).hexdigest() != hashlib.sha256(data).hexdigest()
    with Image.open(io.BytesIO(stored)) as image:
        assert not image.getexif()
    png = picture()
    row = api_for(reporter).post(ADDRESS, body(file=uploaded(png, "截图.png"), kind="photo"), format="multipart").json()
    assert row["sha256"] == hashlib.sha256(png).hexdigest()


def test_same_file_again_is_told(gas, api_for, reporter, stranger):
    first = api_for(reporter).post(ADDRESS, body(), format="multipart").json()
    again = api_for(reporter).post(ADDRESS, body(), format="multipart").json()
    assert (again["duplicates"], again["duplicate_elsewhere"]) == ([first["id"]], False)
    foreign = api_for(stranger).post(ADDRESS, body(indicators=None), format="multipart").json()
    assert (foreign["duplicates"], foreign["duplicate_elsewhere"]) == ([], True)


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"file": None}, 400, "file"),
        ({"kind": "rumour"}, 400, "kind"),
        ({"kind": None}, 400, "kind"),
        ({"indicators": "A99"}, 400, "indicators"),
        ({"indicators": "A09"}, 400, "indicators"),
        ({"title": "长" * 121}, 400, "title"),
        ({"link": "https://www.xiping.gov.cn/a"}, 400, "file"),
    ],
)
def test_wrong_input_is_named_and_nothing_is_kept(gas, api_for, reporter, changes, status, field):
    make_indicator("A09")
    answer = api_for(reporter).post(ADDRESS, body(**changes), format="multipart")
    assert answer.status_code == status
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert not Evidence.objects.unscoped("test").exists()


@pytest.mark.parametrize(
    ("file", "status"),
    [
        (lambda: uploaded(b"MZ" + b"\0" * 64, "公示.pdf"), 400),
        (lambda: uploaded(b"", "公示.txt"), 400),
        (lambda: uploaded(b"a" * (20 * 1024 * 1024 + 1), "公示.txt"), 413),
    ],
)
def test_disguised_empty_and_oversized_files_are_refused(gas, api_for, reporter, file, status):
    answer = api_for(reporter).post(ADDRESS, body(file=file()), format="multipart")
    assert (answer.status_code, Evidence.objects.unscoped("test").count()) == (status, 0)


def test_link_has_no_file(gas, api_for, reporter):
    row = (
        api_for(reporter)
        .post(ADDRESS, body(file=None, link="https://www.xiping.gov.cn/a", title=None), format="multipart")
        .json()
    )
    assert (row["url"], row["title"], row["sha256"]) == (None, "https://www.xiping.gov.cn/a", None)
    assert api_for(reporter).get(f"{ADDRESS}{row['id']}/file/").status_code == 404


@pytest.mark.parametrize("person", ["leader", "signer", "auditor"])
def test_others_hand_nothing_in(gas, api_for, request, person):
    assert api_for(request.getfixturevalue(person)).post(ADDRESS, body(), format="multipart").status_code == 403


def test_list_is_narrowed_and_searched(gas, days, api_for, office, reporter):
    link_evidence(make_evidence(reporter, "办事案例甲", status="passed"), days)
    make_evidence(reporter, "政策乙", kind="policy")
    api = api_for(office)
    for query, titles in (
        ("", ["政策乙", "办事案例甲"]),
        ("?status=passed", ["办事案例甲"]),
        ("?kind=policy", ["政策乙"]),
        ("?indicator=A08", ["办事案例甲"]),
        ("?search=政策", ["政策乙"]),
    ):
        assert [row["title"] for row in api.get(ADDRESS + query).json()["results"]] == titles


def test_stale_if_match_is_412(gas, api_for, office, reporter):
    evidence = make_evidence(reporter)
    api = api_for(office)
    tag = api.get(f"{ADDRESS}{evidence.pk}/")["ETag"]
    assert api.post(f"{ADDRESS}{evidence.pk}/accept/", headers={"If-Match": '"evidence-1-99"'}).status_code == 412
    assert api.post(f"{ADDRESS}{evidence.pk}/accept/", headers={"If-Match": tag}).status_code == 200
