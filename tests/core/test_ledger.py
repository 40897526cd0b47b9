"""Scheduled work runs once, however often and late it is started (architecture §12.8)."""

import threading

import pytest
from django.db import connections, transaction

from core.ledger import claim_run, runs_done
from core.models import RunLedger
from tests.core.conftest import NOON

pytestmark = pytest.mark.django_db


def test_first_claim_wins_and_every_later_one_is_told():
    assert claim_run("daily_lock", "2026-11-24", now=NOON, detail={"reports": 28})
    assert not claim_run("daily_lock", "2026-11-24", now=NOON)
    row = RunLedger.objects.get()
    assert (row.at, row.detail) == (NOON, {"reports": 28})


def test_kinds_and_keys_are_apart():
    assert claim_run("daily_lock", "2026-11-24", now=NOON)
    assert claim_run("daily_lock", "2026-11-25", now=NOON)
    assert claim_run("daily_remind", "2026-11-24", now=NOON)


def test_claim_of_a_failed_act_is_rolled_back_with_it():
    @transaction.atomic
    def failing_act():
        assert claim_run("daily_lock", "2026-11-24", now=NOON)
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError):
        failing_act()
    assert claim_run("daily_lock", "2026-11-24", now=NOON)


def test_runs_done_names_what_is_left_to_catch_up(django_assert_num_queries):
    for key in ("2026-11-23", "2026-11-24"):
        claim_run("daily_lock", key, now=NOON)
    with django_assert_num_queries(1):
        assert runs_done("daily_lock", ["2026-11-24", "2026-11-25"]) == {"2026-11-24"}
    assert runs_done("daily_remind", ["2026-11-24"]) == set()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_run_it_once(on_postgresql):
    start, verdicts = threading.Barrier(6), []

    def run():
        try:
            start.wait(timeout=10)
            with transaction.atomic():
                verdicts.append(claim_run("daily_lock", "2026-11-24", now=NOON))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(verdicts) == [False] * 5 + [True]
