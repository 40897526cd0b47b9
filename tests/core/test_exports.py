"""Exports: the answer itself when short, a job when long; rows fetched as the user; flat memory."""

import tracemalloc
from datetime import UTC, datetime

import pytest
from django.test import RequestFactory

import core.tasks  # noqa: F401  registers the task, as the worker does
from core.models import Job
from core.services import exports, jobs
from core.services.exports import ListExport, register_export
from core.spreadsheets.writing import ExportColumn, write_workbook
from core.views.exports import answer_export
from tests.factories import files

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


class NumbersExport(ListExport):
    """As many numbers as the filter says, each beside the name of who asks."""

    code, filename = "numbers", "数列.xlsx"
    columns = [ExportColumn("数"), ExportColumn("谁")]

    def count(self, user, parameters, now):
        return int(parameters["most"][0])

    def rows(self, user, parameters, now):
        return ([number, user.name] for number in range(self.count(user, parameters, now)))


@pytest.fixture(autouse=True)
def numbers(monkeypatch):
    monkeypatch.setattr(exports, "_exports", {})
    register_export(NumbersExport())


def ask(user, most: int):
    request = RequestFactory().get("/numbers/", {"most": most})
    request.user = user
    return answer_export(request, "numbers")


def test_short_list_is_the_answer_itself(office):
    response = ask(office, 2)
    assert files.sheet_values(response.getvalue()) == [["数", "谁"], [0, office.name], [1, office.name]]
    response.close()


def test_long_list_is_made_by_the_worker_as_the_same_user(office, monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS_AT_ONCE", 2)
    response = ask(office, 3)
    job = Job.objects.visible_to(office).get()
    assert response.url == job.get_absolute_url()
    assert (job.label, job.total) == ("导出数列", 3)
    jobs.run_job(job.pk, tell_time=lambda: NOW)
    job.refresh_from_db()
    with job.file.file.open() as file:
        assert files.sheet_values(file.read())[-1] == [2, office.name]


def test_many_rows_take_flat_memory():
    columns = [ExportColumn(f"列{number}") for number in range(3)]
    tracemalloc.start()
    write_workbook(columns, ([number, "甲" * 20, None] for number in range(30_000))).close()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * 1024 * 1024
