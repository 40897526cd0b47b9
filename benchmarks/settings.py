"""The project's own settings, with the bare equivalents routed beside the product."""

from config.settings.dev import *  # noqa: F403 settings are inherited whole
from config.settings.dev import REST_FRAMEWORK

ROOT_URLCONF = "benchmarks.urls"
# The ceiling for one caller is 6,000 requests a minute, and a benchmark is one caller.
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {"signed_in": None}
