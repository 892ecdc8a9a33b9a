"""touchstone load permit: signed permissions to press or attack a system beyond this machine."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from poc.cli.voice import AsJson, tell

if TYPE_CHECKING:
    from loadtests.permission import Paper

app = typer.Typer(no_args_is_help=True, help="Permissions to press or attack a system beyond this machine.")

File = Annotated[Path, typer.Argument(help="The permission, a TOML file.")]
#: Days for which a permission holds unless told otherwise.
DAYS = 7


@app.command()
def new(
    file: Annotated[Path, typer.Argument(help="Where to write the permission.")],
    vendor: Annotated[str, typer.Option(help="Whose system it is.")],
    host: Annotated[str, typer.Option(help="Host name or address of the system, as its URL has it.")],
    by: Annotated[str, typer.Option(help="Name and office of the person who answers for it.")],
    key: Annotated[Path, typer.Option(help="Ed25519 private key (PEM) of that person.")],
    rate: Annotated[float, typer.Option(min=0, help="Requests a second that are permitted; 0 permits no load.")] = 0,
    attack: Annotated[bool, typer.Option("--attack", help="Permit the scans and attacks of the scenarios.")] = False,
    begins: Annotated[
        str | None, typer.Option("--from", help="First moment (ISO 8601, UTC); now if not named.")
    ] = None,
    until: Annotated[str | None, typer.Option(help=f"Last moment; {DAYS} days later if not named.")] = None,
    window: Annotated[str, typer.Option(help="Hours of the day in UTC, such as 22:00-05:00; all day if empty.")] = "",
    as_json: AsJson = False,
) -> None:
    """Sign a permission with a key (openssl genpkey -algorithm ed25519) and write it to a file."""
    from loadtests.permission import Paper, Permission
    from poc.pack import private_key

    first = _moment(begins, "--from") if begins else datetime.now(UTC).replace(microsecond=0)
    permission = Permission.model_validate(
        {
            "vendor": vendor,
            "host": host.lower(),
            "purposes": [name for name, asked in (("load", rate), ("attack", attack)) if asked],
            "begins": first,
            "expires": _moment(until, "--until") if until else first + timedelta(days=DAYS),
            "window": window,
            "most_per_second": rate,
            "signed_by": by,
        }
    )
    paper = Paper.sign(permission, private_key(key))
    with file.open("x", encoding="utf-8") as out:
        out.write(paper.text())
    tell({"file": str(file), "permits": permission.told(), "permission_key": paper.signature.key}, as_json=as_json)


@app.command()
def show(file: File, as_json: AsJson = False) -> None:
    """Show what a permission says, without believing it."""
    paper = _paper(file)
    told = paper.permission.model_dump(mode="json")
    told["purposes"] = ", ".join(told["purposes"])
    tell({**told, "permission_key": paper.signature.key}, as_json=as_json)


@app.command()
def verify(
    file: File,
    trusted: Annotated[str, typer.Option(help="Public key that must have signed it: 64 hex digits, or a PEM file.")],
    url: Annotated[str | None, typer.Option(help="Also whether a load test of this address is permitted now.")] = None,
    rate: Annotated[float, typer.Option(help="Requests a second of that load test.")] = 1,
    seconds: Annotated[float, typer.Option(help="How long that load test takes.")] = 60,
    as_json: AsJson = False,
) -> None:
    """Check that a trusted key signed a permission and nobody changed it since; leaves with 2 if not."""
    from urllib.parse import urlsplit

    from loadtests.permission import PermitError, allow

    paper = _paper(file)
    try:
        permission = paper.believed(_hex(trusted))
        if url is not None:
            asked = (urlsplit(url).hostname or "").lower()
            allow(permission, "load", asked, datetime.now(UTC), seconds=seconds, per_second=rate)
    except PermitError as no:
        raise PermitError(f"{file} {no}") from None
    tell({"file": str(file), "good": True, "permits": permission.told()}, as_json=as_json)


def _paper(file: Path) -> "Paper":
    from loadtests.permission import Paper, PermitError

    try:
        return Paper.read(file.read_text(encoding="utf-8"))
    except (PermitError, UnicodeDecodeError) as no:
        raise PermitError(f"{file} {no}") from None


def _hex(trusted: str) -> str:
    from poc.pack import public_key

    return public_key(Path(trusted)).public_bytes_raw().hex() if Path(trusted).is_file() else trusted


def _moment(text: str, option: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no moment: write it as 2026-11-30T18:00", param_hint=option) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
