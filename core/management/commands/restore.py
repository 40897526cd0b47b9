"""``manage.py restore ARCHIVE --yes``: replace database and files by those of a backup."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.backup import BackupError, restore_backup
from core.services.field_key import key_fingerprint


class Command(BaseCommand):
    help = "用备份替换当前的数据库和文件；先停止 web、worker 和 beat"

    def add_arguments(self, parser):
        parser.add_argument("archive", type=Path, help="backup 写的 .tar.gz 文件")
        parser.add_argument("--yes", action="store_true", help="确认替换当前数据")

    def handle(self, *args, archive, yes, **options):
        if not yes:
            raise CommandError("当前的数据库和文件将被替换；确认请加 --yes")
        try:
            manifest = restore_backup(archive)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"已恢复 {manifest['made_at']} 的备份。")
        if manifest["field_key"] != key_fingerprint():
            self.stderr.write("当前密钥不是备份时的密钥：请把当时的密钥放回 DATA_DIR，否则已加密的身份信息无法读取。")
