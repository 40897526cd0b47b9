"""No log keeps what stands behind the question mark: phones are typed into the search of the worklist."""

import re
import sys

from tests.config.processes import ROOT, environment, free_port, running, status_of, wait_for

PHONE = "13812345678"


def test_access_log_of_gunicorn_has_the_path_and_not_the_query(tmp_path):
    port, log = free_port(), tmp_path / "log"
    env = environment(tmp_path / "data", PORT=str(port))
    # The configuration of Procfile, Dockerfile and docker-compose.yml, the log asked for, before any application.
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "--access-logfile", "-"]
    with running([*command, "wsgiref.simple_server:demo_app"], env=env, log=log) as process:
        address = f"http://127.0.0.1:{port}/complaints/?search={PHONE}"
        wait_for(lambda: status_of(address) == 200, process=process, log=log)
        wait_for(lambda: "GET /complaints/ HTTP/1.1" in log.read_text(), process=process, log=log)
    assert PHONE not in log.read_text()


def test_every_start_uses_that_configuration_and_asks_for_no_other_log():
    for name in ("Procfile", "Dockerfile", "docker-compose.yml"):
        text = (ROOT / name).read_text()
        assert "config/gunicorn.py" in text, name
        assert "access-log" not in text, name


def test_log_of_nginx_in_the_manual_has_no_query_either():
    manual = (ROOT / "docs" / "deployment.md").read_text()
    form = re.search(r"log_format without_query '(.*)';", manual)
    assert form
    assert not re.search(r"\$(request\b|request_uri|args|query_string|http_referer)", form[1])
    assert re.search(r"access_log \S+ without_query;", manual)
