"""``manage.py verify_audit``: walk the whole audit chain; any finding is printed and makes exit status 1."""

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.models import AuditEvent
from core.services.audit import audit_findings, seal_audit


class Command(BaseCommand):
    help = "检查审计记录是否被改动、删除或长时间未编号"

    def handle(self, *args, **options):
        now = clock.now()
        # What was old and unsealed is a finding before sealing hides it.
        findings = list(audit_findings(now))
        while seal_audit():
            pass
        for finding in findings:
            self.stdout.write(finding)
        if findings:
            raise CommandError(f"发现 {len(findings)} 处问题")
        last = AuditEvent.objects.exclude(sequence=None).order_by("-sequence").first()
        end = f"，第 {last.sequence} 号的校验值 {last.seal}" if last else ""
        self.stdout.write(f"审计记录完整：{AuditEvent.objects.count()} 条{end}")
