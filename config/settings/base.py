"""Everything the platform is configured by; the sibling modules only override.

Values come from the environment. ``DATABASE_URL`` chooses the database (SQLite when absent),
``CELERY_BROKER_URL`` the broker (a folder on disk when absent), ``DATA_DIR`` the one folder
that holds everything written at run time.
"""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import environ
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key

from config.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "data"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)


def key_from_file(name: str, make: Callable[[], str]) -> str:
    """Return the key kept in ``DATA_DIR/name`` (mode 600), making it with ``make()`` at first use."""
    path = DATA_DIR / name
    if not path.exists():
        path.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
        path.write_text(make())
    return path.read_text().strip()


DEBUG = False
# Encrypts what must stay unreadable in a stolen database; backed up apart from it (docs/deployment.md).
FIELD_KEY_FILE = DATA_DIR / "field.key"
FIELD_KEY = key_from_file(FIELD_KEY_FILE.name, lambda: Fernet.generate_key().decode())
SECRET_KEY = env("SECRET_KEY", default="") or key_from_file("secret.key", get_random_secret_key)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DEMO = env.bool("DEMO", default=False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "core",
    "departments",
    "accounts",
    "indicators",
    "supervision",
    "complaints",
    "bulletins",
    "overview",
]

MIDDLEWARE = [
    "config.proxy.RealAddressMiddleware",
    "core.middleware.RequestFactsMiddleware",
    "core.middleware.AddressMiddleware",
    "core.middleware.KeptAnswersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionLimitsMiddleware",
    "accounts.middleware.ActingUserMiddleware",
    "accounts.middleware.LogInRequiredMiddleware",
    "accounts.middleware.PasswordChangeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.DomainErrorMiddleware",
    "accounts.middleware.PasswordConfirmationMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "overview.context_processors.frame",
            ],
            "builtins": ["core.templatetags.ui"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
        },
    }
]

FORM_RENDERER = "core.forms.renderer.FormRenderer"

# --- Database -------------------------------------------------------------------------------
_sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "db.sqlite3")}
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db("DATABASE_URL") if env("DATABASE_URL", default="") else _sqlite
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA busy_timeout=20000;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Compiling a query costs a quarter of a second, which no query here is long enough to earn back.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits and short-lived counts. Redis shares them between processes; without one they live in
# the memory of the single web process that bin/run starts.
_broker = env("CELERY_BROKER_URL", default="filesystem://")
CACHE_URL = env("CACHE_URL", default=_broker if _broker.startswith(("redis://", "rediss://")) else "")
CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {
            "BACKEND": "core.cache.ForgivingRedisCache",
            "LOCATION": CACHE_URL,
            "KEY_PREFIX": "xiping",
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
        if CACHE_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "xiping"}
    )
}

