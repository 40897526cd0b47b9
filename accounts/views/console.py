"""The administrators' first page, the audit log, and the technical settings."""

from django.urls import reverse, reverse_lazy
from django.views.generic import View

from accounts import services
from accounts.forms.administration import AuditFilterForm, SettingsForm, field_name
from accounts.selectors import administration
from accounts.selectors.audit import audit_events, chain_findings, event_lines, filtered_events, latest_events
from core import clock
from core.access import Permission
from core.paging import CappedPaginator
from core.settings_registry import SETTINGS, settings_in_force
from core.spreadsheets.writing import ExportColumn, export_response
from core.views import FormPage, PageView
from core.views.base import PermissionDeclared

MOST_EXPORTED = 20_000
EXPORT_COLUMNS = [
    ExportColumn("序号", 8),
    ExportColumn("时间", 20),
    ExportColumn("操作人", 16),
    ExportColumn("代替", 12),
    ExportColumn("操作", 30),
    ExportColumn("对象类型", 14),
    ExportColumn("对象", 30),
    ExportColumn("变更", 50),
    ExportColumn("事由", 30),
    ExportColumn("来源地址", 16),
]


class Console(PageView):
    """``/console/``: what each of the three administrators opens first; only their own part is shown."""

    permission = Permission.USE_CONSOLE
    template_name = "accounts/console.html"

    def page_context(self, now):
        user = self.request.user
        return {
            "entries": [
                {"url": reverse(name), "label": label, "hint": hint, "icon": icon}
                for permission, name, label, hint, icon in CONSOLE_ENTRIES
                if user.can(permission)
            ],
            "requests": administration.requests_for(user, status="pending")[:10],
            "sees_requests": user.can(Permission.READ_ACCOUNT_REQUESTS),
            "pending": administration.pending_requests(user, now),
            "events": latest_events(user),
        }


CONSOLE_ENTRIES = (
    (Permission.KEEP_ACCOUNTS, "accounts:accounts", "账号", "查询、新建、变更、一次性密码、接口令牌", "people"),
    (
        Permission.READ_ACCOUNT_REQUESTS,
        "accounts:requests",
        "账号申请",
        "由系统管理员提出，安全管理员审批",
        "clipboard-check",
    ),
    (Permission.KEEP_DEPARTMENTS, "departments:list", "单位与人员", "单位名称、别名、沿革和联系人", "building"),
    (Permission.KEEP_SETTINGS, "accounts:settings", "参数设置", "时限、阈值和站点信息，改动留有记录", "sliders"),
    (Permission.READ_AUDIT, "accounts:audit", "审计日志", "按人、操作、对象和日期查询，可导出", "shield-lock"),
)


class AuditLog(PageView):
    """``/audit/``: newest first, with filters."""

    permission = Permission.READ_AUDIT
    template_name = "accounts/audit_list.html"

    def page_context(self, now):
        form = AuditFilterForm(self.request.GET, user=self.request.user)
        given = form.cleaned_data if form.is_valid() else {}
        page = CappedPaginator(filtered_events(self.request.user, **given)).get_page(self.request.GET.get("page"))
        return {"form": form, "page": page, "events": event_lines(page.object_list), "is_filtered": any(given.values())}


class AuditCheck(PageView):
    """Walk the chain of hashes and say whether anything was changed or removed; POST, because it takes its time."""

    permission = Permission.READ_AUDIT
    http_method_names = ("post",)
    template_name = "accounts/audit_check.html"

    def post(self, request):
        return self.render_to_response(self.get_context_data())

    def page_context(self, now):
        return {"findings": chain_findings(self.request.user, now), "total": audit_events(self.request.user).count()}


class AuditExport(PermissionDeclared, View):
    """The filtered log as .xlsx; taking it out of the house is itself put on record."""

    permission = Permission.READ_AUDIT
    http_method_names = ("get",)

    def get(self, request):
        form = AuditFilterForm(request.GET, user=request.user)
        given = form.cleaned_data if form.is_valid() else {}
        rows = event_lines(filtered_events(request.user, **given)[:MOST_EXPORTED])
        services.record_audit_export(actor=request.user, now=clock.now(), count=len(rows))
        lines = (
            (
                row["sequence"],
                row["at"],
                row["actor_name"],
                row["on_behalf_of"],
                f"{row['act']}（{row['action']}）",
                row["kind"],
                row["target_label"],
                "；".join(row["changes"]),
                row["purpose"],
                row["address"],
            )
            for row in rows
        )
        return export_response(f"审计日志{clock.today():%Y%m%d}.xlsx", EXPORT_COLUMNS, lines)


class Settings(FormPage):
    """``/settings/``: every assumption an office may change, with the value in force."""

    permission = Permission.KEEP_SETTINGS
    form_class = SettingsForm
    template_name = "accounts/settings.html"
    success_message = "参数已保存"

    def get_initial(self):
        values = settings_in_force(*SETTINGS)
        return {
            field_name(name): str(value).lower() if isinstance(value, bool) else value for name, value in values.items()
        }

    def perform(self, form):
        services.change_settings(form.given(), actor=self.request.user, now=clock.now())
        return reverse_lazy("accounts:settings")
