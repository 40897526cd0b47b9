"""Forms of the catalogue: shape only, the services judge the meaning."""

from typing import Any

from django import forms

from core.forms import ScopedForm
from departments.models import Department
from indicators.forms.fields import DayField, FigureField, LinesField
from indicators.models import Assignment, Evidence, Indicator, Standard
from indicators.services.observations import OfficialResult
from indicators.services.standards import Yardstick

ADDED_KINDS = Standard.Kind.choices


class StandardForm(ScopedForm):
    """A new standard of a leaf."""

    kind = forms.ChoiceField(label="种类", choices=ADDED_KINDS)
    value = FigureField(label="数值")
    unit = forms.CharField(
        label="单位", max_length=20, required=False, help_text="不填即为指标的单位；单位不同的不作比较"
    )
    place = forms.CharField(label="地区", max_length=80, required=False, help_text="前沿值出自哪里，如某县、某市")
    source = forms.CharField(label="文件或网址", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    effective_from = DayField(label="生效日期")
    statutory_until = DayField(label="依据有效期至", required=False, help_text="只用于法定时限")
    checked = forms.BooleanField(label="已核对来源", required=False)

    def yardstick(self) -> Yardstick:
        """Return what was typed as the service takes it."""
        return Yardstick(**{name: value for name, value in self.cleaned_data.items() if name != "checked"})


class AssignmentForm(ScopedForm):
    """Which department leads or assists from when on."""

    department = forms.ModelChoiceField(label="单位", queryset=Department.objects.all(), empty_label="请选择")
    role = forms.ChoiceField(label="职责", choices=Assignment.Role)
    valid_from = DayField(label="开始日期")


class PeopleForm(ScopedForm):
    """The people of a running duty.

    Args:
        people: the queryset of the department's people, from whom reporter and backup are chosen.
    """

    county_leader = forms.CharField(label="县级分包领导", max_length=40, required=False)
    responsible_leader = forms.CharField(label="责任领导", max_length=40, required=False)
    leader_in_charge = forms.CharField(label="分管领导", max_length=40, required=False)
    direct_person = forms.CharField(label="直接责任人", max_length=40, required=False)
    reporter: forms.ModelChoiceField = forms.ModelChoiceField(
        label="填报员", queryset=None, required=False, empty_label="未指定"
    )
    backup_reporter: forms.ModelChoiceField = forms.ModelChoiceField(
        label="备用填报员", queryset=None, required=False, empty_label="未指定"
    )

    def __init__(self, *args: Any, people, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("reporter", "backup_reporter"):
            self.fields[name].queryset = people


class MeasureForm(ScopedForm):
    """A new line of the work plan."""

    text = forms.CharField(label="措施", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    department = forms.ModelChoiceField(label="责任单位", queryset=Department.objects.all(), empty_label="请选择")
    person = forms.CharField(label="责任人", max_length=40, required=False)
    due_on = DayField(label="完成时限", required=False, help_text="不填即为持续推进")


class MeasureNoteForm(ScopedForm):
    """A note of progress."""

    text = forms.CharField(label="进展", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class CorrectionForm(ScopedForm):
    """A value entered by the office."""

    value = forms.CharField(
        label="数值", max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    )
    as_of = DayField(label="数据日期")
    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.ModelMultipleChoiceField(
        label="佐证材料",
        queryset=Evidence.objects.all(),
        help_text="至少 1 份；还没有的请先在“佐证材料”里上传",
        error_messages={"required": "更正数值请附 1 份佐证材料"},
    )


class IndicatorForm(ScopedForm):
    """What the office may change on an indicator."""

    name = forms.CharField(label="名称", max_length=100)
    aliases = LinesField(label="别名", required=False, help_text="一行一个，导入时也按别名识别")
    dimension = forms.ChoiceField(label="维度", choices=Indicator.Dimension)
    definition = forms.CharField(label="定义", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    formula = forms.CharField(label="计算方法", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    unit = forms.CharField(label="单位", max_length=20, required=False)
    direction = forms.ChoiceField(label="方向", choices=[("", "不计数"), *Indicator.Direction.choices], required=False)
    decimals = forms.IntegerField(
        label="显示小数位", min_value=0, max_value=4, required=False, help_text="只影响显示，不改变数值"
    )
    min_value = FigureField(label="最小值", required=False)
    max_value = FigureField(label="最大值", required=False)
    weight = FigureField(label="权重")
    evidence_checklist = LinesField(label="佐证清单", required=False, help_text="一行一项")
    source = forms.CharField(label="来源", required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ConstraintForm(ScopedForm):
    """An objective constraint put forward."""

    reason = forms.CharField(label="客观制约", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    expires_on = DayField(label="有效期至")


class OfficialResultForm(ScopedForm):
    """A result given by the province or city."""

    indicator = forms.ModelChoiceField(
        label="指标", queryset=Indicator.objects.none(), required=False, empty_label="全县总评"
    )
    year = forms.IntegerField(label="年度", min_value=2015, max_value=2100)
    issuer = forms.CharField(label="评价单位", max_length=80)
    score = FigureField(label="得分", required=False)
    rank = forms.IntegerField(label="位次", min_value=1, required=False)
    out_of = forms.IntegerField(label="参评数", min_value=1, required=False)
    source = forms.CharField(label="文件或网址", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, indicators, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["indicator"].queryset = indicators

    def result(self) -> OfficialResult:
        """Return what was typed as the service takes it."""
        return OfficialResult(**{name: value for name, value in self.cleaned_data.items() if name != "indicator"})


class CopySetForm(ScopedForm):
    """Next year's set."""

    year = forms.IntegerField(label="年度", min_value=2021, max_value=2100)
    name = forms.CharField(label="名称", max_length=80)
    activates_on = DayField(label="启用日期")


class PrepareSetForm(ScopedForm):
    """What may be changed on a set before it is in use."""

    name = forms.CharField(label="名称", max_length=80)
    issuer = forms.CharField(label="发布单位", max_length=80, required=False)
    activates_on = DayField(label="启用日期")
    expected_first_level = forms.IntegerField(label="一级指标应有数", min_value=1, max_value=200)


class NewIndicatorForm(ScopedForm):
    """A new indicator."""

    code = forms.CharField(label="代码", max_length=20)
    name = forms.CharField(label="名称", max_length=100)
    dimension = forms.ChoiceField(
        label="维度", choices=[("", "随上级指标"), *Indicator.Dimension.choices], required=False
    )
    unit = forms.CharField(label="单位", max_length=20, required=False)
    direction = forms.ChoiceField(label="方向", choices=[("", "不计数"), *Indicator.Direction.choices], required=False)
    weight = FigureField(label="权重", initial="1")
