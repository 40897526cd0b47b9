"""``manage.py load_demo_complaints``: 400 invented complaints of twelve months, relative to today."""

from complaints.demo.loading import load_demo_complaints
from core import clock
from core.commands import PlainCommand


class Command(PlainCommand):
    """Load the demonstration's complaints; running it again changes nothing."""

    help = "载入演示投诉工单（可重复运行，不重复载入）；先运行 load_demo"

    def handle(self, **options) -> None:
        self.stdout.write(f"演示投诉工单 {load_demo_complaints(now=clock.now())} 件")
