"""``manage.py load_demo_complaint_orders``: orders on overdue complaints, and an issue raised from one."""

from complaints.demo.pressing import press_demo_complaints
from core import clock
from core.commands import PlainCommand


class Command(PlainCommand):
    """Press some of the demonstration's complaints; running it again changes nothing."""

    help = "载入演示投诉的督办单和转办问题（可重复运行，不重复载入）；先运行 load_demo_complaints、load_demo_issues"

    def handle(self, **options) -> None:
        self.stdout.write(f"演示投诉督办和转办 {press_demo_complaints(now=clock.now())} 件")
