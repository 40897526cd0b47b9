"""The ledger: three lists, views, filters, order, columns, who sees what, acts on a selection, the workbook."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import Message
from accounts.roles import Role
from supervision.models import AccountabilityRecord, Issue, LookBack
from supervision.selectors.ledger_columns import LEDGER_COLUMNS
from supervision.services import handling, verification, writing
from tests.factories.accounts import make_user
from tests.factories.issues import DUE_ON, FOUND, MEASURES, issue_at, make_issue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
LEDGER = "/issues/"
PLACES = ("draft", "registered", "assigned", "planning", "rectifying", "verifying", "sustained", "cleared", "revoked")


def text_of(response) -> str:
    """Return the page, which must have been served."""
    assert response.status_code == 200
    return response.content.decode()


def listed(page: str, rows: dict[str, Issue]) -> set[str]:
    """Return the names of those ``rows`` that the page lists."""
    return {name for name, row in rows.items() if f'value="{row.number}" data-select' in page}


def heads(page: str) -> list[str]:
    """Return which columns of the ledger stand in the head of the table."""
    head = page[page.index("<thead>") : page.index("</thead>")]
    return [column.head for column in LEDGER_COLUMNS if f">{column.head}<" in head or f">{column.head}↑" in head]


@pytest.fixture
def rows(cast) -> dict[str, Issue]:
    """Return one issue in every state."""
    return {place: issue_at(place, cast, assisting=[cast.helper_department]) for place in PLACES}


# --- who sees what -------------------------------------------------------------------------------------
def test_those_who_see_all_departments_see_every_issue(rows, request, client_for):
    for role in ("office", "office_lead", "signer", "leader", "inspector"):
        page = text_of(client_for(request.getfixturevalue(role)).get(LEDGER))
        assert (role, listed(page, rows)) == (role, set(PLACES))
        assert '<h1 class="page-head__title">问题台账</h1>' in page


def test_departments_see_their_own_from_the_first_assignment_on(rows, request, client_for):
    for role in ("reporter", "head", "helper"):
        page = text_of(client_for(request.getfixturevalue(role)).get(LEDGER))
        assert (role, listed(page, rows)) == (role, set(PLACES) - {"draft", "registered", "revoked"})
        assert '<h1 class="page-head__title">问题整改</h1>' in page
        assert "检查批次" not in page


def test_a_department_sees_its_own_self_check_in_draft_and_strangers_nothing(cast, other_department, client_for):
    own = make_issue(cast.reporter, source="self_check")
    assert listed(text_of(client_for(cast.reporter).get(LEDGER)), {"own": own}) == {"own"}
    stranger = make_user("czj", Role.REPORTER, department=other_department)
    assert listed(text_of(client_for(stranger).get(LEDGER)), {"own": own}) == set()


def test_consoles_do_not_open_the_ledger(client_for, db):
    auditor = make_user("auditor", Role.AUDITOR)
    for address in (LEDGER, "/issues/export/", "/issues/statistics/", "/issues/statistics/export/"):
        assert client_for(auditor).get(address).status_code == 403


# --- lists and columns ---------------------------------------------------------------------------------
SHOWN = (
    ("", "编号 发现 来源 涉及指标 问题描述 类型 程度 牵头单位 状态 整改时限 提示"),
    ("?list=duties", "编号 问题描述 牵头单位 配合单位 责任领导 责任人 时限类型 状态 整改时限 提示"),
    ("?list=measures", "编号 问题描述 牵头单位 整改措施 整改目标 整改进展 佐证 状态 整改时限 提示"),
    (
        "?list=nonsense",
        "编号 发现 来源 涉及指标 问题描述 类型 程度 牵头单位 状态 整改时限 提示",
    ),
    ("?columns=remark&columns=verifiers", "编号 问题描述 验收人 备注"),
    (
        "?columns=nonsense&list=duties",
        "编号 问题描述 牵头单位 配合单位 责任领导 责任人 时限类型 状态 整改时限 提示",
    ),
)


def test_lists_are_columns_over_the_same_rows(rows, cast, client_for):
    browser = client_for(cast.office)
    pages = {query: text_of(browser.get(f"{LEDGER}{query}")) for query, _ in SHOWN}
    assert {query: " ".join(heads(page)) for query, page in pages.items()} == dict(SHOWN)
    assert all(listed(page, rows) == set(PLACES) for page in pages.values())


def test_cells_say_what_hangs_on_the_issue(cast, client_for):
    row = issue_at("rectified", cast, assisting=[cast.helper_department], responsible_leader="周卫东")
    handling.note_progress(row, note="已更换三块公示栏", actor=cast.reporter, now=FOUND)
    handling.note_progress(row, note="全部更换", actor=cast.reporter, now=FOUND + timedelta(hours=1))
    measures = text_of(client_for(cast.office).get(f"{LEDGER}?list=measures"))
    assert "全部更换" in measures
    assert "已更换三块公示栏" not in measures
    assert MEASURES in measures
    assert "1 份" in measures
    duties = text_of(client_for(cast.office).get(f"{LEDGER}?list=duties"))
    assert all(word in duties for word in ("周卫东", "许琳", "县城管局"))


def test_cleared_issue_names_its_verifiers_and_what_followed(cast, client_for):
    row = issue_at("cleared", cast)
    verification.record_look_back(row, result="held", note="未见反弹", actor=cast.inspector, now=FOUND)
    AccountabilityRecord.objects.create(
        kind="summons", department=cast.department, issue=row, on=FOUND.date(), recorded_by=cast.inspector,
        recorded_at=FOUND,
    )  # fmt: skip
    codes = ("verifiers", "verdict", "cleared_by", "look_backs", "accountability", "cleared_at")
    page = text_of(client_for(cast.office).get(LEDGER + "?" + "&".join(f"columns={code}" for code in codes)))
    names = [one.user.name for one in row.current_round.clearance_requests.get().verifications.all()]
    assert "、".join(names) in page
    assert f"{names[0]}：" in page
    assert "2026-11-23 巩固" in page
    assert "约谈 2026-11-23" in page


# --- order ---------------------------------------------------------------------------------------------
def test_what_is_overdue_comes_first_then_nearly_due_then_the_rest(cast, client_for):
    late = issue_at(
        "rectifying", cast, due_on=FOUND.date() - timedelta(days=4), found_on=FOUND.date() - timedelta(days=9)
    )
    soon = issue_at("assigned", cast, due_on=FOUND.date() + timedelta(days=1))
    running = issue_at("planning", cast)
    cleared = issue_at("cleared", cast)
    page = text_of(client_for(cast.office).get(LEDGER))
    places = [page.index(row.number) for row in (late, soon, running, cleared)]
    assert places == sorted(places)
    assert page.count('class="is-overdue"') == 1
    assert "已超 2 个工作日" in page
    assert "明日到期" in page


@pytest.mark.parametrize("ordering", ["number", "-number", "found_on", "-found_on", "due_on", "-due_on", "department"])
def test_order_of_the_address_is_said_in_the_head(ordering, cast, client_for):
    days = [FOUND.date() - timedelta(days=back) for back in (3, 1, 2)]
    made = [make_issue(cast.office, found_on=day, due_on=day + timedelta(days=30)) for day in days]
    undated = make_issue(cast.office, found_on=days[0], due_on=None)
    page = text_of(client_for(cast.office).get(f"{LEDGER}?ordering={ordering}"))
    direction = "descending" if ordering.startswith("-") else "ascending"
    assert page.count(f'aria-sort="{direction}"') == 1
    name = ordering.removeprefix("-")
    if name in ("found_on", "due_on"):
        expected = sorted(made, key=lambda row: getattr(row, name), reverse=ordering.startswith("-"))
        places = [page.index(row.number) for row in expected]
        assert places == sorted(places)
    if name == "due_on":
        assert page.index(undated.number) > max(page.index(row.number) for row in made)


# --- views and filters ---------------------------------------------------------------------------------
CASES = (
    ("?view=uncleared", {"registered", "assigned", "planning", "rectifying", "verifying"}),
    ("?view=overdue", set()),
    ("?view=to_assign", {"registered"}),
    ("?view=to_sign", {"assigned"}),
    ("?view=drafts", {"draft"}),
    ("?view=sustained", {"sustained"}),
    ("?view=third_party", set()),
    ("?view=look_back", set()),
    ("?view=relapsed", {"revoked"}),  # it resembles the cleared one
    ("?view=nonsense", set(PLACES)),
    ("?status=rectifying", {"rectifying"}),
    ("?department=zjj&status=verifying", {"verifying"}),
    ("?department=nobody", set()),
    ("?source=open&limit_kind=deadline&severity=normal&category=fees&year=2026", set(PLACES)),
    ("?source=media", set()),
    ("?year=2025", set()),
    ("?year=nonsense&inspection=x", set(PLACES)),
    ("?search=公示栏", set(PLACES)),
    ("?search=公示栏 电梯", set()),
    ("?overdue=true", set()),
    (f"?registered_from={FOUND:%Y-%m-%d}&registered_to={FOUND:%Y-%m-%d}", set(PLACES) - {"draft"}),
    (f"?registered_from={FOUND + timedelta(days=1):%Y-%m-%d}", set()),
    (f"?registered_to={FOUND - timedelta(days=1):%Y-%m-%d}&cleared_to=nonsense", set()),
    (f"?cleared_from={FOUND:%Y-%m-%d}", {"cleared"}),
    ("?nearly_due=true", set()),
)


def test_views_and_filters(rows, cast, client_for):
    browser = client_for(cast.office)
    found = {query: listed(text_of(browser.get(f"{LEDGER}{query}")), rows) for query, _ in CASES}
    assert found == dict(CASES)


def test_overdue_and_nearly_due_are_those_of_the_running_clock(cast, client_for):
    early = {"found_on": FOUND.date() - timedelta(days=9), "due_on": FOUND.date() - timedelta(days=1)}
    made = {
        "late": issue_at("rectifying", cast, **early),
        "still": issue_at("verifying", cast, **early),
        "today": issue_at("assigned", cast, due_on=FOUND.date()),
        "later": issue_at("assigned", cast),
    }
    browser = client_for(cast.office)
    for query in ("view=overdue", "overdue=1"):
        assert listed(text_of(browser.get(f"{LEDGER}?{query}")), made) == {"late"}
    for query in ("view=nearly_due", "nearly_due=1"):
        assert listed(text_of(browser.get(f"{LEDGER}?{query}")), made) == {"today"}


def test_conditions_seldom_used_open_by_a_word_that_says_how_many_are_in_force(rows, cast, client_for):
    browser = client_for(cast.office)
    page = text_of(browser.get(LEDGER))
    bar, further = page.index("筛选</button>"), page.index("更多条件</summary>")
    assert [
        name for name in ("source", "indicator", "department", "severity") if page.index(f'name="{name}"') < further
    ]
    assert all(further < page.index(f'name="{name}"') for name in ("category", "status", "limit_kind", "year"))
    assert further < bar
    assert "更多条件（2）</summary>" in text_of(browser.get(f"{LEDGER}?status=planning&year=2026"))


def test_names_longer_than_their_column_are_clipped_and_told_whole(cast, client_for):
    make_issue(cast.office, responsible_person="业务科室负责人、窗口首席代表和后台审核人员")
    page = text_of(client_for(cast.office).get(f"{LEDGER}?list=duties"))
    assert '<div class="tbl__clip" title="业务科室负责人、窗口首席代表和后台审核人员">' in page


def test_to_verify_holds_what_waits_for_ones_own_name(cast, client_for):
    row = {"row": issue_at("verifying", cast)}
    inspector, office_lead, office = (client_for(one) for one in (cast.inspector, cast.office_lead, cast.office))
    for browser in (inspector, office_lead):
        assert listed(text_of(browser.get(f"{LEDGER}?view=to_verify")), row) == {"row"}
    assert listed(text_of(office.get(f"{LEDGER}?view=to_verify")), row) == set()
    verification.verify_pass(row["row"], actor=cast.inspector, now=FOUND)
    assert listed(text_of(inspector.get(f"{LEDGER}?view=to_verify")), row) == set()
    assert listed(text_of(office_lead.get(f"{LEDGER}?view=to_verify")), row) == {"row"}


def test_look_back_holds_the_dates_that_have_come(cast, client_for):
    row = {"row": issue_at("cleared", cast)}
    browser = client_for(cast.inspector)
    assert listed(text_of(browser.get(f"{LEDGER}?view=look_back")), row) == set()
    LookBack.objects.unscoped("test data").update(due_on=FOUND.date())
    assert listed(text_of(browser.get(f"{LEDGER}?view=look_back")), row) == {"row"}


def test_filters_stand_as_chips_that_can_be_taken_away(rows, cast, client_for):
    page = text_of(client_for(cast.office).get(f"{LEDGER}?source=open&overdue=1&list=duties&search=公示"))
    assert "来源：明察" in page
    assert 'aria-label="移除 逾期"' in page
    assert 'href="/issues/?overdue=1&amp;list=duties&amp;search=' in page
    assert 'href="/issues/?list=duties">清除筛选' in page


def test_saved_views_are_links_with_parameters(rows, cast, client_for):
    browser = client_for(cast.office)
    browser.post(
        "/saved-views/", {"page": "supervision:issues", "query": "list=duties&status=verifying", "name": "待验收责任"}
    )
    page = text_of(browser.get(LEDGER))
    assert "待验收责任" in page
    assert 'href="/issues/?list=duties&amp;status=verifying"' in page


def test_head_counts_the_year_and_the_rate(rows, cast, client_for):
    page = text_of(client_for(cast.office).get(LEDGER))
    assert "本年登记 7 个，已销号 1 个，长期坚持 1 个，未销号 5 个" in page
    assert "20.00%" in page
    assert "（1 / 5 轮，长期坚持不计）" in page


def test_empty_ledger_says_so(cast, client_for):
    browser = client_for(cast.office)
    assert "还没有问题" in text_of(browser.get(LEDGER))
    assert "没有符合条件的问题" in text_of(browser.get(f"{LEDGER}?view=overdue"))
    assert "整改率 —" in text_of(browser.get(LEDGER))


# --- cost ----------------------------------------------------------------------------------------------
def count_queries(browser, address: str) -> int:
    """Return how many queries one request costs."""
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("role", ["office", "reporter"])
@pytest.mark.parametrize("query", ["?list=problems", "?list=duties", "?list=measures", "?ordering=due_on"])
def test_ledger_asks_the_same_number_of_queries_for_2_and_20_rows(role, query, cast, request, client_for):
    browser = client_for(request.getfixturevalue(role))
    issue_at("rectifying", cast)
    issue_at("cleared", cast)
    browser.get(LEDGER)
    few = count_queries(browser, f"{LEDGER}{query}")
    for _ in range(9):
        issue_at("rectifying", cast)
        issue_at("cleared", cast)
    assert count_queries(browser, f"{LEDGER}{query}") == few


# --- acts on a selection -------------------------------------------------------------------------------
def test_reminder_names_the_units_before_it_sends(cast, client_for):
    row, untouched = issue_at("rectifying", cast), issue_at("cleared", cast)
    browser = client_for(cast.office)
    chosen = {"issues": [row.number, untouched.number]}
    assert "催办县住建局的问题？" in text_of(browser.post("/issues/remind/", chosen))
    reminders = Message.objects.visible_to(cast.reporter).filter(kind="issue.reminded")
    assert not reminders.exists()
    page = browser.post("/issues/remind/", chosen | {"confirmed": "1"}, follow=True).content.decode()
    assert reminders.count() == 1
    assert "已催办 1 个" in page
    assert f"{untouched.number}：" in page


def test_assigning_gives_one_notice_a_department_and_leaves_the_others_alone(cast, client_for):
    units = [cast.department, cast.department, cast.helper_department, None]
    made = [make_issue(cast.inspector, department=unit) for unit in units]
    for row in made:
        writing.register_issue(row, actor=cast.office, now=FOUND)
    busy = issue_at("rectifying", cast)
    chosen = {"issues": [row.number for row in (*made, busy)]}
    browser = client_for(cast.inspector)
    page = text_of(browser.post("/issues/assign/", chosen))
    assert "交办给县住建局、县城管局？" in page
    assert f"{busy.number}：当前为“整改中”" in page
    assert f"{made[3].number}：没有填写牵头单位" in page
    page = browser.post("/issues/assign/", chosen | {"confirmed": "1"}, follow=True).content.decode()
    assert "已交办 3 个" in page
    numbers = Issue.objects.unscoped("test").filter(pk__in=[row.pk for row in made[:3]]).order_by("pk")
    notices = [str(row.current_round.notice_form) for row in numbers]
    assert notices[0] == notices[1] != notices[2]
    assert len({str(row.current_round.assignment_form) for row in numbers}) == 3


@pytest.mark.parametrize("address", ["/issues/remind/", "/issues/assign/"])
@pytest.mark.parametrize("role", ["reporter", "head", "signer", "leader"])
def test_acts_on_a_selection_are_the_keepers(address, role, cast, request, client_for):
    row = issue_at("rectifying", cast)
    browser = client_for(request.getfixturevalue(role))
    for body in ({}, {"confirmed": "1"}):
        assert browser.post(address, {"issues": [row.number]} | body).status_code == 403


@pytest.mark.parametrize("address", ["/issues/remind/", "/issues/assign/", "/issues/export/"])
def test_without_a_selection_nothing_is_done(address, cast, client_for):
    answer = client_for(cast.office).post(address)
    assert answer.status_code == 400
    assert "请先选择问题" in answer.content.decode()


def test_nothing_clears_a_selection(client_for, cast, rows):
    page = text_of(client_for(cast.office_lead).get(LEDGER))
    bar = page[page.index('class="bulkbar"') : page.index("</form>", page.index('class="bulkbar"'))]
    assert "销号</button>" not in bar
    assert (
        client_for(cast.office_lead).post("/issues/clear/", {"issues": [rows["sustained"].number]}).status_code == 404
    )


# --- the workbook --------------------------------------------------------------------------------------
def sheet_of(answer) -> list[list]:
    """Return the cells of a workbook, row by row."""
    assert answer.status_code == 200
    return [list(row) for row in load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values]


def test_workbook_holds_what_the_page_lists_in_all_columns(rows, cast, client_for):
    head, *lines = sheet_of(client_for(cast.office).get("/issues/export/?view=uncleared"))
    assert head == [column.label for column in LEDGER_COLUMNS if column.exported]
    assert {line[0] for line in lines} == {
        rows[name].number for name in ("registered", "assigned", "planning", "rectifying", "verifying")
    }
    [line] = [line for line in lines if line[0] == rows["rectifying"].number]
    cells = dict(zip(head, line, strict=True))
    assert (cells["状态"], cells["牵头单位"], cells["整改时限"].date()) == ("整改中", "县住建局", DUE_ON)
    assert cells["佐证材料"] == 0


def test_workbook_has_the_columns_of_the_list_and_what_an_import_needs(rows, cast, client_for):
    head, *_ = sheet_of(client_for(cast.office).get("/issues/export/?list=duties"))
    assert head == "问题编号 发现时间 问题描述 牵头单位 配合单位 责任领导 责任人 时限类型 状态 整改时限".split()


def test_departments_get_their_own_rows_without_inspections(rows, cast, client_for):
    head, *lines = sheet_of(client_for(cast.reporter).get("/issues/export/"))
    assert "检查批次" not in head
    assert {line[0] for line in lines} == {
        rows[name].number for name in set(PLACES) - {"draft", "registered", "revoked"}
    }


def test_ticked_rows_are_exported_and_no_foreign_ones(rows, cast, client_for):
    numbers = [rows["cleared"].number, rows["draft"].number]
    answer = client_for(cast.reporter).post("/issues/export/", {"issues": numbers, "list": "problems"})
    assert [line[0] for line in sheet_of(answer)[1:]] == [rows["cleared"].number]


def test_workbook_holds_nothing_that_calculates(cast, client_for):
    make_issue(cast.office, description='=HYPERLINK("http://evil")', title="@sum")
    head, line = sheet_of(client_for(cast.office).get("/issues/export/"))
    assert line[head.index("问题描述")].startswith("'=")


@pytest.mark.parametrize("role", ["office", "office_lead", "reporter", "head", "helper", "inspector", "leader"])
def test_pieces_hold_what_the_rule_shows_without_a_rest_and_no_row_twice(role, cast, helper_department, request):
    user = request.getfixturevalue(role)
    make_issue(cast.office)
    issue_at("rectifying", cast, assisting=[helper_department])
    issue_at("cleared", cast)
    make_issue(cast.reporter, source="self_check")
    rows = Issue.objects.unscoped("test")
    pieces = [set(rows.filter(piece).values_list("pk", flat=True)) for piece in Issue.scope_pieces(user)]
    seen = set(Issue.objects.visible_to(user).values_list("pk", flat=True))
    assert set().union(*pieces) == seen
    assert sum(map(len, pieces)) == len(seen)
