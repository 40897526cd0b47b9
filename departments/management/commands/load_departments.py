"""``manage.py load_departments``: the county's units. May run any number of times."""

from django.core.management.base import BaseCommand

from core import clock
from departments.services import load_departments


class Command(BaseCommand):
    help = "载入本县单位名录：48 个部门、20 个乡镇街道（可重复运行，已有单位不变）"

    def handle(self, *args, **options):
        made = load_departments(now=clock.now())
        self.stdout.write(f"单位：新增 {made} 个")
