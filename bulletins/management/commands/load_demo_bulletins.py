"""``manage.py load_demo_bulletins``: eight issued weeks and last week's draft, relative to today."""

from bulletins.demo.loading import load_demo_bulletins
from core import clock
from core.commands import PlainCommand


class Command(PlainCommand):
    """Load the demonstration's bulletins; running it again changes nothing."""

    help = "载入演示通报（可重复运行，不重复载入）；先运行 load_demo、load_demo_complaints、load_demo_issues"

    def handle(self, **options) -> None:
        self.stdout.write(f"演示通报 {load_demo_bulletins(now=clock.now())} 期")
