"""``/issues/<number>/<act>/``: one page per act of the table, and its button."""

from django.contrib import messages
from django.shortcuts import get_object_or_404

from accounts.signed_acts import SignedTableAct
from core.access import Permission
from core.exceptions import RuleViolation
from core.forms import MaybeReasonForm, ReasonForm
from core.views.acts import ActPage
from indicators.selectors.evidence import duplicates_of
from supervision.forms import acts as forms
from supervision.models import Issue
from supervision.rules.issues import evidence_refusal, is_signature, offers_evidence
from supervision.selectors.details import issues_for
from supervision.services import evidence, handling, verification, with_files, writing
from supervision.services.clearance import return_clearance, sign_clearance
from supervision.services.orders import supervise_issue
from supervision.workflow import ISSUE

ACTS = {
    "register": ActPage(writing.register_issue, effect="登记后由县营商办或督查局交办", done="已登记，请交办"),
    "assign": ActPage(
        writing.assign_issue, forms.AssignForm, "给出交办单和整改通知书的编号，整改时限开始计算", "已交办"
    ),
    "revoke": ActPage(writing.revoke_issue, ReasonForm, "问题撤销，不计入整改率", "已撤销"),
    "withdraw": ActPage(writing.withdraw_issue, ReasonForm, "从承办单位收回，重新交办；本轮不计入整改率", "已收回"),
    "sign_for": ActPage(handling.sign_for_issue, done="已签收，请报整改方案"),
    "object": ActPage(writing.object_to_issue, ReasonForm, "退回交办单位重新交办", "已提出异议"),
    "submit_plan": ActPage(
        handling.submit_plan, forms.PlanForm, "填报员提交的由负责人签发；负责人提交的直接生效", "已报整改方案"
    ),
    "sign_plan": ActPage(handling.sign_plan, effect="方案生效，进入整改", done="已签发方案"),
    "return_plan": ActPage(handling.return_plan, ReasonForm, "退回填报员修改", "已退回方案"),
    "note": ActPage(handling.note_progress, forms.NoteForm, done="已记录"),
    "add_evidence": ActPage(evidence.upload_issue_evidence, forms.EvidenceForm, done="已上传佐证"),
    "request_extension": ActPage(
        handling.request_extension, forms.ExtensionForm, "每轮只能申请一次，不论是否同意", "已申请延期"
    ),
    "confirm_extension": ActPage(handling.confirm_extension, effect="报县营商办审批", done="已确认"),
    "agree_extension": ActPage(handling.agree_extension, MaybeReasonForm, "整改时限改为申请的日期", "已同意延期"),
    "refuse_extension": ActPage(handling.refuse_extension, ReasonForm, "整改时限不变", "已答复不同意延期"),
    "request_clearance": ActPage(
        with_files.request_clearance_with_files,
        forms.ClearanceForm,
        "本轮至少要有一份整改后的佐证。填报员提出的由负责人签发后进入验收",
        "已申请销号",
    ),
    "sign_clearance": ActPage(sign_clearance, effect="签发后由两人验收，是否按期以此刻为准", done="已签发，待验收"),
    "return_clearance": ActPage(return_clearance, ReasonForm, "退回填报员修改", "已退回销号申请"),
    "verify_pass": ActPage(
        with_files.verify_pass_with_files, forms.PassForm, "两人都同意才销号；不能验收本单位的问题", "已签署验收意见"
    ),
    "verify_fail": ActPage(
        with_files.verify_fail_with_files, forms.FailForm, "一人不通过即退回整改，已签的意见作废", "已退回整改"
    ),
    "review": ActPage(verification.review_sustained, forms.NoteForm, "同时排定下次复查日期", "已记录复查"),
    "clear": ActPage(verification.clear_sustained, forms.MaybeNoteForm, "一人即可销号，随后安排回头看", "已销号"),
    "look_back": ActPage(
        verification.record_look_back,
        forms.LookBackForm,
        "计入最早一个未完成的回头看；反弹的开新一轮整改",
        "已登记回头看",
    ),
    "relapse": ActPage(
        verification.relapse_issue, forms.RelapseForm, "开新一轮整改，由原牵头单位办理", "已开新一轮整改"
    ),
    "remind": ActPage(writing.remind_issue, effect="承办单位会收到消息", done="已催办"),
    "supervise": ActPage(
        supervise_issue, forms.SuperviseForm, "给出督办单编号；司法机关和垂直管理单位发商请函", "已发督办"
    ),
}


class IssueAct(SignedTableAct):
    """The form of one act on an issue."""

    permission = Permission.READ_ISSUES
    model = Issue
    template_name = "supervision/act.html"
    workflow, acts, row_name = ISSUE, ACTS, "issue"

    def get_object(self):
        return get_object_or_404(issues_for(self.request.user), number=self.kwargs["number"])

    def is_signature(self):
        return is_signature(self.name, self.request.user, self.object)

    def check_version(self, request):
        super().check_version(request)
        if self.name == "add_evidence" and not offers_evidence(request.user, self.object):
            raise RuleViolation(evidence_refusal(request.user, self.object, "after") or "", code="evidence_closed")

    def typed_before(self, request):
        typed = super().typed_before(request)
        # The verifiers' form has one field for both buttons.
        return {"reason": typed.get("note", "")} | typed

    def get_initial(self):
        initial_of = getattr(self.page.form, "initial_of", None)
        initial = initial_of(self.object) if initial_of else {}
        # 回头看 leads here with 反弹 chosen.
        return initial | {name: self.request.GET[name] for name in ("result",) if name in self.request.GET}

    def address_after(self, made):
        if self.name == "add_evidence":
            self.tell_duplicates(made)
        return super().address_after(made)

    def tell_duplicates(self, items) -> None:
        """Say which of the files had been handed in before; nothing is refused for it."""
        for item in items:
            if told := duplicates_of(item.evidence, self.request.user).sentence:
                messages.warning(self.request, f"“{item.evidence.title}”{told}")
