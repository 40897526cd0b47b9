"""``manage.py load_catalogue``: the county's 28 indicators and 124 below them."""

from core import clock
from core.commands import PlainCommand
from indicators.services.catalogue_file import load_catalogue, read_catalogue


class Command(PlainCommand):
    """Load the catalogue that comes with the program; running it again adds only what is missing."""

    help = "载入随程序提供的指标体系（可重复运行，不覆盖已有内容）"

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, help="新指标体系的年度，默认为当年")

    def handle(self, *, year: int | None, **options) -> None:
        loaded = load_catalogue(read_catalogue(), year=year or clock.today().year, now=clock.now())
        self.stdout.write(
            f"指标 {loaded.indicators} 项，标准值 {loaded.standards} 个，"
            f"数值 {loaded.observations} 个，责任分工 {loaded.assignments} 条"
        )
