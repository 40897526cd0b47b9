"""What became of each planned issue, by its fate."""

from collections.abc import Callable
from datetime import date, timedelta

from accounts.models import User
from core.clock import local_date
from core.dates import WorkCalendar
from supervision.demo.story import Beginning, Story
from supervision.models import SupervisionOrder
from supervision.services import handling, orders, verification
from supervision.services.evidence import upload_issue_evidence


class Teller(Beginning):
    """Tells the whole story of one issue."""

    def tell(self) -> Story:
        """Return the story: found, then what its fate says."""
        yield from self.found()
        yield from FATES[self.one.fate](self)

    # --- verified ---------------------------------------------------------------------------------

    def first_name(self, *, sustained: bool = False) -> Story:
        """Let an inspector verify on the next working day."""
        yield self.later(1)
        note = "现场查看，问题已整改" + ("，需长期坚持" if sustained else "")
        self.act(verification.verify_pass, self.inspectors[0], note=note, sustained=sustained)

    def two_names(self, *, sustained: bool = False) -> Story:
        """Let two verify."""
        yield from self.first_name(sustained=sustained)
        yield self.later(minutes=130)
        second = self.office_lead if self.one.serial % 3 else self.inspectors[1]
        self.act(verification.verify_pass, second, note="核对佐证材料，同意")

    def cleared(self) -> Story:
        """Clear it, then look back when the dates come."""
        yield from self.until_asked()
        yield from self.two_names()
        yield from self.looked_back()

    def looked_back(self) -> Story:
        """Look back on each date that has come."""
        for due_on in [row.due_on for row in self.issue().look_backs.filter(result="")]:
            yield self.on(due_on, 15 * 60)
            self.act(verification.record_look_back, self.inspectors[1], result="held", note="现场复查，未见反弹")

    def look_back_missed(self) -> Story:
        """Clear it; nobody has looked back."""
        yield from self.until_asked(2)
        yield from self.two_names()

    def look_back_today(self) -> Story:
        """Clear it on such a day that the first look-back is due on the day of loading."""
        yield from self.rectifying()
        yield from self.evidenced()
        yield from self.cleared_for()
        yield self.on(day_looked_back_on(self.cast.today, self.calendar), 9 * 60)
        self.act(verification.verify_pass, self.inspectors[0], note="现场查看，问题已整改")
        yield self.later()
        self.act(verification.verify_pass, self.office_lead, note="核对佐证材料，同意")

    def late(self) -> Story:
        """Clear it after its time, pressed by an order that was answered and closed."""
        yield from self.rectifying()
        yield self.on(self.calendar.add_workdays(self.due_of(), 4), 9 * 60 + 30)
        order = self.pressed(self.inspectors[0])
        yield from self.answered(order)
        yield from self.evidenced(1)
        yield from self.cleared_for()
        yield from self.two_names()
        yield self.later(minutes=50)
        orders.close_order(self.order(order), actor=self.inspectors[0], now=self.clock, note="已整改到位")
        yield from self.looked_back()

    def extended(self) -> Story:
        """Ask for more time and get it, then clear it."""
        yield from self.extension(workdays=8)
        yield from self.evidenced(self.pace())
        yield from self.cleared_for()
        yield from self.two_names()
        yield from self.looked_back()

    def failed(self) -> Story:
        """Let the first verification fail."""
        yield from self.until_asked(2)
        yield self.later(1)
        reason = "现场抽查仍有一处未整改到位，请继续整改并补充佐证"
        self.act(verification.verify_fail, self.inspectors[1], reason=reason)

    def failed_once(self) -> Story:
        """Let it fail, then be cleared."""
        yield from self.failed()
        yield from self.evidenced(1)
        yield from self.cleared_for()
        yield from self.two_names()
        yield from self.looked_back()

    def immediate_cleared(self) -> Story:
        """Rectify it on the spot, without a plan."""
        yield from self.signed()
        yield from self.evidenced(1)
        yield from self.cleared_for()
        yield from self.two_names()
        yield from self.looked_back()

    def relapsed(self) -> Story:
        """Let the first look-back find it again."""
        yield from self.until_asked(1)
        yield from self.two_names()
        yield self.on(self.issue().look_backs.earliest("due_on").due_on, 15 * 60)
        note = "回头看发现同一问题再次出现"
        self.act(verification.record_look_back, self.inspectors[0], result="relapsed", note=note)

    def relapsed_cleared(self) -> Story:
        """Let it come back and be cleared in a second round."""
        yield from self.relapsed()
        yield from self.evidenced(6)
        yield from self.cleared_for()
        yield from self.two_names()
        yield from self.looked_back()

    def clearance_handed_in(self) -> Story:
        """Let the clearance request wait for the head."""
        yield from self.rectifying()
        yield from self.evidenced()
        yield from self.cleared_for(signed=False)

    def waiting_for_verifiers(self, workdays: int) -> Story:
        """Ask for clearance that many working days before the day of loading."""
        yield from self.rectifying()
        yield self.on(self.cast.back(workdays), 9 * 60)
        self.act(upload_issue_evidence, self.reporter, files=[self.picture(is_after=True)], phase="after")
        yield from self.cleared_for()

    def verified_once(self) -> Story:
        """Let one of two verify."""
        yield from self.waiting_for_verifiers(2)
        yield from self.first_name()

    # --- watched on -------------------------------------------------------------------------------

    def sustained(self) -> Story:
        """Let it be watched on."""
        yield from self.until_asked(2)
        yield from self.two_names(sustained=True)

    def reviewed(self) -> Story:
        """Review it on its date."""
        yield from self.sustained()
        yield self.on(self.issue().next_review_on or self.cast.today)
        self.act(verification.review_sustained, self.inspectors[1], note="制度执行正常，继续坚持")

    def sustained_cleared(self) -> Story:
        """Review it, and clear it some weeks later."""
        yield from self.reviewed()
        yield self.later(10)
        self.act(verification.clear_sustained, self.office_lead, note="长效机制稳定，转销号")
        yield from self.looked_back()

    # --- late, with more time asked, pressed ------------------------------------------------------

    def due_of(self) -> date:
        """Return by when the issue is to be rectified."""
        due_on = self.issue().due_on
        assert due_on is not None  # these stories have a date
        return due_on

    def extension(self, *, workdays: int = 7, confirmed: bool = True, answer: str = "agree") -> Story:
        """Ask for that many working days more; ``answer`` is agree, refuse or empty for none yet."""
        yield from self.rectifying()
        yield self.later(1)
        due_on = self.calendar.add_workdays(self.due_of(), workdays)
        asker = self.head if confirmed else self.reporter
        reason = "设备采购周期较长，已下单，到货后三日内安装"
        self.act(handling.request_extension, asker, due_on=due_on, reason=reason)
        if not answer:
            return
        yield self.later(1)
        if answer == "agree":
            self.act(handling.agree_extension, self.office_lead, reason="理由充分，同意")
        else:
            self.act(handling.refuse_extension, self.office_lead, reason="不影响先行整改，请按原时限完成")

    def pressed(self, supervisor: User) -> int:
        """Issue an order on it and return its key."""
        due_on = self.calendar.add_workdays(local_date(self.clock), 3)
        requirement = "请说明超期原因，明确完成时间，三个工作日内书面回复。"
        issue = self.act(orders.supervise_issue, supervisor, requirement=requirement, due_on=due_on)
        return issue.orders.latest("pk").pk

    def order(self, key: int) -> SupervisionOrder:
        """Return the order as it stands now."""
        return SupervisionOrder.objects.unscoped("the demonstration's own").select_related("department").get(pk=key)

    def answered(self, key: int, *, signed: bool = True) -> Story:
        """Let the department answer the order, signed by its head."""
        yield self.later(1)
        reply = "因招标程序较长造成超期，现已完成采购，正在安排施工。"
        orders.reply_to_order(self.order(key), text=reply, actor=self.reporter, now=self.clock)
        if signed:
            yield self.later(minutes=45)
            orders.sign_reply(self.order(key), actor=self.head, now=self.clock)

    def overdue_pressed(self) -> Story:
        """Press a late one; of three one has answered."""
        yield from self.rectifying()
        yield self.on(self.calendar.add_workdays(self.due_of(), 2), 9 * 60)
        key = self.pressed(self.office_lead)
        if self.one.serial % 3 == 0:
            yield from self.answered(key)

    def overdue_long(self) -> Story:
        """Press one that is long overdue; answered, sent back, answered again but not yet signed."""
        yield from self.rectifying()
        yield self.on(self.calendar.add_workdays(self.due_of(), 3), 9 * 60)
        key = self.pressed(self.inspectors[0])
        if self.one.serial % 3 == 0:
            return
        yield from self.answered(key)
        yield self.later(minutes=50)
        reason = "未说明完成时间，请补充"
        orders.send_back_reply(self.order(key), reason=reason, actor=self.inspectors[0], now=self.clock)
        if self.one.serial % 3 == 1:
            yield from self.answered(key, signed=False)


