"""记录问题: findings typed on a phone, their photos, and what happens where the network breaks (ui.md §10)."""

import contextlib
from datetime import datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.roles import Role
from core.dates import SHANGHAI
from core.exceptions import NotAllowed, RuleViolation
from core.models import Attachment, AuditEvent, Setting
from departments.models import Department
from indicators.models import Evidence
from supervision.models import Inspection, Issue, IssueEvidence
from supervision.rules.inspections import SOURCE_OF_KIND
from supervision.selectors.findings import MOST_PHOTOS, photos_of
from supervision.services.findings import delete_finding, keep_photo, record_finding
from supervision.services.inspections import assign_findings
from tests.factories.accounts import make_user
from tests.factories.files import photo
from tests.factories.inspections import NOW, make_finding, make_inspection
from tests.factories.issues import again

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inspection_clock")]


@pytest.fixture
def inspection(inspector):
    return make_inspection(inspector)


@pytest.fixture
def page(inspection) -> str:
    """Return the address of 记录问题."""
    return f"/inspections/{inspection.pk}/findings/new/"


TYPED = {
    "description": "一楼收费公示栏仍列已取消的收费",
    "place": "一楼大厅 3 号窗口",
    "category": "fees",
    "severity": "major",
    "limit_kind": "immediate",
    "found_on": "2026-11-25",
    "department": "zjj",
    "then": "done",
}


def shot(name: str = "IMG_0001.jpg", **options) -> SimpleUploadedFile:
    """Return a photo as a telephone sends it."""
    return SimpleUploadedFile(name, photo(**options), "image/jpeg")


def kept(actor) -> Evidence:
    """Return a photo that ``actor`` has sent already."""
    return keep_photo(shot(), actor=actor, now=NOW)


def sees(person, evidence: Evidence) -> bool:
    """Return whether the evidence stands in the person's list."""
    return Evidence.objects.visible_to(person).filter(pk=evidence.pk).exists()


def status_of(browser, address: str) -> int:
    """Return only the status, with the file the answer holds closed again."""
    with contextlib.closing(browser.get(address)) as answer:
        return answer.status_code


def only(user) -> Issue:
    """Return the one issue there is."""
    return Issue.objects.visible_to(user).get()


@pytest.mark.parametrize("kind", Inspection.Kind.values)
def test_source_follows_from_the_kind_of_the_inspection(kind, inspector):
    issue = make_finding(make_inspection(inspector, kind=kind), inspector)
    assert (issue.status, issue.source) == ("draft", SOURCE_OF_KIND[kind])
    assert issue.inspection.kind == kind


def test_finding_with_photos_of_the_camera(inspection, page, inspector, department, client_for):
    files = [shot("IMG_0001.jpg", size=(3000, 2000), taken="2026:11:25 09:30:15"), shot("IMG_0002.jpg")]
    answer = client_for(inspector).post(page, TYPED | {"photos": files})
    assert answer["Location"] == inspection.get_absolute_url()
    issue = only(inspector)
    assert (issue.status, issue.title, issue.place) == ("draft", TYPED["description"], TYPED["place"])
    assert (issue.category, issue.severity, issue.limit_kind) == ("fees", "major", "immediate")
    assert (issue.department, issue.source, issue.inspection) == (department, "open", inspection)
    assert [row.phase for row in issue.evidence.all()] == ["before", "before"]
    first = photos_of(issue)[0].attachment
    assert first is not None
    assert first.captured_at == datetime(2026, 11, 25, 9, 30, 15, tzinfo=SHANGHAI)
    with first.file.open("rb") as file:
        stored = file.read()
    assert max(Image.open(BytesIO(stored)).size) == 2000
    assert b"SecretPhone" not in stored
    assert not Image.open(BytesIO(stored)).getexif()
    assert not photos_of(issue)[0].for_review


