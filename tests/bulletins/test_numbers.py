"""The paper's numbers: those of the API at the same cut-off, frozen, marked where the source moved (domain §8)."""

from datetime import date, timedelta

import pytest

from bulletins.bindings import filled, fingerprint, moved_names
from bulletins.services import drafting, editing
from complaints.models import Complaint, HandlingRound
from core import clock
from core.dates import parse_period
from indicators.models import Indicator
from supervision.selectors import figures
from tests.bulletins.conftest import MONDAY, draft_notice, issue_notice, moment
from tests.factories.complaints import Cast, complaint_at
from tests.factories.indicators import set_standard

pytestmark = pytest.mark.django_db


def text_of(bulletin, key: str) -> str:
    """Return a section as it reads."""
    return filled(bulletin.sections.get(key=key).text, bulletin.snapshot["numbers"])


def values_of(bulletin) -> dict[str, str | None]:
    """Return the exact figures by name."""
    return {name: number["value"] for name, number in bulletin.snapshot["numbers"].items()}


def test_numbers_are_those_of_the_api_at_the_cut_off(week, api_for, monkeypatch):
    bulletin, client = draft_notice(week), api_for(week.office)
    monkeypatch.setattr(clock, "now", lambda: MONDAY + timedelta(days=1))
    asked = "from=2026-11-16&to=2026-11-22&cut_off=2026-11-23T00:00:00%2B08:00"
    numbers = values_of(bulletin)

    total = client.get(f"/api/v1/complaints/statistics/?{asked}").data["total"]
    for key in ("on_time_sign", "close", "on_time_close", "satisfaction", "solved"):
        name = f"complaints.{key}"
        assert numbers[name] == total[key]["value"]
        assert numbers[f"{name}.n"] == str(total[key]["numerator"])
        assert numbers[f"{name}.d"] == str(total[key]["denominator"])

    total = client.get(f"/api/v1/issues/statistics/?{asked}").data["total"]
    for key in ("cleared", "cleared_on_time", "immediate_done"):
        assert numbers[f"issues.rate.{key}"] == total[key]["value"]

    total = client.get(f"/api/v1/completeness/?{asked}").data["total"]
    assert numbers["reports.expected"] == str(total["expected"])
    assert numbers["reports.actual"] == str(total["actual"])
    assert numbers["reports.on_time"] == str(total["actual_on_time"])

    scores = client.get("/api/v1/scores/?on=2026-11-22").data
    assert numbers["score.total"] == (scores["total"] if bulletin.snapshot["facts"]["score_sufficient"] else None)


COUNTED = ("issues.open", "issues.registered", "issues.cleared", "complaints.received", "complaints.type.complaint")


def test_a_number_leads_to_the_rows_it_counts(week, client_for, monkeypatch):
    numbers, browser = draft_notice(week).snapshot["numbers"], client_for(week.office)
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    for name in COUNTED:
        page = browser.get(numbers[name]["url"]).content.decode()
        listed = page.count('name="issues" value="') + page.count('name="complaints" value="')
        assert (name, f"{listed}") == (name, numbers[name]["value"])


def test_late_complaints_and_late_issues_lead_each_to_their_own_rows(week, client_for, monkeypatch):
    numbers, browser = draft_notice(week).snapshot["numbers"], client_for(week.office)
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    late = Complaint.objects.unscoped("test").order_by("received_at").first().number
    for name, there, elsewhere in (("complaints", late, "WT-2026-0001"), ("issues", "WT-2026-0001", late)):
        page = browser.get(numbers[f"overdue.{name}"]["url"]).content.decode()
        assert (name, numbers[f"overdue.{name}"]["value"]) == (name, "1")
        assert there in page
        assert elsewhere not in page


