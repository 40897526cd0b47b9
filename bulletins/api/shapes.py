"""Bodies and answers of ``bulletins/`` (api.md)."""

from rest_framework import serializers

from bulletins.models import Bulletin


class BulletinDraftInput(serializers.Serializer):
    """``{kind, period}`` or ``{kind, from, to}``."""

    kind = serializers.ChoiceField(Bulletin.Kind.choices, error_messages={"required": "请写明种类"})
    period = serializers.CharField(required=False, allow_blank=True, max_length=30)
    to = serializers.CharField(required=False, allow_blank=True, max_length=10)

    def get_fields(self):
        # ``from`` is a word of the language.
        return super().get_fields() | {"from": serializers.CharField(required=False, allow_blank=True, max_length=10)}


class SectionInput(serializers.Serializer):
    """New words of one section."""

    key = serializers.CharField(max_length=20)
    text = serializers.CharField(max_length=20_000, allow_blank=True, trim_whitespace=False)


class EditInput(serializers.Serializer):
    """``{sections: [{key, text}], title?, opening?}``."""

    sections = SectionInput(many=True, required=False)
    title = serializers.CharField(required=False, max_length=200)
    opening = serializers.CharField(required=False, allow_blank=True, max_length=1_000)


class GroupsInput(serializers.Serializer):
    """``{groups}``: whose newer values are taken, or declined."""

    groups = serializers.ListField(child=serializers.CharField(max_length=80), min_length=1, max_length=200)


class LeaveOutInput(serializers.Serializer):
    """``{item_number, reason}``: an overdue item not to be named."""

    item_number = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=500, error_messages={"required": "请写明理由", "blank": "请写明理由"})


class BindingOutput(serializers.Serializer):
    """A bound number, as printed and as it would be today.

    ``stale``: it would be another and nobody has decided; ``kept``: somebody chose the printed value (保留原值).
    """

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.CharField(allow_null=True)
    text = serializers.CharField()
    current = serializers.CharField(allow_null=True)
    current_text = serializers.CharField()
    stale = serializers.BooleanField()
    kept = serializers.BooleanField()
    group = serializers.CharField()
    url = serializers.CharField()


class SectionOutput(serializers.Serializer):
    """One section."""

    key = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    rendered = serializers.CharField()
    edited = serializers.BooleanField()
    version = serializers.IntegerField()
    bindings = BindingOutput(many=True)


class BulletinFileOutput(serializers.Serializer):
    """A frozen file; ``document/?format=`` gives its bytes."""

    format = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()


class ReceiptOutput(serializers.Serializer):
    """That a department has received the paper."""

    department = serializers.CharField()
    department_label = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()


class BulletinListOutput(serializers.Serializer):
    """One row of the list."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    kind = serializers.ChoiceField(Bulletin.Kind.choices)
    kind_label = serializers.CharField()
    period = serializers.CharField()
    to = serializers.DateField()
    cut_off = serializers.DateTimeField()
    title = serializers.CharField()
    status = serializers.ChoiceField(Bulletin.Status.choices)
    status_label = serializers.CharField()
    version = serializers.IntegerField()
    actions = serializers.ListField(child=serializers.CharField())
    document_number = serializers.CharField(allow_null=True)
    issue_number = serializers.CharField(allow_null=True)
    issued_on = serializers.DateField(allow_null=True)
    issued_at = serializers.DateTimeField(allow_null=True)
    drafted_at = serializers.DateTimeField()
    signed_by = serializers.CharField(allow_null=True)
    send_back_reason = serializers.CharField()
    corrects = serializers.CharField(allow_null=True)
    correction_reason = serializers.CharField()
    corrected_by = serializers.CharField(allow_null=True)
    void_reason = serializers.CharField()
    acknowledged = serializers.BooleanField()
    snapshot_sha256 = serializers.CharField()
    sha256 = serializers.CharField(allow_null=True)
    files = BulletinFileOutput(many=True)

    def get_fields(self):
        # ``from`` is a word of the language.
        return super().get_fields() | {"from": serializers.DateField()}


class BulletinOutput(BulletinListOutput):
    """One paper whole."""

    opening = serializers.CharField()
    issuer = serializers.CharField()
    addressee = serializers.CharField()
    copies_to = serializers.CharField()
    sections = SectionOutput(many=True)
    receipts = ReceiptOutput(many=True)
    missing_receipts = serializers.ListField(child=serializers.CharField())
