"""单位与人员, 领导小组, 本单位设置: the HTML doors of this app (domain §2)."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import View

from core import clock
from core.access import Permission
from core.spreadsheets.writing import ExportColumn, export_response
from core.views import FormPage, PageView, TransitionView
from core.views.base import ObjectDoor, PermissionDeclared
from departments import services
from departments.forms import (
    CloseForm,
    DepartmentDetailsForm,
    DepartmentForm,
    EndMemberForm,
    HeadApprovalForm,
    MemberForm,
    MoveForm,
    NewMemberForm,
    RenameForm,
)
from departments.models import Department, LeadingGroupMember
from departments.rules import acts_on_department, acts_on_member, can_keep_departments, can_keep_leading_group
from departments.selectors import department_list, departments_in_order, leading_group, with_figures

ACTS = {
    "update": ("修改资料", "departments:update"),
    "rename": ("改名", "departments:rename"),
    "move": ("调整排序", "departments:move"),
    "close": ("撤销单位", "departments:close"),
    "set_head_approval": ("审定设置", "departments:head_approval"),
}


TABS = (
    ("单位", "departments:list", Permission.READ_DEPARTMENTS),
    ("领导小组", "departments:leading_group", Permission.READ_CATALOGUE),
)


def tabs_for(user, current: str) -> list[dict]:
    """Return the tabs of this app that ``user`` may open, the one of the URL name ``current`` marked."""
    return [
        {"label": label, "url": reverse(name), "is_current": name == current}
        for label, name, permission in TABS
        if user.can(permission)
    ]


def listed(request, today) -> list[dict]:
    """Return the units that the parameters of the list ask for."""
    asked = request.GET
    return department_list(
        on=today, search=asked.get("search", ""), kind=asked.get("kind", ""), closed=asked.get("closed") == "1"
    )


class DepartmentList(PageView):
    """All units in official order."""

    permission = Permission.READ_DEPARTMENTS
    template_name = "departments/department_list.html"

    def page_context(self, now):
        user, asked = self.request.user, self.request.GET
        rows = with_figures(user, listed(self.request, clock.local_date(now)))
        kinds = dict(Department.Kind.choices)
        actions = [{"label": "新增单位", "url": reverse("departments:add")}] if can_keep_departments(user) else []
        return {
            "labels": [figure["label"] for figure in rows[0]["figures"]] if rows else [],
            "departments": [row | {"kind_label": kinds[row["kind"]]} for row in rows],
            "kinds": Department.Kind.choices,
            "asked": {name: asked.get(name, "") for name in ("search", "kind", "closed")},
            "actions": actions,
            "tabs": tabs_for(user, "departments:list"),
        }


class DepartmentExport(PermissionDeclared, View):
    """The list as a workbook, as the page lists it."""

    permission = Permission.READ_DEPARTMENTS

    def get(self, request):
        columns = [
            ExportColumn(label) for label in ("代码", "全称", "简称", "别名", "类别", "排序", "办公电话", "设立日期")
        ]
        kinds = dict(Department.Kind.choices)
        rows = (
            (
                row["code"],
                row["name"],
                row["short_name"],
                ";".join(row["aliases"]),
                kinds[row["kind"]],
                row["official_order"],
                row["office_phone"],
                row["valid_from"],
            )
            for row in listed(request, clock.today())
        )
        return export_response("单位名录.xlsx", columns, rows)


class DepartmentDoor(ObjectDoor):
    """A page about one unit; everybody signed in may see units, so the code alone decides."""

    abstract = True
    model = Department

    def get_object(self):
        return get_object_or_404(departments_in_order(), code=self.kwargs["code"])


class DepartmentDetail(DepartmentDoor, PageView):
    """One unit with its history, and what upper apps know about it."""

    permission = Permission.READ_DEPARTMENTS
    template_name = "departments/department_detail.html"

    def page_context(self, now):
        unit = self.object
        acts = (ACTS[name] for name in acts_on_department(self.request.user, unit))
        return {
            "department": unit,
            "former_names": list(unit.former_names.all()),
            "predecessors": list(unit.predecessors.all()),
            "is_valid": unit.is_valid_on(clock.local_date(now)),
            "actions": [{"label": label, "url": reverse(name, args=[unit.code])} for label, name in acts],
        }


class AddDepartment(FormPage):
    """A new unit."""

    permission = Permission.KEEP_DEPARTMENTS
    form_class = DepartmentForm
    template_name = "departments/form.html"
    success_message = "单位已新增"

    def perform(self, form):
        unit = services.create_department(form.unit(), actor=self.request.user, now=clock.now())
        return unit.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(title="新增单位", back_url=reverse("departments:list"), **kwargs)


class DepartmentAct(DepartmentDoor, TransitionView):
    """One form, one act on a unit."""

    abstract = True
    permission = Permission.KEEP_DEPARTMENTS
    template_name = "departments/form.html"
    title = ""
    submit = "保存"
    success_message = "已保存"
    initial_fields: tuple[str, ...] = ()

    def get_initial(self):
        return {name: getattr(self.object, name) for name in self.initial_fields}

    def get_context_data(self, **kwargs):
        subject, back = self.object, self.object.get_absolute_url()
        return super().get_context_data(title=self.title, submit=self.submit, subject=subject, back_url=back, **kwargs)


class UpdateDepartment(DepartmentAct):
    """Kind, aliases, landline."""

    form_class = DepartmentDetailsForm
    title = "修改资料"
    initial_fields = ("kind", "aliases", "office_phone")
    act = staticmethod(services.update_department)


class RenameDepartment(DepartmentAct):
    """A new name from a day on."""

    form_class = RenameForm
    title = "改名"
    initial_fields = ("name", "short_name")
    act = staticmethod(services.rename_department)


class MoveDepartment(DepartmentAct):
    """Another place in the official order."""

    form_class = MoveForm
    title = "调整排序"
    initial_fields = ("official_order",)
    act = staticmethod(services.move_department)


class CloseDepartment(DepartmentAct):
    """The unit's last day."""

    form_class = CloseForm
    title = submit = "撤销单位"
    act = staticmethod(services.close_department)


