"""``/bulletins/<number>/<act>/``: one page per act of the table, and its button."""

from django.shortcuts import get_object_or_404

from accounts.signed_acts import SignedTableAct
from bulletins.forms import editing as forms
from bulletins.models import Bulletin
from bulletins.rules.bulletins import SIGNATURES
from bulletins.selectors.details import bulletins_for
from bulletins.selectors.lists import KIND_WORDS
from bulletins.selectors.receipts import expected_units
from bulletins.services import review
from bulletins.services.numbers import number_to_come
from bulletins.views.refusals import SaysRefusals
from bulletins.workflow import BULLETIN
from core import clock
from core.access import Permission
from core.forms import ReasonForm
from core.views.acts import ActPage

ACTS = {
    "submit": ActPage(review.submit_bulletin, effect="由县营商办审核人审核，审核期间不能修改", done="已提交审核"),
    "approve": ActPage(review.approve_bulletin, effect="报签发人签发", done="审核通过，待签发"),
    "sign": ActPage(review.sign_bulletin, done="已签发并印发"),
    "send_back": ActPage(review.send_back_bulletin, ReasonForm, "退回后为草稿，由经办人修改", "已退回修改"),
    "correct": ActPage(
        review.correct_bulletin,
        forms.CorrectionForm,
        "按原期间和统计截止重新取数，生成一份更正稿；原件仍为已印发，两份互相注明",
        "已生成更正稿",
    ),
    "void": ActPage(
        review.void_bulletin,
        ReasonForm,
        "编号不再使用；各单位会收到消息；该期可以重新生成，另给编号",
        "已作废",
    ),
    "acknowledge": ActPage(review.acknowledge_bulletin, effect="代表本单位签收，只签收一次", done="已签收"),
}


def effect_of(name: str, bulletin: Bulletin, *, now) -> str:
    """Return what the act does, in a sentence; signing names the number and how many units are told."""
    if name != "sign":
        return ACTS[name].effect
    given = number_to_come(bulletin.kind, now=now)
    units = expected_units(clock.local_date(now))
    return (
        f"签发后随即印发：编号为 {given.document_number or given.issue_number}，"
        f"正文、附件和数据固定不再改动，并通知 {units} 个单位签收"
    )


class BulletinAct(SaysRefusals, SignedTableAct):
    """The form of one act on a paper."""

    permission = Permission.READ_BULLETINS
    model = Bulletin
    template_name = "bulletins/act.html"
    workflow, acts, row_name = BULLETIN, ACTS, "bulletin"

    def get_object(self):
        return get_object_or_404(bulletins_for(self.request.user), number=self.kwargs["number"])

    def is_signature(self):
        return self.name in SIGNATURES

    def effect(self):
        return effect_of(self.name, self.object, now=clock.now())

    def get_context_data(self, **kwargs):
        return super().get_context_data(kind_word=KIND_WORDS[self.object.kind], act=self.name, **kwargs)

    def address_after(self, made):
        return made.get_absolute_url() if self.name == "correct" else super().address_after(made)