def day_looked_back_on(today: date, calendar: WorkCalendar) -> date:
    """Return the latest working day whose first look-back falls on the working day ``today``, as near as it can be."""
    day = calendar.workday_on_or_before(today - timedelta(days=30))
    return day if calendar.workday_on_or_after(day + timedelta(days=30)) <= today else calendar.previous_workday(day)


def nothing(teller: Teller) -> Story:
    """Let it stay as it was written."""
    yield from ()


#: Fate -> the rest of the story.
FATES: dict[str, Callable[[Teller], Story]] = {
    "draft": nothing,
    "self_check": nothing,
    "registered": Teller.registered,
    "objected": Teller.objected,
    "withdrawn": Teller.withdrawn,
    "revoked": Teller.revoked,
    "assigned": Teller.assigned,
    "assigned_overdue": Teller.assigned,
    "planning": Teller.signed,
    "plan_handed_in": Teller.plan_handed_in,
    "immediate": Teller.signed,
    "rectifying": Teller.rectifying,
    "nearly_due": Teller.rectifying,
    "overdue": Teller.rectifying,
    "overdue_pressed": Teller.overdue_pressed,
    "overdue_long": Teller.overdue_long,
    "extension_unconfirmed": lambda teller: teller.extension(confirmed=False, answer=""),
    "extension_asked": lambda teller: teller.extension(answer=""),
    "extension_agreed": Teller.extension,
    "extension_refused": lambda teller: teller.extension(answer="refuse"),
    "failed": Teller.failed,
    "clearance_handed_in": Teller.clearance_handed_in,
    "relapsed": Teller.relapsed,
    "verifying": lambda teller: teller.waiting_for_verifiers(1),
    "verified_once": Teller.verified_once,
    "verify_late": lambda teller: teller.waiting_for_verifiers(6),
    "sustained": Teller.sustained,
    "review_due": Teller.sustained,
    "reviewed": Teller.reviewed,
    "cleared": Teller.cleared,
    "late": Teller.late,
    "extended": Teller.extended,
    "failed_once": Teller.failed_once,
    "immediate_cleared": Teller.immediate_cleared,
    "relapsed_cleared": Teller.relapsed_cleared,
    "sustained_cleared": Teller.sustained_cleared,
    "look_back_today": Teller.look_back_today,
    "look_back_missed": Teller.look_back_missed,
}