class SetHeadApproval(DepartmentAct):
    """The head's approval of daily reports, set by S1 for any unit."""

    form_class = HeadApprovalForm
    title = "审定设置"
    initial_fields = ("head_approval",)
    act = staticmethod(services.set_head_approval)


class OwnOptions(SetHeadApproval):
    """The same, set by the head for the own unit."""

    permission = Permission.SET_DEPARTMENT_OPTIONS
    title = "本单位设置"

    def get_object(self):
        return get_object_or_404(departments_in_order(), pk=self.request.user.scope_department_id)

    def success_address(self):
        return reverse("departments:options")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"back_url": reverse("overview:home")}


class LeadingGroup(PageView):
    """The leading group's list."""

    permission = Permission.READ_CATALOGUE
    template_name = "departments/leading_group.html"

    def page_context(self, now):
        user = self.request.user
        members = [
            {"member": member, "acts": acts_on_member(user, member)} for member in leading_group(clock.local_date(now))
        ]
        add = {"label": "新增成员", "url": reverse("departments:member_add")}
        actions = [add] if can_keep_leading_group(user) else []
        return {"members": members, "actions": actions, "tabs": tabs_for(user, "departments:leading_group")}


class AddMember(FormPage):
    """A person for the list."""

    permission = Permission.KEEP_LEADING_GROUP
    form_class = NewMemberForm
    template_name = "departments/form.html"
    success_message = "成员已新增"

    def perform(self, form):
        services.add_leading_group_member(
            form.member(), valid_from=form.cleaned_data["valid_from"], actor=self.request.user, now=clock.now()
        )
        return reverse("departments:leading_group")

    def get_context_data(self, **kwargs):
        return super().get_context_data(title="新增成员", back_url=reverse("departments:leading_group"), **kwargs)


class MemberAct(TransitionView):
    """One form, one act on a member."""

    abstract = True
    permission = Permission.KEEP_LEADING_GROUP
    model = LeadingGroupMember
    template_name = "departments/form.html"
    title = ""
    success_message = "已保存"

    def success_address(self):
        return reverse("departments:leading_group")

    def get_context_data(self, **kwargs):
        back = reverse("departments:leading_group")
        return super().get_context_data(title=self.title, subject=self.object, back_url=back, **kwargs)


class ChangeMember(MemberAct):
    """Correct what the list says."""

    form_class = MemberForm
    title = "修改成员"

    def get_initial(self):
        return {name: getattr(self.object, name) for name in MemberForm.base_fields}

    def perform(self, form):
        services.change_leading_group_member(
            self.object, member=form.member(), actor=self.request.user, now=clock.now()
        )
        return self.success_address()


class EndMember(MemberAct):
    """The last day of a term."""

    form_class = EndMemberForm
    title = "结束任职"
    act = staticmethod(services.end_leading_group_member)
