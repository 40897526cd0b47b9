"""``manage.py create_administrator ROLE USERNAME NAME``: the first of each of the three administrators."""

from django.core.management.base import BaseCommand, CommandError

from accounts.roles import ADMINISTRATORS, Role
from accounts.services.installation import install_administrator
from core import clock
from core.exceptions import DomainError


class Command(BaseCommand):
    help = "新装系统时创建首位系统管理员、安全管理员或审计管理员，显示一次性密码"

    def add_arguments(self, parser):
        parser.add_argument("role", choices=sorted(ADMINISTRATORS), help="角色")
        parser.add_argument("username", help="登录名")
        parser.add_argument("name", help="姓名")

    def handle(self, *args, role, username, name, **options):
        try:
            word = install_administrator(username, name, Role(role), now=clock.now())
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{Role(role).label} {username} 的一次性密码：{word}（首次登录时修改，不再显示）")
