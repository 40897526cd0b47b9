"""How gunicorn serves the site, in ``bin/run`` and in the container alike.

One process with threads by default: on SQLite that is what keeps writers in one queue. More
processes (``WEB_CONCURRENCY``) want PostgreSQL and Redis, which also shares the rate limits.
"""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = int(os.environ.get("WEB_THREADS", "8"))
# The application is loaded before the workers fork: they share its memory, and the two minutes
# of grace for the scheduler's heartbeat count from the start of the web, not of a worker.
preload_app = True
timeout = 120
graceful_timeout = 3  # honcho kills after five seconds
max_requests = 20_000 if workers > 1 else 0  # a lone process is never replaced in the middle of a day
max_requests_jitter = 2_000
control_socket_disable = True
# Off unless asked for (``--access-logfile``), and then without what stands behind the question mark, here or in
# the page one came from: the office types callers' phones into the search of the worklist.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s %(H)s" %(s)s %(b)s %(L)s'

DEMO_ACCOUNTS = """
    Log in with the password Xiping@2026demo as
      office, office_lead                 the office of the business environment
      signer, leader                      signs bulletins; county leader
      inspector, inspector2               inspections
      <code>_reporter, <code>_head        of any department with a demo account, e.g. zjj_reporter
      sysadmin, secadmin, auditor         accounts, approvals, audit log"""


def when_ready(server):
    """Say where the site is, once it answers; only ``bin/run`` asks for it."""
    if os.environ.get("ANNOUNCE") == "1":
        accounts = DEMO_ACCOUNTS if os.environ.get("DEMO") == "1" else ""
        print(
            f"\n    西平县营商环境指标调度平台 is ready: http://{bind}/{accounts}\n    Ctrl-C stops it.\n", flush=True
        )
