"""Web, worker, Redis and the database's connections die at the worst moment: what was accepted stands, once.

Reliability (quality.md): killing any of them loses no accepted write and sends no alert twice. Played against the
processes of the Procfile on PostgreSQL, with a Redis of the test's own that may be killed as well.
"""

import json
import os
import shlex
import shutil
import signal
import threading
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg2
import pytest
from django.db import connection

from accounts.services.demo import DEMO_PASSWORD
from tests.components import fresh_database
from tests.config.processes import ROOT, environment, free_port, manage, running, status_of, wait_for

pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.timeout(300)]

CALLERS, EACH = 4, 12
PROCFILE = dict(line.split(": exec ", 1) for line in (ROOT / "Procfile").read_text().splitlines() if line)
QUEUE = """
from accounts.services.outbox import queue_outbox
from core import clock
for title in {titles}:
    queue_outbox([], title=title, text="", key=title, now=clock.now())
"""
STATES = """
import json
from accounts.models import OutboxMessage
rows = OutboxMessage.objects.unscoped("the test looks at all").values_list("title", "state")
print(json.dumps(dict(rows)))
"""
REGISTERED = """
import json
from complaints.models import Complaint
rows = Complaint.objects.unscoped("the test looks at all").values_list("content", "number")
print(json.dumps(list(rows)))
"""