def test_next_finding_keeps_department_and_place(page, inspector, department, client_for):
    browser = client_for(inspector)
    answer = browser.post(page, TYPED | {"then": "next"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(page)
    fresh = browser.get(answer["Location"]).content.decode()
    assert 'value="一楼大厅 3 号窗口"' in fresh
    assert '<option value="zjj" selected>' in fresh
    assert TYPED["description"] not in fresh.split("finding-form")[1]


def test_only_description_type_and_limits_are_asked_for(page, inspector, client_for):
    wanted = {name: TYPED[name] for name in ("description", "category", "severity", "limit_kind", "found_on")}
    assert client_for(inspector).post(page, wanted).status_code == 302
    assert only(inspector).department is None


def test_limit_of_what_is_done_at_once_is_the_office_s_own(page, inspector, client_for):
    Setting.objects.create(name="issues.immediate_workdays", value=5, changed_at=NOW)
    assert "立行立改不填则为交办后 5 个工作日" in client_for(inspector).get(page).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"description": ""}, "请填写问题描述"),
        ({"category": ""}, "请选择问题类型"),
        ({"found_on": "2026-11-26"}, "发现时间不能晚于今天"),
        ({"due_on": "2026-11-20"}, "整改时限不能早于发现时间"),
        ({"department": "nobody"}, "没有这个单位，或已撤销"),
        ({"place": "长" * 121}, "发现地点最多 120 个字"),
    ],
)
def test_words_and_photos_survive_an_error(typed, sentence, page, inspection, inspector, department, client_for):
    browser, before = client_for(inspector), kept(inspector)
    values = {"requirement": "立即更换公示栏"} | TYPED | typed
    answer = browser.post(page, values | {"kept": [before.pk], "photos": [shot()]})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert sentence in text
    assert "立即更换公示栏" in text
    assert not Issue.objects.visible_to(inspector).exists()
    keys = list(Evidence.objects.visible_to(inspector).order_by("pk").values_list("pk", flat=True)) or list(
        Evidence.objects.unscoped("an inspector without a unit sees none of her own").values_list("pk", flat=True)
    )
    assert len(keys) == 2
    for key in keys:
        assert f'name="kept" value="{key}"' in text
        assert status_of(browser, f"/inspections/{inspection.pk}/photos/{key}/") == 200
    # Nothing is chosen again: the names of the photos are enough.
    assert browser.post(page, TYPED | {"kept": sorted(keys)}).status_code == 302
    assert [one.pk for one in photos_of(only(inspector))] == sorted(keys)


def test_bad_photo_is_named_and_the_good_one_is_kept(page, inspector, client_for, department):
    files = [shot(), SimpleUploadedFile("b.jpg", b"no picture", "image/jpeg")]
    answer = client_for(inspector).post(page, TYPED | {"photos": files})
    assert answer.status_code == 422
    assert answer.content.decode().count('name="kept"') == 1
    assert not Issue.objects.visible_to(inspector).exists()


def test_same_form_sent_again_writes_nothing(page, inspector, department, client_for):
    browser = client_for(inspector)
    form = TYPED | {"token": "0123456789abcdef", "then": "next"}
    browser.post(page, form)
    answer = browser.post(page, form, follow=True)
    assert "这一条刚才已经保存" in answer.content.decode()
    assert Issue.objects.visible_to(inspector).count() == 1


def test_script_is_told_where_to_go(page, inspector, department, client_for):
    answer = client_for(inspector).post(page, TYPED, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, page.replace("findings/new/", ""))


# --- Photos one by one ---------------------------------------------------------------------------------------


def test_photo_without_its_finding_is_among_the_evidence_of_its_sender_alone(
    inspection, inspector2, office, office_lead, leader, department
):
    bureau = Department.objects.create(code="dcj", name="西平县督查局", short_name="县督查局", official_order=2)
    people = [make_user("sender", Role.INSPECTOR, department=bureau), office, office_lead, leader, inspector2]
    people += [
        make_user(f"dcj_{role}", role, department=bureau)
        for role in (Role.INSPECTOR, Role.REPORTER, Role.DEPARTMENT_HEAD)
    ]
    sender, outsiders = people[0], people[-2:]
    sent = kept(sender)
    assert [person for person in people if sees(person, sent)] == [sender]
    # Among the findings of a visit it is seen by whoever sees the visit, which no department does.
    issue = make_finding(inspection, sender, photos=[sent])
    assert [person for person in people if not sees(person, sent)] == outsiders
    issue.evidence.update(withdrawn_at=NOW)
    assert [person for person in people if sees(person, sent)] == [sender]


def test_photo_is_sent_at_once_and_shown_to_its_sender_alone(
    inspection, inspector, office, leader, stranger, client_for
):
    address = f"/inspections/{inspection.pk}/photos/"
    answer = client_for(inspector).post(address, {"photos": shot()})
    url = answer.json()["url"]
    with contextlib.closing(client_for(inspector).get(url)) as shown:
        assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
        assert shown["Content-Disposition"].startswith("inline")
    assert status_of(client_for(office), url) == 404
    assert status_of(client_for(stranger), url) == 404
    issue = make_finding(inspection, inspector, photos=[Evidence.objects.unscoped("sent above").get()])
    assert status_of(client_for(leader), url) == 200
    other = make_inspection(inspector)
    assert status_of(client_for(leader), url.replace(f"/{inspection.pk}/", f"/{other.pk}/")) == 404
    assert issue.evidence.count() == 1


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (SimpleUploadedFile("b.jpg", b"no picture", "image/jpeg"), ""),
        (SimpleUploadedFile("b.txt", "不是照片".encode(), "text/plain"), "请选择照片"),
        (None, "请选择照片"),
    ],
)
def test_what_is_no_photo_is_refused(file, sentence, inspection, inspector, client_for):
    answer = client_for(inspector).post(f"/inspections/{inspection.pk}/photos/", {"photos": file} if file else {})
    assert answer.status_code == 422
    assert sentence in answer.json()["detail"]
    assert not Attachment.objects.unscoped("none was kept").exists()


