"""Forms offer only what their user may see (architecture §5)."""

import pytest
from django import forms

from core.forms import ReasonForm, ScopedForm
from departments.models import Department
from indicators.models import DailyReport

pytestmark = pytest.mark.django_db


class ReportChoice(ScopedForm):
    """Choices of both kinds: departmental rows, and units which everybody sees."""

    report = forms.ModelChoiceField(DailyReport.objects.all())
    reports = forms.ModelMultipleChoiceField(DailyReport.objects.all(), required=False)
    department = forms.ModelChoiceField(Department.objects.all(), required=False)


def test_form_wants_a_user():
    with pytest.raises(TypeError, match="user"):
        ScopedForm({})


def test_choices_are_the_users_own_rows(report, reporter, stranger, department, other_department):
    assert list(ReportChoice(user=reporter).fields["report"].queryset) == [report]
    assert list(ReportChoice(user=stranger).fields["report"].queryset) == []
    assert set(ReportChoice(user=stranger).fields["department"].queryset) == {department, other_department}


def test_rendering_shows_nothing_of_others(report, reporter, stranger):
    assert str(report) in ReportChoice(user=reporter).as_p()
    assert str(report) not in ReportChoice(user=stranger).as_p()


@pytest.mark.parametrize("field", ["report", "reports"])
def test_foreign_row_sent_anyway_is_no_choice(report, reporter, stranger, field):
    data = {"report": report.pk, "reports": [report.pk]}
    assert ReportChoice(data, user=reporter).is_valid()
    form = ReportChoice(data, user=stranger)
    assert not form.is_valid()
    assert field in form.errors


def test_two_forms_do_not_share_their_choices(report, reporter, stranger):
    mine, theirs = ReportChoice(user=reporter), ReportChoice(user=stranger)
    assert len(mine.fields["report"].queryset) == 1
    assert len(theirs.fields["report"].queryset) == 0


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({"reason": "数据口径有误"}, None),
        ({"reason": "   "}, ["请写明理由"]),
        ({}, ["请写明理由"]),
        ({"reason": "长" * 501}, ["理由最多 500 个字"]),
    ],
)
def test_reason_form_wants_words(reporter, sent, errors):
    form = ReasonForm(sent, user=reporter)
    assert form.is_valid() == (errors is None)
    if errors:
        assert form.errors["reason"] == errors
