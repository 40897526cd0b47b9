"""bin/run: one foreground tree that comes up whole and leaves nothing behind."""

import signal
import sys
from pathlib import Path

import pytest

from tests.config.processes import ROOT, alive_with, environment, free_port, running, status_of, text_of, wait_for


@pytest.fixture
def run(tmp_path):
    """The environment of an embedded run in a folder with a space in its name, and where it will answer."""
    port = free_port()
    env = environment(tmp_path / "my data", PORT=str(port), DEMO="0")
    return env, f"http://127.0.0.1:{port}", tmp_path / "log"


PLAIN = [str(ROOT / "bin" / "run")]
#: What `bin/run &` in a script comes down to: the shell has it ignore INT.
BACKGROUND = ["sh", "-c", 'trap "" INT; exec "$0"', *PLAIN]


def test_run_in_an_empty_folder_serves_until_it_is_told_to_stop_and_leaves_nothing(run):
    serve_until_stopped(run, PLAIN, signal.SIGTERM, 143)


@pytest.mark.parametrize("command", [PLAIN, BACKGROUND], ids=["in front", "in the background"])
def test_run_started_again_serves_until_it_is_interrupted_and_leaves_nothing(run, migrated_folder, command):
    env, address, log = run
    serve_until_stopped((env | {"DATA_DIR": str(migrated_folder)}, address, log), command, signal.SIGINT, 130)


def serve_until_stopped(run, command, sent, status):
    env, address, log = run
    with running(command, env=env, log=log) as process:
        wait_for(lambda: status_of(f"{address}/readyz") == 200, seconds=120, process=process, log=log)
        wait_for(lambda: "计划任务正常" in text_of(f"{address}/readyz"), seconds=60, process=process, log=log)
        wait_for(lambda: len(alive_with(env["DATA_DIR"])) >= 5, process=process, log=log)
        process.send_signal(sent)
        assert process.wait(30) == status
        assert alive_with(env["DATA_DIR"]) == []
    assert f"is ready: {address}/" in log.read_text()
    assert {path.name for path in Path(env["DATA_DIR"]).iterdir()} >= {
        "db.sqlite3",
        "secret.key",
        "field.key",
        "broker",
    }


def test_run_stopped_while_it_prepares_leaves_nothing(run):
    env, _address, log = run
    with running(PLAIN, env=env, log=log) as process:
        wait_for(
            lambda: any("config.prepare" in line for line in alive_with(env["DATA_DIR"])), process=process, log=log
        )
        process.terminate()
        assert process.wait(30) == 143
        wait_for(lambda: alive_with(env["DATA_DIR"]) == [])


def test_run_taken_port_is_named(run):
    env, address, log = run
    listener = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", env["PORT"]]
    with running(listener, env=env, log=log) as other:
        wait_for(lambda: status_of(address) is not None, process=other, log=log)
        with running(PLAIN, env=env, log=log.with_name("second")) as process:
            assert process.wait(60) == 1
        assert "PORT=8001 bin/run" in log.with_name("second").read_text()
