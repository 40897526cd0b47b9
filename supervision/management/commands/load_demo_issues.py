"""``manage.py load_demo_issues``: 120 invented issues of twelve months, relative to today."""

from core import clock
from core.commands import PlainCommand
from supervision.demo.loading import load_demo_issues


class Command(PlainCommand):
    """Load the demonstration's issues and inspections; running it again changes nothing."""

    help = "载入演示问题和检查批次（可重复运行，不重复载入）；先运行 load_demo"

    def handle(self, **options) -> None:
        self.stdout.write(f"演示问题 {load_demo_issues(now=clock.now())} 个")
