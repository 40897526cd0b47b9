"""The console: accounts by S1, requests decided by S2, the log read by S3."""

from io import BytesIO

import openpyxl
import pytest

from accounts.models import AccountRequest, ApiToken, User
from accounts.roles import Role
from accounts.selectors.tokens import find_token
from core import clock
from core.models import AuditEvent
from core.services.audit import seal_audit
from core.settings_registry import setting
from tests.factories.accounts import make_service_account, make_user, propose

pytestmark = pytest.mark.django_db

NEW = {"username": "wsj_reporter", "name": "新填报员", "roles": ["reporter"], "reason": "新到岗", "job_title": "科员"}


def requests():
    return AccountRequest.objects.unscoped("test")


class TestAccounts:
    def test_list_shows_roles_and_narrows(self, client_for, sysadmin, reporter, stranger):
        client = client_for(sysadmin)
        page = client.get("/accounts/").content.decode()
        assert "zjj_reporter" in page
        assert "部门填报员" in page
        narrowed = {
            "search=zjj": {"zjj_reporter"},
            "department=czj": {"czj_reporter"},
            "role=sysadmin": {"sysadmin"},
            "state=disabled": set(),
            "search=没有这个人": set(),
        }
        for query, names in narrowed.items():
            rows = client.get(f"/accounts/?{query}").context["rows"]
            assert {row["username"] for row in rows} == names, query

    def test_number_of_queries_does_not_grow(self, client_for, sysadmin, department, queries_of):
        client = client_for(sysadmin)
        make_user("one", Role.REPORTER, department=department)
        few = queries_of(client, "/accounts/")
        for number in range(18):
            make_user(f"person{number}", Role.REPORTER, Role.DEPARTMENT_HEAD, department=department)
        assert queries_of(client, "/accounts/") == few

    def test_proposal_then_approval_makes_an_account_that_can_log_in(
        self, client, client_for, sysadmin, secadmin, department
    ):
        admin = client_for(sysadmin)
        answer = admin.post("/accounts/new/", NEW | {"department": department.pk})
        row = requests().get()
        assert answer["Location"] == row.get_absolute_url()
        decider = client_for(secadmin)
        assert decider.get(f"/requests/{row.pk}/").status_code == 200
        assert decider.post(f"/requests/{row.pk}/approve/", {"note": "同意"}).status_code == 302
        shown = admin.post("/accounts/wsj_reporter/password/")
        assert shown["Cache-Control"] == "no-store"
        word = shown.context["secret"]
        client.post("/login/", {"username": "wsj_reporter", "password": word})
        assert client.get("/inbox/")["Location"] == "/account/password/"

    def test_refused_proposal_keeps_what_was_typed(self, client_for, sysadmin, department):
        sent = NEW | {"department": department.pk, "roles": ["sysadmin", "auditor"]}
        answer = client_for(sysadmin).post("/accounts/new/", sent)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "互不兼任" in page
        assert 'value="wsj_reporter"' in page
        assert "新到岗" in page
        assert page.count("checked") == 2
        assert not requests().exists()

    def test_taken_name_and_missing_unit_are_told_at_their_fields(self, client_for, sysadmin):
        client = client_for(sysadmin)
        taken = client.post("/accounts/new/", NEW | {"username": "sysadmin"})
        assert taken.context["form"].errors["username"] == ["登录名 sysadmin 已被使用"]
        homeless = client.post("/accounts/new/", NEW)
        assert homeless.context["form"].errors["department"] == ["部门填报员和负责人须有单位"]

    @pytest.mark.parametrize(
        ("address", "sent", "kind"),
        [
            ("roles", {"roles": ["dept_head"]}, "roles"),
            ("department", {"department": ""}, None),
            ("disable", {}, "disable"),
        ],
    )
    def test_each_change_becomes_a_request(self, client_for, sysadmin, reporter, address, sent, kind):
        client = client_for(sysadmin)
        assert client.get(f"/accounts/zjj_reporter/{address}/").status_code == 200
        answer = client.post(f"/accounts/zjj_reporter/{address}/", sent | {"reason": "调整"})
        if kind is None:
            assert answer.status_code == 422
            return
        assert answer["Location"] == "/accounts/zjj_reporter/"
        assert requests().get().kind == kind
        assert "待审批" in client.get("/accounts/zjj_reporter/").content.decode()

    def test_enabling_an_enabled_account_is_a_conflict(self, client_for, sysadmin, reporter):
        answer = client_for(sysadmin).post("/accounts/zjj_reporter/enable/", {"reason": "误操作"})
        assert answer.status_code == 409
        assert "账号已经启用" in answer.content.decode()

    def test_contact_data_need_no_approval(self, client_for, sysadmin, reporter):
        sent = {"name": "新名字", "phone": "0396-6221234", "job_title": "科员"}
        client_for(sysadmin).post("/accounts/zjj_reporter/edit/", sent)
        reporter.refresh_from_db()
        assert reporter.name == "新名字"
        event = AuditEvent.objects.get(action="accounts.user.edit")
        assert (event.before["name"], event.after["name"]) == ("zjj_reporter测试员", "新名字")

    def test_one_time_password_is_by_post_and_not_for_oneself(self, client_for, sysadmin, reporter):
        client = client_for(sysadmin)
        assert client.get("/accounts/zjj_reporter/password/").status_code == 405
        assert client.post("/accounts/sysadmin/password/").status_code == 403

    def test_unknown_account_is_404_for_s1_and_403_for_others(self, client_for, sysadmin, office_lead):
        assert client_for(sysadmin).get("/accounts/nobody/").status_code == 404
        assert client_for(office_lead).get("/accounts/nobody/").status_code == 403
        assert client_for(office_lead).get("/accounts/sysadmin/").status_code == 403

    def test_token_is_shown_once(self, client_for, sysadmin):
        make_service_account("city_platform", Role.LEADER)
        client = client_for(sysadmin)
        sent = {"name": "取数", "scope": "read", "days": "30", "allowed_addresses": "10.1.2.0/24\n192.0.2.9"}
        answer = client.post("/accounts/city_platform/tokens/", sent)
        text = answer.context["secret"]
        assert answer["Cache-Control"] == "no-store"
        assert find_token(text, now=clock.now()).allowed_addresses == ["10.1.2.0/24", "192.0.2.9/32"]
        page = client.get("/accounts/city_platform/").content.decode()
        assert text not in page
        assert text[:9] in page
        token = ApiToken.objects.unscoped("test").get()
        client.post(f"/account/tokens/{token.pk}/revoke/")
        assert find_token(text, now=clock.now()) is None

    def test_wrong_address_list_is_told_at_its_field_and_kept(self, client_for, sysadmin):
        make_service_account()
        sent = {"name": "取数", "scope": "read", "days": "30", "allowed_addresses": "市级平台"}
        answer = client_for(sysadmin).post("/accounts/city_platform/tokens/", sent)
        assert answer.status_code == 422
        assert "不是地址或网段" in answer.content.decode()
        assert not ApiToken.objects.unscoped("test").exists()


