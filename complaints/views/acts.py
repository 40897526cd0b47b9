"""``/complaints/<number>/<act>/``: one page per act of the table, and its button."""

from django.shortcuts import get_object_or_404

from accounts.signed_acts import SignedTableAct
from complaints.forms import acts as forms
from complaints.models import Complaint
from complaints.rules.complaints import is_office_lead, is_signature
from complaints.selectors.details import complaints_for
from complaints.selectors.similar import suggested_departments
from complaints.services import extensions, handling, identity, office, review, supervision
from complaints.workflow import COMPLAINT
from core import clock
from core.access import Permission
from core.forms import MaybeReasonForm, ReasonForm
from core.views.acts import ActPage

ACTS = {
    "accept": ActPage(office.accept_complaint, done="已受理，请派单"),
    "propose_refusal": ActPage(office.propose_refusal, ReasonForm, "由审核人决定是否不予受理", "已报审核人"),
    "agree_refusal": ActPage(office.agree_refusal, forms.RefusalForm, "工单不予受理，诉求人可查到理由", "已不予受理"),
    "disagree_refusal": ActPage(office.disagree_refusal, ReasonForm, "工单转为待派单", "已转派单"),
    "mark_duplicate": ActPage(office.mark_duplicate, forms.DuplicateForm, "本件并入另一件，不再单独办理", "已并件"),
    "transfer": ActPage(office.transfer_complaint, forms.TransferForm, "移交县外单位，本平台不再办理", "已移交"),
    "dispatch": ActPage(office.dispatch_complaint, forms.DispatchForm, "签收和办理时限从现在起算", "已派单"),
    "sign_for": ActPage(handling.sign_for_complaint, done="已签收"),
    "request_return": ActPage(handling.request_return, ReasonForm, "视为已签收，审核期间时限照常计算", "已申请退单"),
    "agree_return": ActPage(office.agree_return, MaybeReasonForm, "工单转为待派单", "已同意退单，请重新派单"),
    "refuse_return": ActPage(office.refuse_return, ReasonForm, "原单位继续办理，时限不变", "已退回原单位办理"),
    "withdraw": ActPage(office.withdraw_dispatch, ReasonForm, "从承办单位收回，改派其他单位", "已收回，请改派"),
    "note": ActPage(handling.note_progress, forms.NoteForm, done="已记录"),
    "assist_reply": ActPage(handling.reply_as_assistant, forms.NoteForm, "主办单位会收到消息", "已提交协办意见"),
    "add_assisting": ActPage(handling.add_assisting, forms.AssistingForm, "协办单位会收到消息", "已加派协办"),
    "request_extension": ActPage(
        extensions.request_extension, forms.ExtensionForm, "每轮只能申请一次，不论是否同意", "已申请延期"
    ),
    "confirm_extension": ActPage(extensions.confirm_extension, effect="报县营商办审批", done="已确认"),
    "agree_extension": ActPage(extensions.agree_extension, MaybeReasonForm, "办理时限相应顺延", "已同意延期"),
    "refuse_extension": ActPage(extensions.refuse_extension, ReasonForm, "办理时限不变", "已答复不同意延期"),
    "suspend": ActPage(handling.suspend_complaint, ReasonForm, "时限停止计算，恢复后顺延", "已中止"),
    "resume": ActPage(handling.resume_complaint, effect="时限顺延中止的工作日", done="已恢复办理"),
    "submit": ActPage(handling.submit_result, forms.SubmitForm, done="已提交办理结果"),
    "sign": ActPage(handling.sign_result, effect="签发后报县营商办审核", done="已签发"),
    "send_back": ActPage(handling.send_back_result, ReasonForm, "退回填报员修改", "已退回修改"),
    "pass": ActPage(review.pass_review, effect="转入回访；匿名的直接办结", done="审核通过"),
    "review_back": ActPage(review.send_back_for_more, ReasonForm, "退回单位补办，时限不变", "已退回补办"),
    "callback": ActPage(
        review.record_callback, forms.CallBackForm, "不满意或未解决的开始新一轮办理；三次未联系上的办结", "已登记回访"
    ),
    "archive": ActPage(review.archive_complaint, done="已归档"),
    "reopen": ActPage(review.reopen_complaint, ReasonForm, "重新开始办理", "已重新办理"),
    "withdraw_complaint": ActPage(
        review.withdraw_by_complainant, ReasonForm, "按诉求人撤回办结，不回访", "已按撤回办结"
    ),
    "pull_here": ActPage(review.pull_here, ReasonForm, "由本平台办理", "已转为本平台办理"),
    "supervise": ActPage(
        supervision.supervise_complaint,
        forms.SuperviseForm,
        "给出督办单编号；司法机关和垂直管理单位发商请函",
        "已发督办",
    ),
    "raise_issue": ActPage(
        supervision.raise_issue,
        forms.RaiseIssueForm,
        "写成一个问题草稿，与工单互相链接；诉求人身份不带入",
        "已转为问题，请核对后登记",
    ),
    "remind": ActPage(office.remind_complaint, effect="承办单位会收到消息", done="已催办"),
    "grant_identity": ActPage(
        identity.grant_identity, forms.GrantForm, "承办单位在有效期内可查看诉求人身份，每次都记入审计日志", "已授权"
    ),
}


class ComplaintAct(SignedTableAct):
    """The form of one act on a complaint."""

    permission = Permission.READ_COMPLAINTS
    model = Complaint
    template_name = "complaints/act.html"
    workflow, acts, row_name = COMPLAINT, ACTS, "complaint"

    def get_object(self):
        return get_object_or_404(complaints_for(self.request.user), number=self.kwargs["number"])

    def is_signature(self):
        return is_signature(self.name, self.request.user, self.object)

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        if self.page.form is forms.DispatchForm:
            user, text = self.request.user, self.object.content
            kwargs["may_override"] = is_office_lead(user, self.object)
            kwargs["suggested"] = suggested_departments(user, text=text, now=clock.now())
        return kwargs

    def get_initial(self):
        return {"department": self.request.GET.get("department", "")} if self.name == "dispatch" else {}

    def address_after(self, made):
        return made.get_absolute_url() if self.name == "raise_issue" else super().address_after(made)