class Robot:
    """A group robot that takes alerts, counts them by title, and holds back the answer to the one named."""

    def __init__(self):
        self.taken, self.held, self.answer = Counter(), threading.Event(), threading.Event()
        self.holds_back = ""
        robot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                title = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["title"]
                robot.taken[title] += 1
                if title == robot.holds_back:
                    robot.held.set()
                    robot.answer.wait(60)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_arguments):
                """Keep the test's output free of every request."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://127.0.0.1:{self.server.server_port}/"

    @contextmanager
    def listening(self):
        thread = threading.Thread(target=self.server.serve_forever)
        thread.start()
        try:
            yield self
        finally:
            self.answer.set()
            self.server.shutdown()
            thread.join()
            self.server.server_close()


class Services:
    """The processes by name, each to be started, and killed without warning."""

    def __init__(self, folder, env: dict[str, str], redis_port: int):
        self.folder, self.env, self.address = folder, env, f"http://127.0.0.1:{env['PORT']}"
        redis = f"{shutil.which('redis-server')} --port {redis_port} --bind 127.0.0.1 --appendonly yes --dir {folder}"
        self.commands = PROCFILE | {"redis": redis}
        self.running: dict[str, ExitStack] = {}
        self.processes = {}

    def start(self, name: str) -> None:
        stack = self.running[name] = ExitStack()
        log = self.folder / f"{name}.log"
        process = running(shlex.split(self.commands[name]), env=self.env, log=log)
        self.processes[name] = stack.enter_context(process)
        if name == "web":
            wait_for(lambda: status_of(f"{self.address}/healthz"), process=self.processes[name], log=log)

    def kill(self, name: str) -> None:
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()
        self.running.pop(name).close()

    def end(self) -> None:
        for name in list(self.running):
            self.kill(name)

    def ask(self, script: str):
        """Run ``script`` inside the platform and return what it printed, read as JSON where there is anything."""
        answer = manage("shell", "--no-imports", "--command", script, env=self.env)
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout) if answer.stdout.strip() else None

    def call(self, task: str) -> None:
        """Hand ``task`` to the worker, as beat does."""
        with running(
            shlex.split(f"celery --app config call {task}"), env=self.env, log=self.folder / "call.log"
        ) as one:
            assert one.wait(60) == 0, (self.folder / "call.log").read_text()

    def post(self, path: str, body: dict, **headers: str) -> tuple[int | None, dict]:
        """Return status and answer of a POST; ``(None, {})`` where nobody answered."""
        data, headers = json.dumps(body).encode(), {"Content-Type": "application/json"} | headers
        request = urllib.request.Request(f"{self.address}/api/v1/{path}", data=data, headers=headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, {}
        except (OSError, ValueError):
            return None, {}


@pytest.fixture(scope="module")
def robot():
    """The group robot all alerts go to."""
    with Robot().listening() as robot:
        yield robot


@pytest.fixture(scope="module")
def services(tmp_path_factory, robot):
    """The platform on a database and a Redis of its own, with people and without data; Redis and web are running."""
    if connection.vendor != "postgresql":
        pytest.skip("only on PostgreSQL: the same processes need not be killed in both runs")
    folder, redis_port = tmp_path_factory.mktemp("killed"), free_port()
    with fresh_database() as url:
        env = environment(
            folder / "data",
            DATABASE_URL=url,
            CELERY_BROKER_URL=f"redis://127.0.0.1:{redis_port}",
            ALERT_WECOM_URL=robot.url,
            PORT=str(free_port()),
            HOST="127.0.0.1",
        )
        services = Services(folder, env, redis_port)
        try:
            services.start("redis")
            with running(shlex.split("python -m config.prepare"), env=env, log=folder / "prepare.log") as prepare:
                assert prepare.wait(170) == 0, (folder / "prepare.log").read_text()
            assert manage("load_demo_accounts", env=env).returncode == 0
            services.start("web")
            yield services
        finally:
            services.end()


def test_accepted_complaints_stand_once_whatever_is_killed(services):
    status, given = services.post("auth/token/", {"username": "office", "password": DEMO_PASSWORD})
    assert status == 200
    accepted: dict[str, str] = {}

    def register(caller: int) -> None:
        for turn in range(EACH):
            content = f"第{caller}位来电人的第{turn}件事"
            body = {"regime": "hotline", "channel": "phone", "type": "help", "content": content, "anonymous": True}
            headers = {"Authorization": f"Bearer {given['token']}", "Idempotency-Key": f"{caller}-{turn}"}
            answer = wait_for(
                lambda body=body, headers=headers: registered(services.post("complaints/", body, **headers))
            )
            accepted[content] = answer["number"]

    def registered(answer: tuple[int | None, dict]) -> dict | None:
        status, row = answer
        assert status in {201, None, 500, 502, 503}, status
        return row if status == 201 else None

    def after(count: int) -> None:
        wait_for(lambda: len(accepted) >= count or any(one.done() for one in calls))

    with ThreadPoolExecutor(CALLERS) as pool:
        calls = [pool.submit(register, caller) for caller in range(CALLERS)]
        after(5)
        services.kill("web")
        services.start("web")
        after(len(accepted) + 5)
        end_database_sessions(services.env["DATABASE_URL"])
        after(len(accepted) + 5)
        services.kill("redis")
        after(len(accepted) + 5)
        services.start("redis")
        for call in calls:
            call.result()

    assert len(accepted) == CALLERS * EACH
    assert sorted(services.ask(REGISTERED)) == sorted([content, number] for content, number in accepted.items())


def end_database_sessions(url: str) -> None:
    """End every session of the database, as its restart would."""
    with psycopg2.connect(url) as session, session.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    session.close()


def test_alert_whose_worker_was_killed_while_sending_is_not_sent_again(services, robot):
    robot.holds_back = "发送中断的催办"
    services.ask(QUEUE.format(titles=["先发的催办", "发送中断的催办", "后发的催办"]))
    services.start("worker")
    services.call("accounts.tasks.deliver_outbox")
    assert robot.held.wait(60)
    services.kill("worker")
    robot.answer.set()

    services.start("worker")
    services.call("accounts.tasks.deliver_outbox")
    states = wait_for(lambda: (now := services.ask(STATES))["后发的催办"] == "sent" and now)
    assert states == {"先发的催办": "sent", "发送中断的催办": "sending", "后发的催办": "sent"}
    assert robot.taken == Counter({"先发的催办": 1, "发送中断的催办": 1, "后发的催办": 1})
