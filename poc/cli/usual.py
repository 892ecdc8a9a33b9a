"""Usual: a group of commands of which one need not be named."""

from typing import Any

from typer.core import TyperGroup


class Usual(TyperGroup):
    """A group that takes anything but the name of a command, or a cry for help, as words for its first command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the name of the first command before words that begin with none."""
        if not args or args[0] not in (*self.commands, *self.get_help_option_names(ctx)):
            args = [next(iter(self.commands)), *args]
        return super().parse_args(ctx, args)
