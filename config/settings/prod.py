"""Production: no default for any secret, secure cookies, HSTS, no demo accounts."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *
from config.settings.base import env


def required(name: str, what: str) -> str:
    """Return the environment variable ``name``; ImproperlyConfigured says what is missing and where to set it."""
    value = env(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set: {what}. Set it in the environment of web, worker and beat "
            f"(docker compose: the file .env beside docker-compose.yml; see .env.example)."
        )
    return value


SECRET_KEY = required("SECRET_KEY", "a long random text that signs sessions")
ALLOWED_HOSTS = required("ALLOWED_HOSTS", "host names the site answers to, separated by commas").split(",")
required("DATABASE_URL", "the PostgreSQL database, e.g. postgres://user:password@host:5432/name")
required("CELERY_BROKER_URL", "the Redis broker, e.g. redis://host:6379/0")
DEMO = False
REFUSE_DEMO_ACCOUNTS = True  # config.demo_guard: they have a published password

TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=["127.0.0.1", "::1"])
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # asked for from inside, without TLS
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
