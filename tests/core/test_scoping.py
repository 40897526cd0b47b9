"""No departmental row is read before somebody has said for whom (architecture §5)."""

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Prefetch, Q
from django.http import Http404
from django.shortcuts import get_list_or_404, get_object_or_404
from django.test import RequestFactory
from django.views.generic import DeleteView, DetailView, ListView, UpdateView

from accounts.models import Message
from core.exceptions import ScopeRequired
from core.scoping import ScopedModel, allow_django_internals
from departments.models import Department
from indicators.models import DailyReport, Evidence, Indicator, ReportValue
from tests.core.conftest import NOON, TODAY

pytestmark = pytest.mark.django_db


class ReportForm(forms.ModelForm):
    """What nobody should write: a form whose report field offers every department's rows."""

    class Meta:
        model = ReportValue
        fields = ("report",)


def fill_in(**data) -> forms.ModelForm:
    return ReportForm(data)


READS = {
    "iterating": lambda: list(DailyReport.objects.all()),
    "truth": lambda: bool(DailyReport.objects.all()),
    "length": lambda: len(DailyReport.objects.filter(date=TODAY)),
    "repr": lambda: repr(DailyReport.objects.all()),
    "index": lambda: DailyReport.objects.all()[0],
    "slice": lambda: list(DailyReport.objects.all()[:1]),
    "membership": lambda: None in DailyReport.objects.all(),
    "get": lambda: DailyReport.objects.get(pk=1),
    "first": DailyReport.objects.first,
    "last": DailyReport.objects.last,
    "earliest": lambda: DailyReport.objects.earliest("date"),
    "latest": lambda: DailyReport.objects.latest("date"),
    "count": DailyReport.objects.count,
    "exists": lambda: DailyReport.objects.filter(pk=1).exists(),
    "contains": lambda: DailyReport.objects.contains(DailyReport(pk=1)),
    "aggregate": lambda: DailyReport.objects.aggregate(Count("pk")),
    "annotated": lambda: list(DailyReport.objects.annotate(many=Count("values"))),
    "values": lambda: list(DailyReport.objects.values("pk")),
    "values_list": lambda: list(DailyReport.objects.values_list("pk", flat=True)),
    "dates": lambda: list(DailyReport.objects.dates("date", "day")),
    "datetimes": lambda: list(DailyReport.objects.datetimes("saved_at", "day")),
    "iterator": lambda: list(DailyReport.objects.iterator()),
    "raw": lambda: list(DailyReport.objects.raw("SELECT * FROM indicators_dailyreport")),
    "in_bulk": lambda: DailyReport.objects.in_bulk([1]),
    "or after none": lambda: DailyReport.objects.none() | DailyReport.objects.all(),
    "update": lambda: DailyReport.objects.update(progress="x"),
    "delete": lambda: DailyReport.objects.all().delete(),
    "get_or_create": lambda: DailyReport.objects.get_or_create(date=TODAY),
    "update_or_create": lambda: DailyReport.objects.update_or_create(date=TODAY, defaults={"progress": "x"}),
    "select_for_update": lambda: list(DailyReport.objects.select_for_update()),
    "exclude": lambda: list(DailyReport.objects.exclude(pk=1)),
    "union": lambda: DailyReport.objects.all().union(DailyReport.objects.all()),
    "intersection": lambda: list(DailyReport.objects.all().intersection(DailyReport.objects.all())),
    "difference": lambda: list(DailyReport.objects.all().difference(DailyReport.objects.all())),
    "get_object_or_404": lambda: get_object_or_404(DailyReport, pk=1),
    "get_list_or_404": lambda: get_list_or_404(DailyReport),
    "form field rendered": lambda: str(ReportForm()["report"]),
    "form field submitted": lambda: fill_in(report=1).is_valid(),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_read_without_scope_raises(report, read):
    with pytest.raises(ScopeRequired, match="visible_to"):
        read()


VIEWS = {"detail": DetailView, "list": ListView, "delete": DeleteView, "update": UpdateView}


@pytest.mark.parametrize("base", VIEWS.values(), ids=VIEWS)
def test_generic_view_of_a_scoped_model_raises(report, base):
    view = type("Careless", (base,), {"model": DailyReport, "fields": ("progress",), "success_url": "/"})
    with pytest.raises(ScopeRequired):
        list(view.as_view(template_name="x")(RequestFactory().get("/"), pk=report.pk).context_data["object_list"])


def test_relation_from_an_open_row_raises(report, department):
    for read in (department.daily_reports.all, department.daily_reports.count, report.indicator.daily_reports.first):
        with pytest.raises(ScopeRequired):
            list(read())


def test_prefetch_from_open_rows_raises_unless_it_brings_a_scope(report, reporter, stranger):
    with pytest.raises(ScopeRequired):
        list(Department.objects.prefetch_related("daily_reports"))
    for person, seen in ((reporter, [report]), (stranger, [])):
        mine = Prefetch("daily_reports", DailyReport.objects.visible_to(person), to_attr="seen")
        assert Department.objects.prefetch_related(mine).get(code="zjj").seen == seen


def test_relation_into_a_subquery_of_filters_needs_no_scope(report):
    """Naming rows in a condition shows nobody their content; what is shown is the open table."""
    assert Indicator.objects.filter(daily_reports__date=TODAY).count() == 1


@pytest.mark.parametrize("combine", ["__or__", "__and__", "__xor__", "union"])
def test_combination_with_unscoped_rows_raises(report, reporter, combine):
    mine = DailyReport.objects.visible_to(reporter)
    if combine == "__and__":  # an intersection cannot hold more than the scoped side
        assert list(mine & DailyReport.objects.all()) == [report]
        return
    with pytest.raises(ScopeRequired):
        list(getattr(mine, combine)(DailyReport.objects.all()))
    with pytest.raises(ScopeRequired):
        list(getattr(DailyReport.objects.all(), combine)(mine))


def test_combination_of_scoped_rows_works(report, reporter):
    mine = DailyReport.objects.visible_to(reporter)
    assert list(mine | mine) == [report]
    plain = mine.order_by()
    assert list(plain.union(plain)) == [report]


def test_scope_survives_every_further_step(report, reporter):
    rows = DailyReport.objects.visible_to(reporter)
    narrowed = rows.filter(date=TODAY).exclude(progress="x").order_by("-date").select_related("indicator")
    assert list(narrowed) == list(narrowed.all()) == [report]
    assert narrowed.values_list("pk", flat=True).get() == report.pk
    assert narrowed.reverse().distinct().defer("progress").count() == 1
    assert rows.in_bulk([report.pk]) == {report.pk: report}
    assert list(rows.iterator(chunk_size=10)) == [report]
    assert get_object_or_404(rows, pk=report.pk) == report


def test_visible_to_somebody_else_is_empty(report, stranger, auditor):
    for person in (stranger, auditor, AnonymousUser()):
        assert not DailyReport.objects.visible_to(person)
        with pytest.raises(Http404):
            get_object_or_404(DailyReport.objects.visible_to(person), pk=report.pk)


def test_unscoped_reads_everything_but_wants_a_reason(report):
    assert DailyReport.objects.unscoped("a test reads all").get() == report
    with pytest.raises(ValueError, match="say why"):
        DailyReport.objects.unscoped("")


def test_rows_below_a_scoped_row_are_free(report, indicator, reporter):
    ReportValue.objects.create(report=report, indicator=indicator, text="6", as_of=TODAY)
    row = DailyReport.objects.visible_to(reporter).prefetch_related("values").get()
    assert [value.text for value in row.values.all()] == ["6"]
    assert report.values.count() == 1
    assert report.values.filter(text="6").exists()
    assert report.evidence.count() == 0


def test_creating_and_saving_need_no_scope(indicator, department, report_on):
    report = report_on(progress="已受理")
    report.full_clean(exclude={field.name for field in DailyReport._meta.fields if field.name.endswith("_by")})
    report.progress = "已办结"
    report.save(update_fields=["progress"])
    report.refresh_from_db()
    assert report.progress == "已办结"
    values = [ReportValue(report=report, indicator=indicator, text=str(n), as_of=TODAY) for n in range(1)]
    assert len(ReportValue.objects.bulk_create(values)) == 1


def test_uniqueness_check_sees_rows_of_others(report, report_on):
    twin = DailyReport(indicator=report.indicator, date=report.date, department=report.department)
    with pytest.raises(forms.ValidationError):
        twin.validate_constraints()


def test_cascade_reaches_rows_below(report, indicator):
    ReportValue.objects.create(report=report, indicator=indicator, text="6", as_of=TODAY)
    report.delete()
    assert not ReportValue.objects.unscoped("what a cascade left").exists()


def test_cascade_from_an_open_row_reaches_scoped_rows(reporter):
    Message.objects.create(user=reporter, kind="k", title="t", key="k", created_at=NOON)
    reporter.delete()
    assert not Message.objects.unscoped("what a cascade left").exists()


def test_none_can_be_read(report):
    assert not DailyReport.objects.none()
    assert DailyReport.objects.none().count() == 0
    assert not DailyReport.objects.none().filter(date=TODAY).exists()


def test_internal_permission_ends_with_its_block(report):
    with allow_django_internals():
        assert DailyReport.objects.count() == 1
    with pytest.raises(ScopeRequired):
        DailyReport.objects.count()


def test_model_must_say_who_sees_it(reporter):
    with pytest.raises(NotImplementedError, match="ScopedModel must say who sees its rows"):
        ScopedModel.visible_q(reporter)


def test_assisting_department_multiplies_no_rows(report, indicator, other_department, stranger):
    for role, until in (("assist", TODAY), ("assist", None)):
        indicator.assignments.create(department=other_department, role=role, valid_from=TODAY, valid_to=until)
    assert list(DailyReport.objects.visible_to(stranger)) == [report]


def test_department_that_no_longer_answers_no_longer_sees(report, indicator, reporter, office):
    indicator.assignments.update(valid_to=TODAY)
    assert not DailyReport.objects.visible_to(reporter)
    assert DailyReport.objects.visible_to(office).get() == report


def test_person_without_department_sees_no_departmental_row(report, reporter):
    reporter.department = None
    assert not DailyReport.objects.visible_to(reporter)
    assert not Evidence.objects.visible_to(reporter)


def test_deputy_sees_what_the_absent_person_sees(report, reporter, stranger):
    stranger.acting_for = reporter
    assert list(DailyReport.objects.visible_to(stranger)) == [report]


def test_condition_alone_is_no_read(report):
    """Building a queryset is free: only reading it asks for a scope."""
    rows = DailyReport.objects.filter(Q(date=TODAY) | Q(no_change=True)).order_by("pk")
    assert rows.query.where
