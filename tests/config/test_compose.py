"""docker-compose.yml: read as docker would, and each service's own command run against local servers."""

import re
import shlex
from contextlib import ExitStack

import pytest
import yaml

from tests.config.processes import ROOT, environment, free_port, manage, running, status_of, text_of, wait_for

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("prepare", "web", "worker", "beat")
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<text>[^}]*))?\}")
DOT_ENV = {"SECRET_KEY": "k" * 60, "ALLOWED_HOSTS": "localhost,127.0.0.1", "POSTGRES_PASSWORD": "of-this-test"}


def substituted(text: str) -> str:
    """Return ``text`` with ``${NAME:-default}`` and ``${NAME:?message}`` filled in as compose does."""

    def value(match: re.Match[str]) -> str:
        name, kind, default = match["name"], match["kind"], match["text"]
        if kind == "?":
            return DOT_ENV[name]  # a KeyError is a required variable that .env.example forgot
        return DOT_ENV.get(name, default or "")

    return VARIABLE.sub(value, text)


def test_compose_has_the_five_services_and_their_volumes():
    assert set(SERVICES) == {*OURS, "postgres", "redis"}
    assert set(COMPOSE["volumes"]) == {"data", "postgres", "redis"}


def test_compose_secrets_come_from_the_environment_and_are_required():
    text = (ROOT / "docker-compose.yml").read_text()
    required = {match["name"] for match in VARIABLE.finditer(text) if match["kind"] == "?"}
    assert required == set(DOT_ENV)
    example = (ROOT / ".env.example").read_text()
    assert all(re.search(rf"^{name}=", example, re.MULTILINE) for name in required)
    assert not re.search(r"^(SECRET_KEY|POSTGRES_PASSWORD)=.", example, re.MULTILINE)


def test_compose_everything_waits_for_what_it_needs():
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["prepare"]["condition"] == "service_completed_successfully"
    for name in ("postgres", "redis"):
        assert SERVICES["prepare"]["depends_on"][name]["condition"] == "service_healthy"
        assert SERVICES[name]["healthcheck"]["test"]


def test_dockerfile_runs_as_somebody_without_rights():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "USER platform" in lines
    assert lines.index("USER platform") < next(i for i, line in enumerate(lines) if line.startswith("CMD"))


def service(name: str, tmp_path, **local: str) -> tuple[list[str], dict[str, str]]:
    """Return the command and environment of a service, its servers replaced by the local ones."""
    given = {key: substituted(str(value)) for key, value in SERVICES[name]["environment"].items()}
    env = environment(tmp_path / "data") | given | {"DATA_DIR": str(tmp_path / "data")} | local
    return shlex.split(SERVICES[name]["command"]), env


@pytest.mark.postgres
@pytest.mark.redis
def test_compose_commands_run_against_postgresql_and_redis(tmp_path, postgres_url, redis_url):
    port = str(free_port())
    local = {
        "DATABASE_URL": postgres_url,
        "CELERY_BROKER_URL": redis_url,
        "CACHE_URL": redis_url,
        "PORT": port,
        "HOST": "127.0.0.1",
    }
    command, env = service("prepare", tmp_path, **local)
    log = tmp_path / "prepare.log"
    with running(command, env=env, log=log) as prepare:
        assert prepare.wait(120) == 0, log.read_text()

    address = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        for name in ("web", "worker", "beat"):
            command, env = service(name, tmp_path, **local)
            log = tmp_path / f"{name}.log"
            process = stack.enter_context(running(command, env=env, log=log))
            if name == "web":
                wait_for(lambda: status_of(f"{address}/healthz") == 200, process=process, log=log)
        wait_for(lambda: "计划任务正常" in text_of(f"{address}/readyz"), seconds=60, process=process, log=log)
        assert status_of(f"{address}/readyz") == 200
        assert "postgresql" in text_of(f"{address}/readyz")
        page = text_of(f"{address}/login/", **{"X-Forwarded-Proto": "https"})
        style = re.search(r'href="(/static/[^"]+\.css)"', page)
        assert style, page
        assert status_of(address + style[1], **{"X-Forwarded-Proto": "https"}) == 200
    assert status_of(f"{address}/healthz") is None


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_compose_service_refuses_to_start_with_demo_accounts(tmp_path, migrated_postgres_url, redis_url, name):
    local = {
        "DATABASE_URL": migrated_postgres_url,
        "CELERY_BROKER_URL": redis_url,
        "PORT": str(free_port()),
        "HOST": "127.0.0.1",
    }
    command, env = service(name, tmp_path, **local)
    planted = "from accounts.models import User; User.objects.create(username='office', name='演示', is_demo=True)"
    assert manage("shell", "--no-imports", "--command", planted, env=env).returncode == 0
    log = tmp_path / "log"
    with running(command, env=env, log=log) as process:
        assert process.wait(60) != 0
    assert "manage.py remove_demo" in log.read_text()


def test_production_missing_variable_is_named_with_the_place_to_set_it(tmp_path):
    env = environment(tmp_path, DJANGO_SETTINGS_MODULE="config.settings.prod", SECRET_KEY="k" * 60)
    result = manage("check", env=env)
    assert result.returncode != 0
    assert "ALLOWED_HOSTS is not set" in result.stderr
    assert ".env.example" in result.stderr