class TestRequests:
    @pytest.fixture
    def row(self, sysadmin, secadmin, department):
        return propose(sysadmin, department=department)

    def test_queue_counts_and_buttons_are_for_the_one_who_decides(self, client_for, sysadmin, secadmin, row):
        decider, proposer = client_for(secadmin), client_for(sysadmin)
        assert "1 个申请等您审批" in decider.get("/console/").content.decode()
        page = decider.get(f"/requests/{row.pk}/").content.decode()
        assert f"/requests/{row.pk}/approve/" in page
        assert "withdraw" not in page
        page = proposer.get(f"/requests/{row.pk}/").content.decode()
        assert "approve" not in page
        assert f"/requests/{row.pk}/withdraw/" in page

    def test_request_does_not_exist_for_others(self, client_for, row, auditor, office_lead, reporter):
        for person in (auditor, office_lead, reporter):
            client = client_for(person)
            assert client.get(f"/requests/{row.pk}/").status_code == 404
            assert client.post(f"/requests/{row.pk}/approve/").status_code == 404

    def test_refusals_follow_the_contracts_order(self, client_for, sysadmin, secadmin, row):
        assert client_for(sysadmin).post(f"/requests/{row.pk}/refuse/", {}).status_code == 403
        decider = client_for(secadmin)
        assert decider.post(f"/requests/{row.pk}/refuse/", {"version": "9", "reason": ""}).status_code == 409
        empty = decider.post(f"/requests/{row.pk}/refuse/", {"reason": ""})
        assert empty.status_code == 422
        assert "请写明理由" in empty.content.decode()
        assert decider.post(f"/requests/{row.pk}/refuse/", {"reason": "不符合"}).status_code == 302
        assert decider.post(f"/requests/{row.pk}/refuse/", {"reason": ""}).status_code == 409

    def test_withdrawing(self, client_for, sysadmin, row):
        assert client_for(sysadmin).post(f"/requests/{row.pk}/withdraw/").status_code == 302
        assert requests().get().status == "withdrawn"

    def test_list_by_state(self, client_for, secadmin, row):
        client = client_for(secadmin)
        assert len(client.get("/requests/?status=pending").context["page"].object_list) == 1
        assert len(client.get("/requests/?status=approved").context["page"].object_list) == 0

    def test_number_of_queries_does_not_grow(self, client_for, sysadmin, secadmin, department, queries_of):
        client = client_for(secadmin)
        for number in range(2):
            propose(sysadmin, username=f"person{number}", department=department)
        few = queries_of(client, "/requests/"), queries_of(client, "/console/")
        for number in range(2, 20):
            propose(sysadmin, username=f"person{number}", department=department)
        assert (queries_of(client, "/requests/"), queries_of(client, "/console/")) == few


