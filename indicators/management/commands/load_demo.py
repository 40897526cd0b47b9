"""``manage.py load_demo``: demo accounts and sixty working days of reports, relative to today."""

from core import clock
from core.commands import PlainCommand
from indicators.demo.loading import load_demo


class Command(PlainCommand):
    """Load the demonstration; running it again changes nothing."""

    help = "载入演示账号和近 60 个工作日的演示数据（可重复运行，不重复载入）"

    def handle(self, **options) -> None:
        loaded = load_demo(now=clock.now())
        self.stdout.write(
            f"演示账号 {loaded.accounts} 个，演示标准值 {loaded.standards} 个，日调度报告 {loaded.reports} 份"
        )
