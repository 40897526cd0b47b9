"""Forms of supervision orders: the filters of 督办中心, and what each act asks for."""

from typing import Any

from django import forms

from core import clock
from core.forms import ActForm, ScopedForm, paragraph
from core.forms.files import FilesField
from departments.models import Department
from departments.selectors import valid_departments
from supervision.forms.inspections import chips_of, day, dress
from supervision.models import AccountabilityRecord, SupervisionOrder


class OrderFilterForm(ScopedForm):
    """The filters as a GET form; the fields are named like those of ``selectors.orders.narrowed``."""

    search = forms.CharField(label="文号、事由、要求", required=False, max_length=60)
    status = forms.ChoiceField(
        label="状态", choices=[("", "全部状态"), *SupervisionOrder.Status.choices], required=False
    )
    subject_kind = forms.ChoiceField(
        label="事由类别", choices=[("", "问题和工单"), *SupervisionOrder.SubjectKind.choices], required=False
    )
    department = forms.ModelChoiceField(
        label="承办单位",
        queryset=Department.objects.none(),
        to_field_name="code",
        required=False,
        empty_label="全部单位",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = valid_departments(clock.today())
        if not self.user.sees_all_departments:
            del self.fields["department"]
        dress(self)

    def chips(self) -> list[tuple[str, str]]:
        """Return name and words of each filter in force."""
        return chips_of(self)


class ReplyForm(ActForm):
    """The reply and what proves it."""

    text = paragraph("回复", rows=6, help_text="写明办理情况、结果和下一步措施")
    files = FilesField(  # type: ignore[assignment]
        label="佐证材料", help_text="可选多个照片或文件，单个不超过 20 MB"
    )


class CloseForm(ActForm):
    """An opinion that may be left out."""

    note = paragraph("了结意见", required=False, longest=1_000, rows=3)


class RecordFilterForm(ScopedForm):
    """The filters of the records as a GET form."""

    search = forms.CharField(label="对象、文号、事由", required=False, max_length=60)
    kind = forms.ChoiceField(
        label="类别", choices=[("", "全部类别"), *AccountabilityRecord.Kind.choices], required=False
    )
    department = forms.ModelChoiceField(
        label="单位",
        queryset=Department.objects.none(),
        to_field_name="code",
        required=False,
        empty_label="全部单位",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["from"] = day("自")
        self.fields["to"] = day("至")
        self.fields["department"].queryset = valid_departments(clock.today())
        if not self.user.sees_all_departments:
            del self.fields["department"]
        dress(self)

    def chips(self) -> list[tuple[str, str]]:
        """Return name and words of each filter in force."""
        return chips_of(self)


class RecordForm(ScopedForm):
    """What is put on record; ``cleaned_data`` holds the columns of ``RecordFacts``."""

    kind = forms.ChoiceField(
        label="类别",
        choices=AccountabilityRecord.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择类别"},
    )
    department = forms.ModelChoiceField(
        label="单位",
        queryset=Department.objects.none(),
        to_field_name="code",
        empty_label="请选择",
        error_messages={"required": "请选择单位", "invalid_choice": "没有这个单位"},
    )
    subject = forms.CharField(
        label="事由编号",
        required=False,
        max_length=60,
        help_text="问题、投诉工单或督办的编号，例如 WT-2026-0001；没有具体事由的不填",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    person = forms.CharField(label="对象", required=False, max_length=60, help_text="被约谈人、受表扬的个人等，可不填")
    on = day("日期", required=True)
    document_number = forms.CharField(label="文号", required=False, max_length=60)
    note = paragraph("说明", required=False, rows=4, help_text="依据、经过和要求；不写诉求人姓名和电话")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = valid_departments(clock.today())
