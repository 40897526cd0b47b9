"""The rush at 17:25 (quality.md): departments save and submit at the same time, on SQLite, and nothing may be lost.

The product runs as in ``bin/run``, in a folder that is thrown away. Eight callers share the first-level indicators;
each saves a draft several times and then submits it. Afterwards every report must hold what was answered last.
"""

import json
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from core.dates import SHANGHAI
from tests.e2e.site import DEMO_PASSWORD, prepare_site, served_site

CALLERS, WRITES = 8, 200


@dataclass
class Rush:
    """What happened: the answers' states, their times, and what each indicator should hold now."""

    url: str
    tokens: dict[str, str] = field(default_factory=dict)
    states: Counter = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    expected: dict[str, str] = field(default_factory=dict)
    saves: int = 7

    def call(self, method: str, path: str, body: dict | None = None, *, who: str = "") -> tuple[int, Any]:
        """Return state and body of the answer."""
        headers = {"Content-Type": "application/json"}
        if who:
            headers["Authorization"] = f"Bearer {self.tokens[who]}"
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def log_in(self, who: str) -> None:
        """Get a token for ``who``."""
        _, answer = self.call("POST", "auth/token/", {"username": who, "password": DEMO_PASSWORD})
        self.tokens[who] = answer["token"]

    def write(self, method: str, path: str, body: dict, *, who: str) -> Any:
        """Do one write, count its answer and keep its time."""
        start = time.perf_counter()
        state, answer = self.call(method, path, body, who=who)
        self.times.append(time.perf_counter() - start)
        self.states[state] += 1
        return answer

    def report(self, place: tuple[str, str, str]) -> None:
        """Save the report of ``(code, who, day)`` several times, then submit it."""
        code, who, day = place
        answer: Any = {}
        for number in range(self.saves):
            text = f"{code} 第 {number + 1} 次保存"
            answer = self.write(
                "POST", "daily-reports/", {"indicator": code, "date": day, "progress": text, "values": []}, who=who
            )
            self.expected[code] = text
        self.write("POST", f"daily-reports/{answer.get('id')}/submit/", {}, who=who)


def rush() -> None:
    """Play the rush and print what became of it; exit status 1 when a write failed or was lost."""
    with tempfile.TemporaryDirectory(prefix="platform-rush-") as folder:
        prepare_site(Path(folder))
        with served_site(Path(folder)) as url:
            play(Rush(url))


def play(run: Rush) -> None:
    """Let the callers save and submit what is still to report, and print what became of it."""
    run.log_in("office")
    day = report_day(run)
    done = run.call("GET", f"daily-reports/?date={day}&page_size=200", who="office")[1]["results"]
    free = {row["code"]: f"{row['lead']}_reporter" for row in first_level(run)}
    for row in done:
        free.pop(row["indicator"], None)
    for who in sorted(set(free.values())):
        run.log_in(who)
    places = [(code, who, day) for code, who in free.items()]
    # On a day on which most have reported already the others save the more often.
    run.saves = max(run.saves, WRITES // len(places))
    start = time.perf_counter()
    with ThreadPoolExecutor(CALLERS) as callers:
        list(callers.map(run.report, places))
    seconds = time.perf_counter() - start
    stored = run.call("GET", f"daily-reports/?date={day}&page_size=200", who="office")[1]["results"]
    lost = {
        row["indicator"] for row in stored if run.expected.get(row["indicator"], row["progress"]) != row["progress"]
    }
    tell(run, seconds, lost)


def report_day(run: Rush) -> str:
    """Return the latest working day, which the departments report on."""
    today = datetime.now(SHANGHAI).date()
    days = run.call("GET", f"calendar/?year={today.year}", who="office")[1]["days"]
    return max(day["date"] for day in days if day["kind"] == "work" and day["date"] <= today.isoformat())


def first_level(run: Rush) -> list[dict]:
    """Return the first-level indicators."""
    return run.call("GET", "indicators/?level=1&page_size=200", who="office")[1]["results"]


def tell(run: Rush, seconds: float, lost: set[str]) -> None:
    """Print the result."""
    failed = sum(count for state, count in run.states.items() if state >= 400)
    slowest = sorted(run.times)[int(len(run.times) * 0.95)]
    sys.stdout.write(
        f"{len(run.times)} writes by {CALLERS} callers in {seconds:.1f} s, p95 {slowest * 1000:.0f} ms, "
        f"answers {dict(run.states)}, lost {len(lost)}\n"
    )
    if failed or lost:
        sys.exit(1)
