"""``manage.py backup ARCHIVE``: database and files in one archive; ``--key FILE`` for the key, apart from it."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.backup import BackupError, copy_key, write_backup


class Command(BaseCommand):
    help = "备份数据库和文件；加密字段的密钥须另行保存：backup --key 文件"

    def add_arguments(self, parser):
        parser.add_argument("archive", nargs="?", type=Path, help="要写的 .tar.gz 文件")
        parser.add_argument("--key", type=Path, help="把加密字段的密钥复制到此文件（与备份分开存放）")

    def handle(self, *args, archive, key, **options):
        if not archive and not key:
            raise CommandError("请写明备份文件，或用 --key 写明密钥文件")
        try:
            if archive:
                count = write_backup(archive, now=clock.now())
                self.stdout.write(f"已备份数据库和 {count} 个文件到 {archive}。密钥不在其中，请用 --key 另行保存。")
            if key:
                copy_key(key)
                self.stdout.write(f"密钥已复制到 {key}，请与备份分开存放。")
        except BackupError as error:
            raise CommandError(str(error)) from error