# --- Accounts -------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "overview:home"
LOGOUT_REDIRECT_URL = "accounts:login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LengthValidator", "OPTIONS": {"minimum": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.CharacterClassesValidator"},
    {"NAME": "accounts.passwords.NotTheNameValidator"},
    {"NAME": "accounts.passwords.PasswordHistoryValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours: a quarter of an hour
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # a quarter of an hour, however impatient somebody is
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_DISABLE_ACCESS_LOG = True  # log-ins stand in the audit log
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_IDLE_MINUTES = 30
SESSION_ABSOLUTE_HOURS = 12

# --- Language, time -------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- Files ----------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Browser security -----------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "core.views.errors.csrf_failure"
# No 'unsafe-inline' and no nonce anywhere, style attributes included. ECharts keeps to it: its SVG
# renderer writes styles through the DOM, which a policy does not look at. Only its HTML tooltips are
# markup with style attributes, so charts use tooltip.renderMode "richText"; htmx runs with
# includeIndicatorStyles and allowEval off.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- REST -----------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.BearerTokenAuthentication",
        "accounts.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.ContractSchema",
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.CursorPages",
    "DEFAULT_THROTTLE_CLASSES": ["core.api.throttling.SignedInThrottle"],
    "DEFAULT_THROTTLE_RATES": {"signed_in": "6000/min"},
    "EXCEPTION_HANDLER": "core.api.errors.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "西平县营商环境指标调度平台",
    "VERSION": "1.0.0",
    "DESCRIPTION": "指标、日调度、投诉、问题台账与通报的数据接口。",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Fields of the same name with other choices get a name that does not change with the next field.
    "ENUM_NAME_OVERRIDES": {
        "ExtensionAnswer": "core.extensions.ExtensionAnswer",
        "CalendarDayKind": "core.models.CalendarDay.Kind",
        "CalendarDaySource": "core.models.CalendarDay.Source",
        "ComplaintStatus": "complaints.models.Complaint.Status",
        "DailyReportStatus": "indicators.models.DailyReport.Status",
        "DepartmentKind": "departments.models.Department.Kind",
        "EvidenceKind": "indicators.models.Evidence.Kind",
        "EvidenceStatus": "indicators.models.Evidence.Status",
        "ImportStatus": "core.models.ImportBatch.Status",
        "IssueStatus": "supervision.models.Issue.Status",
        "IssueSource": "supervision.models.Issue.Source",
        "ClearanceResult": "supervision.models.ClearanceRequest.Result",
        "CallBackResult": "complaints.models.CallBack.Result",
        "InspectionKind": "supervision.models.Inspection.Kind",
        "InspectionStatus": "supervision.rules.inspections.Standing",
        "SupervisionOrderStatus": "supervision.models.SupervisionOrder.Status",
        "AccountabilityRecordKind": "supervision.models.AccountabilityRecord.Kind",
        "BulletinKind": "bulletins.models.Bulletin.Kind",
        "BulletinStatus": "bulletins.models.Bulletin.Status",
        "OrderInstrument": "supervision.api.orders.INSTRUMENTS",
        "DepartmentInstrument": "departments.models.Department.Instrument",
    },
}

# --- Kept answers ---------------------------------------------------------------------------
#: How long an answer may serve while nothing is written (core.kept); 0 asks anew in each request.
ANSWERS_KEPT_SECONDS = 10

# --- Celery ---------------------------------------------------------------------------------
CELERY_BROKER_URL = _broker
if CELERY_BROKER_URL.startswith("filesystem"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(DATA_DIR / "broker" / "messages"),
        "data_folder_out": str(DATA_DIR / "broker" / "messages"),
        "processed_folder": str(DATA_DIR / "broker" / "processed"),
        "control_folder": str(DATA_DIR / "broker" / "control"),
        "store_processed": False,
        "polling_interval": 1,
    }
    for _folder in ("messages", "processed", "control"):
        (DATA_DIR / "broker" / _folder).mkdir(parents=True, exist_ok=True)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- Alerts beyond the inbox ----------------------------------------------------------------
# Apprise URLs; a channel without one is off. They hold keys, so they come from the environment only.
ALERT_CHANNELS = {
    "email": env("ALERT_EMAIL_URL", default=""),  # mailtos://user:password@mail.example.cn?to={address}
    "wecom": env("ALERT_WECOM_URL", default=""),  # wecombot://key
    "dingtalk": env("ALERT_DINGTALK_URL", default=""),  # dingtalk://secret@token
}

# --- Operation ------------------------------------------------------------------------------
# Who may read /metrics: addresses or networks. A request that came through a proxy never may.
METRICS_ALLOWED = env.list("METRICS_ALLOWED", default=["127.0.0.1", "::1"])
# Below this many free megabytes in DATA_DIR /readyz answers 503; below five times as many it warns.
DISK_FREE_MINIMUM_MB = env.int("DISK_FREE_MINIMUM_MB", default=100)
REFUSE_DEMO_ACCOUNTS = False
# Proxies in front, as addresses or networks: their X-Forwarded-For names the caller (config.proxy).
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # kombu warns that a folder has no host name.
    "loggers": {
        "kombu.connection": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},
        "axes": {"level": "WARNING"},
    },
}