@pytest.mark.parametrize(
    ("kind", "period", "page"),
    [
        ("daily_brief", "20261118", "/dispatch/?date=2026-11-18"),
        ("notice", "2026W47", "/dispatch/completeness/?date=2026-11-22"),
        ("yearly_report", "2026", "/dispatch/completeness/?date=2026-12-31&view=month"),
    ],
)
def test_reports_of_a_day_lead_to_its_board(people, client_for, monkeypatch, kind, period, page):
    bulletin, _ = drafting.draft_bulletin(kind, parse_period(period), actor=people.office, now=MONDAY)
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    assert bulletin.snapshot["numbers"]["reports.expected"]["url"] == page
    assert client_for(people.office).get(page).status_code == 200


def test_report_on_complaints_does_not_list_issues(week):
    bulletin, _ = drafting.draft_bulletin("monthly_complaints", parse_period("202611"), actor=week.office, now=MONDAY)
    kinds = {item["kind"] for item in bulletin.snapshot["tables"]["named"]}
    assert kinds == {"complaints"}
    assert "超期问题" not in text_of(bulletin, "overdue")


def test_open_issues_are_counted_once_for_sections_five_and_six(week, monkeypatch):
    asked = []
    monkeypatch.setattr(figures, "open_issues", lambda *args, **kwargs: asked.append(args) or [])
    draft_notice(week)
    assert len(asked) == 1


def test_value_without_an_earlier_one_is_compared_with_its_baseline_over_a_year(week):
    first, _ = drafting.draft_bulletin("yearly_report", parse_period("2026"), actor=week.office, now=MONDAY)
    assert "获得用气方面，报装时间由9 天（首报）变为6.5 天" in text_of(first, "reform")
    set_standard(Indicator.objects.get(code="A08.1"), "baseline", 12)
    bulletin, _ = drafting.draft_bulletin("yearly_report", parse_period("2026"), actor=week.office, now=MONDAY)
    assert "获得用气方面，报装时间由12 天（基期）变为6.5 天" in text_of(bulletin, "reform")
    (row,) = [one for one in bulletin.snapshot["tables"]["indicators"] if one["code"] == "A08.1"]
    assert (row["before"], row["before_text"]) == ("12", "12 天（基期）")


def test_every_number_leads_to_a_page_that_opens(week, client_for, monkeypatch):
    numbers, browser = draft_notice(week).snapshot["numbers"], client_for(week.office)
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    for url in sorted({number["url"] for number in numbers.values()}):
        assert (url, browser.get(url).status_code) == (url, 200)


def test_what_happened_after_the_cut_off_has_not_happened_yet(week):
    before = values_of(draft_notice(week))
    cast = Cast(week.office, week.office_lead, week.reporter, week.head, week.department)
    complaint_at("closed", cast, now=moment(date(2026, 11, 24), 9))
    later = drafting.draft_bulletin(
        "notice", parse_period("2026W47"), actor=week.office, now=MONDAY + timedelta(days=2)
    )
    assert values_of(later[0]) == before


def test_sentences_say_what_moved(week):
    bulletin = draft_notice(week)
    assert "获得用气方面，报装时间由9 天压减到6.5 天" in text_of(bulletin, "indicators")
    assert "11月16日至11月22日（工作日5天）" in text_of(bulletin, "overview")
    assert "受理2件" in text_of(bulletin, "complaints")
    assert "销号1个" in text_of(bulletin, "issues")


def test_overdue_is_named_by_number_unit_and_days_only(week):
    text = text_of(draft_notice(week), "overdue")
    numbers = Complaint.objects.unscoped("test").order_by("received_at").values_list("number", flat=True)
    assert f"{numbers[0]}（西平县住房和城乡建设局，超期" in text
    assert "WT-2026-0001（西平县住房和城乡建设局，超期10个工作日）" in text
    assert "燃气报装超过承诺时限" not in text


def test_confidential_and_units_asked_by_letter_are_never_named(week):
    Complaint.objects.unscoped("test").update(confidential=True)
    week.department.kind = "judicial"
    week.department.save()
    bulletin = draft_notice(week)
    assert bulletin.snapshot["tables"]["named"] == []
    assert "没有须列名的超期5个工作日及以上事项；超期投诉1件、超期问题1个" in text_of(bulletin, "overdue")


