"""``manage.py load_demo_accounts``: one account per role, and two for every department. May run any number of times."""

from accounts.services.demo import open_demo_accounts
from core import clock
from core.commands import PlainCommand


class Command(PlainCommand):
    help = "载入演示账号（可重复运行，已有的不动）"

    def handle(self, *args, **options):
        count = open_demo_accounts(now=clock.now())
        self.stdout.write(f"演示账号：新增 {count} 个")
