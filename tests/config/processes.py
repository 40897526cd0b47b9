"""Starting the platform's own processes in tests, and making sure that nothing of them stays."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def made_once(shared: Path, name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder ``name`` in ``shared``, filled by ``make`` in the first test process that asks for it."""
    folder, done = shared / name, shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make(folder)
            done.touch()
    return folder


def environment(data_dir: Path, **variables: str) -> dict[str, str]:
    """Return the environment of a process that knows nothing of this test run's own settings."""
    inherited = {key: value for key, value in os.environ.items() if key in {"HOME", "LANG", "LC_ALL", "TMPDIR"}}
    path = f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
    return inherited | {"PATH": path, "DATA_DIR": str(data_dir), "DEMO": "0"} | variables


def manage(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run ``manage.py`` with ``arguments`` and return what it printed and answered."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


@contextmanager
def running(command: list[str], *, env: dict[str, str], log: Path):
    """Run ``command`` in a session of its own; afterwards TERM it and wait, KILL its group if it must be."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def wait_for(condition, *, seconds: float = 40, process: subprocess.Popen | None = None, log: Path | None = None):
    """Return the first true answer of ``condition``; fail when time is up or ``process`` has ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := condition():
            return answer
        if process is not None and process.poll() is not None:
            break
        time.sleep(0.1)  # polling another process, which has no event to wait for
    raise AssertionError(log.read_text() if log else "it did not happen in time")


def answer_of(url: str, **headers: str) -> tuple[int | None, str]:
    """Return HTTP status and body of ``url``, or ``(None, "")`` while nobody answers."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return None, ""


def status_of(url: str, **headers: str) -> int | None:
    """Return only the status of ``answer_of``."""
    return answer_of(url, **headers)[0]


def text_of(url: str, **headers: str) -> str:
    """Return only the body of ``answer_of``."""
    return answer_of(url, **headers)[1]


def alive_with(mark: str) -> list[str]:
    """Return the command lines of all processes whose environment holds ``mark``."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and mark.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # it ended while we looked, or is somebody else's
    return found