def test_item_is_left_out_with_a_reason_and_counted_with_the_rest(week):
    bulletin = draft_notice(week)
    editing.leave_out(bulletin, "WT-2026-0001", reason="客观原因，已书面说明", actor=week.office_lead, now=MONDAY)
    text = text_of(bulletin, "overdue")
    assert "WT-2026-0001" not in text
    assert "超期投诉1件达到5个工作日及以上" in text
    assert "其他超期问题1个，不再列名" in text


def test_source_that_moved_is_marked_and_its_group_adopted_whole(week):
    bulletin = draft_notice(week)
    HandlingRound.objects.unscoped("a correction of what was signed").filter(signed_at__isnull=False).update(
        signed_at=moment(date(2026, 11, 21), 9)
    )
    kept = bulletin.snapshot["numbers"]
    moved = moved_names(kept, editing.numbers_today(bulletin))
    groups = {kept[name]["group"] for name in moved}
    assert "complaints.on_time_sign" in groups
    editing.adopt_numbers(bulletin, ["complaints.on_time_sign"], actor=week.office, now=MONDAY)
    left = moved_names(bulletin.snapshot["numbers"], editing.numbers_today(bulletin))
    assert not [name for name in left if name.startswith("complaints.on_time_sign")]
    assert bulletin.snapshot_sha256 == fingerprint(bulletin.snapshot)


def test_issued_paper_keeps_its_numbers_and_hashes_after_the_data_changed(week):
    bulletin = issue_notice(week)
    hashes = {file.format: file.sha256 for file in bulletin.files.all()}
    numbers = bulletin.snapshot_sha256
    Complaint.objects.unscoped("test").update(title="改了", relevance="no")
    bulletin.refresh_from_db()
    assert bulletin.snapshot_sha256 == numbers == fingerprint(bulletin.snapshot)
    assert {file.format: file.attachment.sha256 for file in bulletin.files.all()} == hashes


def test_next_paper_says_what_the_last_one_must_be_corrected_by(week):
    issue_notice(week)
    HandlingRound.objects.unscoped("a correction of what was signed").filter(
        dispatched_at__gte=moment(date(2026, 11, 16), 0), signed_at__isnull=False
    ).update(signed_at=moment(date(2026, 11, 21), 9))
    following, _ = drafting.draft_bulletin(
        "notice", parse_period("2026W48"), actor=week.office, now=MONDAY + timedelta(days=7)
    )
    assert "上期更正：西营商〔2026〕1号中，按时签收率由" in text_of(following, "overview")
    assert "（分子）" not in text_of(following, "overview")


def test_number_written_in_another_way_is_no_other_number(week):
    kept = draft_notice(week).snapshot["numbers"]
    written = {name: number | {"text": f"{number['text']}个"} for name, number in kept.items()}
    assert [name for name in moved_names(kept, written) if kept[name]["value"] is not None] == []


def test_correction_with_nothing_changed_says_nothing(week):
    issue_notice(week)
    following, _ = drafting.draft_bulletin(
        "notice", parse_period("2026W48"), actor=week.office, now=MONDAY + timedelta(days=7)
    )
    assert "上期更正" not in text_of(following, "overview")


@pytest.mark.parametrize("kind", ["brief", "daily_brief", "monthly_complaints", "yearly_report"])
def test_every_kind_reads_without_an_unfilled_number(week, kind):
    period = {"daily_brief": "20261118", "monthly_complaints": "202611", "yearly_report": "2026"}.get(kind, "2026W47")
    bulletin, _ = drafting.draft_bulletin(kind, parse_period(period), actor=week.office, now=MONDAY)
    whole = "".join(text_of(bulletin, section.key) for section in bulletin.sections.all())
    assert "{" not in whole
    assert whole
