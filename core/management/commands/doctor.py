"""``manage.py doctor``: look at everything the platform stands on and say what to do; exit status 1 if something fails."""

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.health import State, examination

MARKS = {State.OK: "正常", State.WARNING: "注意", State.FAILED: "故障"}


class Command(BaseCommand):
    help = "检查数据库、消息队列、计划任务、磁盘、日历、密钥、审计编号和数据表"

    def handle(self, *args, **options):
        findings = examination(now=clock.now())
        for finding in findings:
            self.stdout.write(f"{MARKS[finding.state]}  {finding.detail}")
        failed = sum(finding.state is State.FAILED for finding in findings)
        if failed:
            raise CommandError(f"{failed} 处故障")
