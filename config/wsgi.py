"""The WSGI entry point that gunicorn serves."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config.demo_guard import refuse_demo_accounts

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")

application = get_wsgi_application()
refuse_demo_accounts()
# Every view is loaded before the first request: workers share the memory, nobody waits for imports,
# and the grace that config.health gives the scheduler counts from here.
import_module(settings.ROOT_URLCONF)
