"""Settings of the test suite: as in production, only faster where speed is not what is tested."""

import os
import tempfile

# Whatever a test writes goes where it is thrown away at the end; base reads this variable.
_scratch = tempfile.TemporaryDirectory(prefix="xiping-test-")
os.environ["DATA_DIR"] = _scratch.name

from config.settings.base import *
from config.settings.base import DATABASES

SECRET_KEY = "test-only"
DEMO = False
ALLOWED_HOSTS = ["*"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True  # looks for a file when it is asked for, not through all of them for every client
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": None}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
# Factories write no audit lines, which is how kept answers learn of a change.
ANSWERS_KEPT_SECONDS = 0
