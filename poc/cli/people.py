"""touchstone user: who may enter the workbench where others than this machine can reach it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from poc.admission import USERS, Role, enlist, listed, strike
from poc.cli.voice import AsJson, tabulate, tell

user = typer.Typer(no_args_is_help=True, help="People who may enter the workbench beyond this machine.")

Users = Annotated[Path, typer.Option("--users", help="The file that lists them.", envvar="TOUCHSTONE_USERS")]
Name = Annotated[str, typer.Argument(help="Name to sign in with: small letters, digits, dots and dashes.")]


@user.command("add")
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="viewer looks, assessor also orders runs, admin also lists people.")],
    users: Users = USERS,
    as_json: AsJson = False,
) -> None:
    """Let somebody in, or give a new role and password; the password is asked for, or read from standard input."""
    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    enlist(users, name, role, password)
    tell({"name": name, "role": role.value, "users": str(users)}, as_json=as_json)


@user.command("remove")
def remove(name: Name, users: Users = USERS, as_json: AsJson = False) -> None:
    """Let somebody in no more; who is inside is out with the next click."""
    strike(users, name)
    tell({"name": name, "removed": True}, as_json=as_json)


@user.command("list")
def people(users: Users = USERS, as_json: AsJson = False) -> None:
    """List who may enter, without their passwords."""
    rows = [{"name": name, "role": one.role.value} for name, one in sorted(listed(users).items())]
    tabulate(rows, as_json=as_json, title=f"{users}")