class TestAudit:
    @pytest.fixture
    def log(self, sysadmin, secadmin, reporter, department):
        propose(sysadmin, department=department)
        User.objects.filter(pk=reporter.pk).update(name="王五")

    def test_newest_first_and_narrowed_by_words_of_the_page(self, client_for, auditor, log, sysadmin):
        client = client_for(auditor)
        for query, count in {
            "": 1,
            "actor=sysadmin": 1,
            "actor=nobody": 0,
            "action=提出": 1,
            "action=propose": 1,
            "action=登录": 0,
            "target=wsj": 1,
            "since=2026-11-25&until=2026-11-25": 1,
            "since=2026-11-26": 0,
            "until=2026-11-24": 0,
        }.items():
            assert len(client.get(f"/audit/?{query}").context["events"]) == count, query

    def test_wrong_date_is_told_at_its_field(self, client_for, auditor, log):
        page = client_for(auditor).get("/audit/?since=昨天").content.decode()
        assert "日期应写成 2026-10-12" in page
        assert 'value="昨天"' in page

    def test_only_the_auditor_reads_it(self, client_for, log, sysadmin, secadmin, office_lead, leader):
        for person in (sysadmin, secadmin, office_lead, leader):
            client = client_for(person)
            assert client.get("/audit/").status_code == 403
            assert client.get("/audit/export/").status_code == 403

    def test_export_holds_the_page_and_is_itself_on_record(self, client_for, auditor, log):
        answer = client_for(auditor).get("/audit/export/?action=propose")
        sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
        assert [cell.value for cell in sheet[1]][:3] == ["序号", "时间", "操作人"]
        assert sheet.max_row == 2
        assert AuditEvent.objects.get(action="core.auditevent.export").after == {"lines": 1}

    def test_check_finds_tampering(self, client_for, auditor, log):
        client = client_for(auditor)
        seal_audit()
        assert "记录完整" in client.post("/audit/check/").content.decode()
        AuditEvent.objects.update(purpose="改过")
        page = client.post("/audit/check/").content.decode()
        assert "发现 1 处问题" in page
        assert "第 1 号记录与校验值不符" in page

    def test_number_of_queries_does_not_grow(self, client_for, auditor, sysadmin, department, queries_of):
        client = client_for(auditor)
        for number in range(2):
            propose(sysadmin, username=f"person{number}", department=department)
        few = queries_of(client, "/audit/")
        for number in range(2, 20):
            propose(sysadmin, username=f"person{number}", department=department)
        assert queries_of(client, "/audit/") == few


class TestSettings:
    def sent(self, client, **changes):
        form = client.get("/settings/").context["form"]
        values = {name: form[name].value() for name in form.fields}
        return {name: "" if value is None else value for name, value in values.items()} | changes

    def test_saving_unchanged_changes_nothing(self, client_for, sysadmin):
        client = client_for(sysadmin)
        assert client.post("/settings/", self.sent(client)).status_code == 302
        assert not AuditEvent.objects.filter(action="core.setting.change").exists()

    def test_changed_ones_are_stored_and_on_record_one_by_one(self, client_for, sysadmin):
        client = client_for(sysadmin)
        changes = {"daily__cut_off": "17:00", "light__ok": "96", "accounts__small_office": "true"}
        client.post("/settings/", self.sent(client, **changes))
        assert f"{setting('daily.cut_off'):%H:%M}" == "17:00"
        assert setting("light.ok") == 96
        assert setting("accounts.small_office") is True
        assert AuditEvent.objects.filter(action="core.setting.change").count() == 3

    def test_wrong_value_is_told_at_its_field_nothing_is_stored_everything_kept(self, client_for, sysadmin):
        client = client_for(sysadmin)
        answer = client.post("/settings/", self.sent(client, daily__cut_off="五点半", light__ok="96"))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "时间应写成 17:30" in page
        assert 'value="五点半"' in page
        assert 'value="96"' in page
        assert setting("light.ok") == 95

    def test_only_s1_keeps_them(self, client_for, secadmin, office_lead):
        for person in (secadmin, office_lead):
            assert client_for(person).get("/settings/").status_code == 403


def test_console_shows_each_administrator_their_own_part(client_for, sysadmin, secadmin, auditor):
    parts = {}
    for person in (sysadmin, secadmin, auditor):
        page = client_for(person).get("/console/")
        parts[person.username] = [entry["label"] for entry in page.context["entries"]]
    assert parts == {
        "sysadmin": ["账号", "账号申请", "单位与人员", "参数设置"],
        "secadmin": ["账号申请"],
        "auditor": ["审计日志"],
    }


def test_page_of_a_unit_names_its_people(client_for, office, reporter, head, department):
    page = client_for(office).get(f"/departments/{department.code}/").content.decode()
    assert reporter.name in page
    assert "部门负责人" in page