def test_photo_of_somebody_else_or_of_another_finding_is_not_taken(page, inspection, inspector, office, client_for):
    foreign = kept(office)
    used = kept(inspector)
    make_finding(inspection, inspector, photos=[used])
    client_for(inspector).post(page, TYPED | {"department": "", "kept": [foreign.pk, used.pk, "x", "9" * 30]})
    newest = Issue.objects.visible_to(inspector).order_by("-pk").first()
    assert newest.evidence.count() == 0


def test_number_of_photos_is_limited(inspection, inspector):
    photos = [Evidence(pk=number) for number in range(MOST_PHOTOS + 1)]
    with pytest.raises(Exception, match=f"最多 {MOST_PHOTOS} 张"):
        make_finding(inspection, inspector, photos=photos)
    assert not Issue.objects.visible_to(inspector).exists()


# --- Drafts amended and deleted -----------------------------------------------------------------------------------


def test_draft_is_amended_with_photos_added_and_taken_away(inspection, inspector, office, department, client_for):
    gone = kept(inspector)
    issue = make_finding(inspection, inspector, photos=[gone, kept(inspector)])
    address = f"/inspections/{inspection.pk}/findings/{issue.number}/edit/"
    browser = client_for(office)
    shown = browser.get(address).content.decode()
    assert issue.description in shown
    assert shown.count('class="shots__img"') == 2
    typed = TYPED | {"description": "改过的描述", "removed": [gone.pk], "photos": [shot()], "version": issue.version}
    assert browser.post(address, typed)["Location"] == inspection.get_absolute_url()
    issue = again(issue, inspector)
    assert (issue.description, issue.department) == ("改过的描述", department)
    assert issue.evidence.count() == 2
    assert not Evidence.objects.unscoped("it was taken away").filter(pk=gone.pk).exists()
    assert AuditEvent.objects.filter(action="supervision.issue.remove_photo").count() == 1
    assert browser.post(address, typed).status_code == 409, "drawn from an older version"


def test_deleted_draft_leaves_its_number_and_the_audit_log(inspection, inspector, client_for):
    issue = make_finding(inspection, inspector, photos=[kept(inspector)])
    browser = client_for(inspector)
    answer = browser.post(f"/inspections/{inspection.pk}/findings/{issue.number}/delete/", follow=True)
    assert f"已删除草稿 {issue.number}" in answer.content.decode()
    assert not Issue.objects.visible_to(inspector).exists()
    assert not IssueEvidence.objects.unscoped("gone with it").exists()
    event = AuditEvent.objects.get(action="supervision.issue.delete")
    assert event.before["description"] == issue.description
    assert len(event.before["sha256"]) == 1
    assert make_finding(inspection, inspector).number > issue.number


def test_registered_finding_is_neither_deleted_nor_amended_here(inspection, inspector, department, client_for):
    issue = make_finding(inspection, inspector, department=department)
    assign_findings(inspection, actor=inspector, now=NOW)
    browser, address = client_for(inspector), f"/inspections/{inspection.pk}/findings/{issue.number}/"
    assert browser.post(f"{address}delete/").status_code == 409
    assert browser.get(f"{address}edit/").status_code == 409
    assert browser.post(f"{address}edit/", TYPED).status_code == 409
    with pytest.raises(RuleViolation):
        delete_finding(again(issue, inspector), actor=inspector, now=NOW)


def test_finding_of_another_inspection_is_not_found(inspection, inspector, client_for):
    other = make_finding(make_inspection(inspector), inspector)
    address = f"/inspections/{inspection.pk}/findings/{other.number}/edit/"
    assert client_for(inspector).get(address).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"), [("leader", 403), ("signer", 403), ("head", 404), ("reporter", 404), ("stranger", 404)]
)
def test_others_neither_write_nor_delete(role, status, page, inspection, inspector, department, request, client_for):
    issue = make_finding(inspection, inspector, department=department)
    user = request.getfixturevalue(role)
    browser, address = client_for(user), f"/inspections/{inspection.pk}/"
    for part in ("findings/new/", "photos/", f"findings/{issue.number}/edit/", f"findings/{issue.number}/delete/"):
        assert browser.post(address + part, TYPED).status_code == status, part
    with pytest.raises(NotAllowed):
        record_finding(inspection, {"description": "x"}, actor=user, now=NOW)
    with pytest.raises(NotAllowed):
        delete_finding(issue, actor=user, now=NOW)


def test_list_of_drafts_shows_photos_and_missing_department(inspection, inspector, client_for):
    issue = make_finding(inspection, inspector, photos=[kept(inspector)])
    text = client_for(inspector).get(inspection.get_absolute_url()).content.decode()
    assert issue.number in text
    assert "未填写" in text
    assert 'data-label="照片">1<' in text
