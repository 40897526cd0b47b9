"""Forms of one's own page."""

from django import forms

from accounts.models import User
from accounts.selectors.people import possible_deputies
from core.forms import ScopedForm

DAY = {"type": "date"}
WRONG_DAY = {"required": "请选择日期", "invalid": "日期应写成 2026-10-12"}


class PersonChoice(forms.ModelChoiceField):
    """A person by name and job title."""

    def label_from_instance(self, person):
        return f"{person.name}（{person.job_title}）" if person.job_title else person.name


class ContactForm(ScopedForm):
    """How a person is reached."""

    phone = forms.CharField(
        label="电话", max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    job_title = forms.CharField(label="职务", max_length=60, required=False)
    email = forms.EmailField(
        label="邮箱",
        required=False,
        help_text="开通邮件提醒的单位，催办会同时发到这里",
        error_messages={"invalid": "邮箱应写作 name@example.cn"},
    )


class DeputyForm(ScopedForm):
    """Who stands in, from the first to the last day."""

    deputy = PersonChoice(
        label="代理人",
        queryset=User.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择代理人", "invalid_choice": "代理人应是同一单位的人员"},
    )
    valid_from = forms.DateField(label="开始日期", widget=forms.DateInput(attrs=DAY), error_messages=WRONG_DAY)
    valid_until = forms.DateField(
        label="结束日期", help_text="含当天", widget=forms.DateInput(attrs=DAY), error_messages=WRONG_DAY
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.fields["deputy"].queryset = possible_deputies(user)


class SavedViewForm(ScopedForm):
    """A list with its filters and a name for it."""

    page = forms.CharField(max_length=80)
    query = forms.CharField(max_length=1000, required=False)
    name = forms.CharField(label="名称", max_length=30, error_messages={"required": "请给视图起个名字"})
