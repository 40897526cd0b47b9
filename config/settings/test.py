"""Settings of the test suite: as in production, only faster where speed is not what is tested."""

import tempfile
from pathlib import Path

from config.settings.base import *
from config.settings.base import DATABASES

SECRET_KEY = "test-only"
DEMO = False
ALLOWED_HOSTS = ["*"]
_scratch = Path(tempfile.mkdtemp(prefix="xiping-test-"))
MEDIA_ROOT = _scratch / "files"
DATA_DIR = _scratch
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": None}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
