"""交办单 and 销号申请表 of one issue."""

from core.clock import local_date
from core.documents import FormRow, OfficialForm, official_date
from core.documents.forms import moment_text
from core.exceptions import RuleViolation
from core.settings_registry import setting
from supervision.documents.parts import NOTHING, full_name, full_names, limit_in_words, receipt, said, stub
from supervision.models import ClearanceRequest, Issue, IssueEvidence, IssueRound, Verification

NAMES_NEEDED = 2
SIGNED_BY_HEAD = "主要负责人（签字盖章）：　　　　　　年　月　日"
OPINION_SIGNED = "签字：　　　　　　年　月　日"


def assigned_round(issue: Issue, form: str) -> IssueRound:
    """Return the newest round that carries the number ``form`` (a column) and was neither withdrawn nor objected to.

    Raises RuleViolation while there is none: the form is earned by assigning.
    """
    rounds = IssueRound.objects.unscoped("of an issue fetched through the user").filter(issue=issue)
    rounds = rounds.exclude(ending__in=IssueRound.NOT_COUNTED).filter(**{f"{form}__isnull": False})
    related = ("department", "opened_by__department", "signed_by", form)
    found = rounds.select_related(*related).order_by("-sequence").first()
    if found is None:
        raise RuleViolation("还没有交办，交办后才能打印", code="form_not_earned")
    return found


def assignment_form(issue: Issue) -> tuple[OfficialForm, IssueRound]:
    """Return 交办单 as it was given: who assigned what to whom, by when."""
    round_ = assigned_round(issue, "assignment_form")
    opened, assigned_by = round_.opened_at, round_.opened_by
    issuer = full_name(assigned_by.department if assigned_by else None, opened)
    number, unit = str(round_.assignment_form), full_name(round_.department, opened)
    limit = limit_in_words(round_.limit_kind, round_.effective_due_on)
    due = official_date(round_.effective_due_on) if round_.effective_due_on else NOTHING
    person = assigned_by.name if assigned_by else ""
    rows = [
        FormRow([("交办单位", said(issuer)), ("承办单位", unit)]),
        FormRow([("问题编号", issue.number), ("问题来源", issue.get_source_display())]),
        FormRow(
            [("发现时间", official_date(issue.found_on)), ("配合单位", said(full_names(issue.assisting.all(), opened)))]
        ),
        FormRow([("涉及指标", f"{issue.indicator.code} {issue.indicator.name}" if issue.indicator else NOTHING)]),
        FormRow([("问题描述", issue.description)]),
        FormRow([("整改要求", said(issue.requirement))]),
        FormRow([("整改时限", limit)]),
        FormRow([("责任领导", said(issue.responsible_leader)), ("责任人", said(issue.responsible_person))]),
        FormRow([("反馈要求", "请在平台签收并报整改方案；整改完成后附佐证材料申请销号。")]),
        FormRow([("领导批示", "")], height=14, signature=OPINION_SIGNED),
    ]
    form = OfficialForm(
        title="问题交办单",
        number=number,
        rows=rows,
        issuer=issuer,
        dated_on=local_date(opened),
        contact=person,
        phone=setting("site.office_phone"),
        receipt=receipt(round_.signed_by, round_.signed_at),
        stub=stub(unit, issue.number, due, person),
    )
    return form, round_


def clearance_form(issue: Issue) -> tuple[OfficialForm, ClearanceRequest]:
    """Return 销号申请表: what was done, what proves it, what the unit and the two verifiers say.

    Raises RuleViolation while clearance was not asked for.
    """
    request = _newest_request(issue)
    round_, number = request.round, str(request.form)
    unit = full_name(round_.department, request.asked_at)
    judgements = list(request.verifications.select_related("user", "department"))
    rows = [
        FormRow([("申请单位", unit), ("问题编号", issue.number)]),
        FormRow([("问题来源", issue.get_source_display()), ("申请时间", moment_text(request.asked_at))]),
        FormRow([("问题描述", issue.description)]),
        FormRow([("整改要求", said(issue.requirement))]),
        FormRow([("整改时限", limit_in_words(round_.limit_kind, round_.effective_due_on))]),
        FormRow([("整改措施", said(round_.measures))]),
        FormRow([("完成情况", said(request.note))]),
        FormRow([("佐证目录", _evidence_list(issue, round_))]),
        FormRow([("单位意见", _unit_opinion(request))], height=22, signature=SIGNED_BY_HEAD),
        *(_judgement(place, judgements) for place in range(NAMES_NEEDED)),
        FormRow([("销号意见", _outcome(request, round_))], height=18, signature=OPINION_SIGNED),
    ]
    form = OfficialForm(
        title="问题销号申请表",
        number=number,
        rows=rows,
        issuer=unit,
        dated_on=local_date(request.asked_at),
        phone=setting("site.office_phone"),
    )
    return form, request


def _newest_request(issue: Issue) -> ClearanceRequest:
    requests = ClearanceRequest.objects.unscoped("of an issue fetched through the user")
    requests = requests.filter(round__issue=issue, form__isnull=False).exclude(result=ClearanceRequest.Result.DROPPED)
    related = ("form", "signed_by", "round__department")
    request = requests.select_related(*related).order_by("-asked_at", "-id").first()
    if request is None:
        raise RuleViolation("还没有申请销号，申请后才能打印", code="form_not_earned")
    return request


def _evidence_list(issue: Issue, round_: IssueRound) -> str:
    """Return the evidence of after of the round, one a line; withdrawn ones are left out."""
    rows = IssueEvidence.objects.unscoped("of an issue fetched through the user").filter(
        issue=issue, round=round_, phase=IssueEvidence.Phase.AFTER, withdrawn_at=None
    )
    lines = [
        f"{place}.{row.evidence.title}（{row.evidence.get_kind_display()}）"
        for place, row in enumerate(rows.select_related("evidence"), start=1)
    ]
    return "\n".join(lines) or NOTHING


def _unit_opinion(request: ClearanceRequest) -> str:
    if request.signed_by is None:
        return ""
    return f"同意申请销号。\n签发：{request.signed_by.name}　{moment_text(request.signed_at)}"


def _judgement(place: int, judgements: list[Verification]) -> FormRow:
    """Return the row of the verifier at ``place``, with room to write while there is none."""
    label = f"验收意见{'一二'[place]}"
    if place >= len(judgements):
        return FormRow([(label, "")], height=20, signature=f"验收人{OPINION_SIGNED}")
    one = judgements[place]
    word = "不通过" if not one.passed else "通过，转长期坚持" if one.sustained else "通过"
    who = "　".join(part for part in (full_name(one.department, one.at), one.names) if part)
    lines = [f"{word}。{one.note}".strip(), f"验收人：{who}　{moment_text(one.at)}"]
    return FormRow([(label, "\n".join(lines))], height=20)


def _outcome(request: ClearanceRequest, round_: IssueRound) -> str:
    if request.result != ClearanceRequest.Result.PASSED:
        return ""
    if round_.ending == IssueRound.Ending.CLEARED:
        return f"准予销号。销号时间：{moment_text(round_.cleared_at)}"
    return f"转长期坚持。时间：{moment_text(round_.sustained_at)}" if round_.sustained_at else ""
