"""``manage.py remember_key``: let a new database note the key its fields are encrypted with. Runs any number of times."""

from django.core.management.base import BaseCommand

from core import clock
from core.services.field_key import remember_key


class Command(BaseCommand):
    help = "记下本数据库加密字段所用密钥的指纹（已记下的不变），供 doctor 核对"

    def handle(self, *args, **options):
        remember_key(clock.now())
