"""``manage.py remove_demo``: close every demo account, so that production may start."""

from django.core.management.base import BaseCommand

from accounts.services.demo import close_demo_accounts
from core import clock


class Command(BaseCommand):
    help = "停用全部演示账号并结束其会话；演示数据中的记录仍保留其姓名"

    def handle(self, *args, **options):
        count = close_demo_accounts(now=clock.now())
        self.stdout.write(f"已停用 {count} 个演示账号。")
