"""The base of commands that another program calls: refusals are one Chinese line and exit status 1 (api.md)."""

import sys

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.exceptions import DomainError


class PlainCommand(BaseCommand):
    """A command whose ``handle`` raises ``DomainError`` for wrong input. Its answer goes to standard output."""

    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        # Wrong options then raise CommandError, instead of argparse's usage text and exit status 2.
        parser.called_from_command_line = False
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        try:
            super().run_from_argv(argv)
        except DomainError as error:
            self._refuse(error.detail)
        except CommandError as error:
            self._refuse(f"参数有误（{error}）")

    def _refuse(self, sentence: str) -> None:
        sys.stderr.write(" ".join(sentence.split()) + "\n")
        sys.exit(1)
