"""What each act asks for on its page; ``cleaned_data`` holds the keywords of its service."""

from typing import Any

from django import forms

from core import clock
from core.access import Permission
from core.forms import ActForm, ReasonForm, ScopedForm, paragraph
from core.forms.files import FilesField, SeveralFiles
from core.settings_registry import setting
from departments.models import Department
from departments.selectors import valid_departments
from indicators.models import Evidence
from supervision.forms.inspections import day, line
from supervision.models import Issue, IssueEvidence, LookBack
from supervision.rules.issues import evidence_refusal, is_keeper
from supervision.selectors.hints import reusable_for_issue

Phase = IssueEvidence.Phase
ACCEPTED = "image/*,.heic,.pdf,.ofd,.doc,.docx,.wps,.xls,.xlsx,.et,.txt,.csv"
FILES_HELP = "可选多张照片或文件，单个不超过 20 MB。照片会压缩并去除拍摄地点，保留拍摄时间"


def units(label: str, *, required: bool) -> forms.ModelMultipleChoiceField:
    """Return a choice of several units, by code."""
    return forms.ModelMultipleChoiceField(
        label=label,
        queryset=Department.objects.none(),
        to_field_name="code",
        required=required,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text="可选多个",
        error_messages={"required": f"请选择{label}", "invalid_choice": "没有这个单位"},
    )


def unit(label: str, **options) -> forms.ModelChoiceField:
    """Return a choice of one unit, by code."""
    return forms.ModelChoiceField(
        label=label,
        queryset=Department.objects.none(),
        to_field_name="code",
        error_messages={"required": f"请选择{label}", "invalid_choice": "没有这个单位，或已撤销"},
        **options,
    )


class CameraFiles(SeveralFiles):
    """Photos taken on the spot: telephones open the camera, everywhere else it is left out (``_files.html``)."""

    def __init__(self):
        super().__init__(attrs={"accept": "image/*", "capture": "environment"})


class FilesMixin(forms.Form):
    """Photos and files: from the camera of a telephone, and chosen; together they are ``files``."""

    camera = FilesField(label="拍照", widget=CameraFiles)
    # A declared field, which hides no attribute: Django takes it off the class.
    files = FilesField(  # type: ignore[assignment]
        label="照片和文件", widget=SeveralFiles(attrs={"accept": ACCEPTED}), help_text=FILES_HELP
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["files"] = [*cleaned.pop("camera", []), *cleaned.get("files", [])]
        return cleaned


class NoteForm(ActForm):
    """A note, required."""

    note = paragraph("内容", longest=2_000)


class MaybeNoteForm(ActForm):
    """A note that may be left out."""

    note = paragraph("说明", required=False, longest=1_000, rows=3)


class AssignForm(ActForm):
    """Who leads, who helps, who answers for it; what was written with the issue stands there already."""

    department = unit("牵头单位", empty_label="请选择")
    assisting = units("配合单位", required=False)
    responsible_leader = line("责任领导", 60)
    responsible_person = line("责任人", 60)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offered = valid_departments(clock.today())
        self.fields["department"].queryset = offered
        self.fields["assisting"].queryset = offered

    @staticmethod
    def initial_of(issue: Issue) -> dict[str, Any]:
        """Return what stands there now."""
        return {
            "department": issue.department and issue.department.code,
            "assisting": [one.code for one in issue.assisting.all()],
            "responsible_leader": issue.responsible_leader,
            "responsible_person": issue.responsible_person,
        }


class PlanForm(ActForm):
    """The plan: measures, who, by when; a plan given back stands there for correction."""

    measures = paragraph("整改措施", rows=6)
    goal = line("整改目标", 300)
    person = line("责任人", 60)
    due_on = day("完成日期")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        due_on = self.row.due_on
        if due_on is None:
            self.fields["due_on"].required = True
            self.fields["due_on"].help_text = "这个问题没有规定时限，以方案承诺的日期为准"
        else:
            self.fields["due_on"].help_text = f"不晚于整改时限 {due_on:%Y-%m-%d}；不填则按整改时限"

    @staticmethod
    def initial_of(issue: Issue) -> dict[str, Any]:
        """Return what the round holds already."""
        current = issue.current_round
        if current is None:
            return {}
        return {
            "measures": current.measures,
            "goal": current.goal or issue.goal,
            "person": current.plan_person or issue.responsible_person,
            "due_on": current.plan_due_on,
        }


class EarlierEvidence(forms.ModelMultipleChoiceField):
    """Evidence handed in before, by title and day."""

    def label_from_instance(self, evidence: Any) -> str:
        added_on = clock.local_date(evidence.added_at)
        return f"{evidence.title}（{added_on.month}月{added_on.day}日）"


class EvidenceForm(FilesMixin, ActForm):
    """Photos and files of before or after, new ones and ones handed in earlier."""

    phase = forms.ChoiceField(
        label="阶段", widget=forms.RadioSelect, error_messages={"required": "请选择整改前或整改后"}
    )
    evidence = EarlierEvidence(
        label="复用以前的佐证",
        queryset=Evidence.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "所选材料已不可用，请重新选择"},
    )
    field_order = ("phase", "camera", "files", "evidence")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # Whoever adds evidence of after does not verify the round, so those who keep issues are offered before first.
        order = (Phase.BEFORE, Phase.AFTER) if is_keeper(self.user, self.row) else (Phase.AFTER,)
        open_phases = [one for one in order if not evidence_refusal(self.user, self.row, one)]
        phase = self.fields["phase"]
        phase.choices = [(one.value, one.label) for one in open_phases]
        phase.initial = open_phases[0] if open_phases else None
        if Phase.AFTER in open_phases and self.user.can(Permission.VERIFY_ISSUES):
            phase.help_text = "上传整改后佐证的人不能验收本轮"
        if len(open_phases) == 1:
            phase.widget, phase.required = forms.HiddenInput(), False
        earlier = reusable_for_issue(self.user, self.row)
        self.fields["evidence"].queryset = earlier
        if not earlier:
            del self.fields["evidence"]

    def clean_phase(self) -> str:
        """Take the only phase that is open where there is one."""
        return self.cleaned_data["phase"] or self.fields["phase"].initial

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned.setdefault("evidence", [])
        if not cleaned["files"] and not cleaned["evidence"] and "files" not in self.errors:
            self.add_error("files", "请拍照或选择文件，也可以复用以前的佐证")
        return cleaned


