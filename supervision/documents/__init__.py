"""The printed forms as .docx (domain §7, Forms): 交办单, 督办单 or 商请函, 整改通知书, 销号申请表.

Printing reads: it gives no number, and the same form printed again has the same one. Who printed is audited
(ui.md §12). A form that was not earned yet is refused with 409.
"""

from supervision.documents.printing import FORM_KINDS, inspection_notice, issue_form, order_document

__all__ = ["FORM_KINDS", "inspection_notice", "issue_form", "order_document"]
