"""``manage.py load_calendar``: the published years, the default limits and office hours. May run any number of times."""

from django.core.management.base import BaseCommand

from core import clock
from core.services.calendar import load_default_rules, load_package_years


class Command(BaseCommand):
    help = "载入 chinesecalendar 已知年份的工作日历、默认时限和办公时间（可重复运行）"

    def handle(self, *args, **options):
        now = clock.now()
        years = load_package_years(now=now)
        rules = load_default_rules(now=now)
        loaded = f"{years[0]}–{years[-1]}年" if years else "没有新的年份"
        self.stdout.write(f"工作日历：{loaded}；时限与办公时间：新增 {rules} 条")