class ExtensionForm(ReasonForm):
    """Until when, and why."""

    due_on = day("延期至", required=True)
    field_order = ("due_on", "reason")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.row.due_on:
            self.fields["due_on"].help_text = f"现在的整改时限是 {self.row.due_on:%Y-%m-%d}"


class ClearanceForm(FilesMixin, ActForm):
    """What was done; photos of after may be handed in with it."""

    note = paragraph("完成情况", required=False, longest=2_000, rows=4)
    field_order = ("note", "camera", "files")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if evidence_refusal(self.user, self.row, Phase.AFTER):
            del self.fields["camera"], self.fields["files"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned["files"] and "files" in self.fields and "files" not in self.errors and not self.has_evidence():
            self.add_error("files", "本轮还没有整改后的佐证，请拍照或选择文件")
        return cleaned

    def has_evidence(self) -> bool:
        """Return whether the round holds evidence of after already."""
        return self.row.current_round is not None and bool(self.row.current_round.evidence_givers())


class PassForm(FilesMixin, ActForm):
    """One's name to the clearance, with photos of the check."""

    note = paragraph("验收意见", required=False, longest=1_000, rows=3, help_text="写明核查方式和结果")
    sustained = forms.BooleanField(
        label="转长期坚持", required=False, help_text="两名验收人中有一人选择即转长期坚持，定期复查"
    )
    field_order = ("note", "sustained", "camera", "files")


class FailForm(FilesMixin, ActForm):
    """Why it is not cleared; the issue's page sends the reason as the note of both its buttons."""

    reason = paragraph("不通过原因", longest=1_000, rows=3)
    field_order = ("reason", "camera", "files")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.is_bound and "reason" not in self.data and "note" in self.data:
            self.data = {**self.data, "reason": self.data["note"]}


class LookBackForm(ActForm):
    """Held, or relapsed into a new round."""

    result = forms.ChoiceField(
        label="结果",
        choices=[(LookBack.Result.HELD, "巩固，未反弹"), (LookBack.Result.RELAPSED, "反弹，开新一轮整改")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择结果"},
    )
    note = paragraph("检查情况", required=False, longest=1_000, rows=3, help_text="反弹时必须写明")
    due_on = day("新一轮整改时限")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].help_text = relapse_help(prefix="只在反弹时填写；")


class RelapseForm(ReasonForm):
    """What came back, and by when it is to be rectified."""

    reason = paragraph("反弹情况", longest=1_000, rows=3)
    due_on = day("新一轮整改时限")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].help_text = relapse_help()


def relapse_help(*, prefix: str = "") -> str:
    """Return what happens where no date is given."""
    return f"{prefix}不填则为 {setting('issues.relapse_workdays')} 个工作日后"


class SuperviseForm(ActForm):
    """What is demanded, and by when it is answered."""

    requirement = paragraph("督办要求", longest=2_000)
    due_on = day("回复时限", required=True)


class WithdrawEvidenceForm(ScopedForm):
    """Why a piece of evidence is taken back."""

    reason = paragraph("理由", longest=300, rows=2)
