"""touchstone committee and process: members, sealed weights and points, motions, and the stages of a selection."""

import json
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from poc.cli.voice import AsJson, tabulate, tell

if TYPE_CHECKING:
    from poc.committee.seat import Seat

committee = typer.Typer(no_args_is_help=True, help="People who decide together: sealed, signed, replayed from a log.")
process = typer.Typer(no_args_is_help=True, help="The twelve stages of a selection: what is done, missing, next.")

Name = Annotated[str, typer.Argument(help="Name of the selection: letters, digits, dots and dashes.")]
Place = Annotated[Path, typer.Option("--place", help="Folder in which selections are kept.")]
Who = Annotated[str, typer.Option("--as", help="Who acts; the passphrase is asked for, or read from standard input.")]
HOME = Path("committees")


@committee.command("found")
def found(
    name: Name,
    who: Who,
    vendor: Annotated[list[str], typer.Option(help="A vendor, named as its target; give one option each.")],
    title: Annotated[str, typer.Option(help="What is chosen.")] = "CRM",
    budget: Annotated[float, typer.Option(min=0, help="Budget in CNY: from 10 million on, seven members are due.")] = 0,
    place: Place = HOME,
    as_json: AsJson = False,
) -> None:
    """Begin a selection; whoever founds it leads it."""
    from poc.committee import seat  # only here: help and a wrong word are answered at once
    from poc.committee.ledger import ledger

    held = seat.found(ledger(name, place), who, _passphrase(fresh=True), title=title, vendors=vendor, budget=budget)
    tell({"selection": name, "founder": who, "head": held.ledger.log().head}, as_json=as_json)


@committee.command("join")
def join(name: Name, who: Who, place: Place = HOME, as_json: AsJson = False) -> None:
    """Take the seat one was invited to, with a key and a passphrase of one's own."""
    from poc.committee import seat
    from poc.committee.ledger import ledger

    held = seat.join(ledger(name, place), who, _passphrase(fresh=True))
    tell({"selection": name, "member": who, "key": held.who.public}, as_json=as_json)


@committee.command("say")
def say(
    name: Name,
    kind: Annotated[str, typer.Argument(help="Kind of entry, as member.invited, note.taken, motion.put, vote.cast.")],
    who: Who,
    fields: Annotated[
        list[str] | None, typer.Argument(help="What it says: FIELD=VALUE, a value as JSON or as plain text.")
    ] = None,
    act: Annotated[str, typer.Option(help="An id of this act: given again, nothing is done twice.")] = "",
    place: Place = HOME,
    as_json: AsJson = False,
) -> None:
    """Add one signed entry to the log, if the rules allow it."""
    _told(_seat(name, who, place).do(kind, dict(map(_field, fields or ())), act=act), as_json)


@committee.command("seal")
def seal(
    name: Name,
    file: Annotated[Path, typer.Argument(help="TOML: [weights] SEC = 26 …, or [scores] and [reasons] by cell.")],
    who: Who,
    place: Place = HOME,
    as_json: AsJson = False,
) -> None:
    """Seal one's weights, or one's points for the open round; a cell scored "abstain" is an abstention."""
    given = _toml(file)
    held = _seat(name, who, place)
    if "weights" in given:
        _told(held.seal_weights(given["weights"]), as_json)
    elif "scores" in given:
        scores = {cell: None if value == "abstain" else value for cell, value in given["scores"].items()}
        _told(held.seal_scores(scores, given.get("reasons", {})), as_json)
    else:
        raise typer.BadParameter(f"{file} holds neither [weights] nor [scores]; write one of them", param_hint="FILE")


@committee.command("open")
def open_(
    name: Name,
    what: Annotated[str, typer.Argument(help="weights, scores, or answers:VENDOR.")],
    who: Who,
    place: Place = HOME,
    as_json: AsJson = False,
) -> None:
    """Open what one sealed; refused until all have sealed theirs."""
    held = _seat(name, who, place)
    kind, _, vendor = what.partition(":")
    if kind == "answers" and vendor:
        _told(held.open_answers(vendor), as_json)
    elif what in ("weights", "scores"):
        _told(held.open_weights() if what == "weights" else held.open_scores(), as_json)
    else:
        raise typer.BadParameter(f"{what!r} is none; use weights, scores or answers:VENDOR", param_hint="WHAT")


@committee.command("disclose")
def disclose(
    name: Name,
    vendor: Annotated[str, typer.Argument(help="The vendor whose run it is.")],
    run: Annotated[Path, typer.Argument(help="Folder of its run; every byte is proven first.")],
    who: Who,
    place: Place = HOME,
    as_json: AsJson = False,
) -> None:
    """Lay a vendor's evidence before the committee by its hash; refused until all have sealed their weights."""
    from poc.committee.telling import disclosed

    _told(_seat(name, who, place).do("evidence.disclosed", disclosed(vendor, run)), as_json)


@committee.command("look")
def look(name: Name, who: Who, place: Place = HOME, as_json: AsJson = False) -> None:
    """Open evidence before all weights are sealed; it is written down for good, with the name, in log and record."""
    from poc.committee import holding

    entry = holding.look(_seat(name, who, place))
    tell({"entry": entry.place, "look": f"{holding.VARIABLE}={entry.hash} touchstone decide"}, as_json=as_json)


@committee.command("ask")
def ask(
    name: Name,
    who: Who,
    out: Annotated[Path, typer.Option(help="Folder for a workbook for each vendor.")] = Path(),
    place: Place = HOME,
    as_json: AsJson = False,
) -> None:
    """Fix the questions, one for each criterion, and write a workbook for every vendor to answer in."""
    from poc.committee.ledger import ledger
    from poc.committee.questionnaire import written
    from scenarios.disk import write_whole
    from scorecards.criterion import catalogue

    asked, held = catalogue().of_targets, _seat(name, who, place)
    held.do("questions.asked", {"questions": [one.id for one in asked]}, act="questions")
    out.mkdir(parents=True, exist_ok=True)
    files = [out / f"{name}.{at:02d}.xlsx" for at, _ in enumerate(ledger(name, place).state().vendors, start=1)]
    for file, vendor in zip(files, ledger(name, place).state().vendors, strict=True):
        write_whole(file, written(vendor, asked))
    tell({"questions": len(asked), "files": [str(file) for file in files]}, as_json=as_json)


@committee.command("answer")
def answer(
    name: Name,
    vendor: Annotated[str, typer.Argument(help="Whose answers they are.")],
    file: Annotated[Path, typer.Argument(help="The workbook as it came back.")],
    who: Who,
    place: Place = HOME,
    as_json: AsJson = False,
) -> None:
    """Take a vendor's answers in and seal them; nobody reads them before those of all vendors are in."""
    from poc.committee.ledger import ledger
    from poc.committee.questionnaire import read

    asked = ledger(name, place).state().questions.get("ids", ())
    answers = read(file.read_bytes(), file.name, list(asked))  # type: ignore[call-overload]
    _told(_seat(name, who, place).seal_answers(vendor, answers), as_json)


@committee.command("status")
def status(name: Name, place: Place = HOME, as_json: AsJson = False) -> None:
    """Say where a selection stands; points only of rounds that are revealed."""
    from poc.committee.ledger import ledger
    from poc.committee.telling import facts

    tell(facts(ledger(name, place).state()), as_json=as_json)


@committee.command("verify")
def verify(
    name: Name,
    head: Annotated[str | None, typer.Option(help="The head that an export printed; tells a log that was cut.")] = None,
    place: Place = HOME,
    as_json: AsJson = False,
) -> None:
    """Prove every entry of the log: hashes, signatures and rules; the first that does not hold is named."""
    from poc.committee.ledger import ledger
    from scorecards.committee.replay import replayed

    log = ledger(name, place).log(head=head)
    replayed(log)
    tell({"selection": name, "entries": len(log.events), "head": log.head, "verified": True}, as_json=as_json)


@committee.command("decide")
def decide(
    name: Name,
    run: Annotated[Path, typer.Argument(help="The assessment whose evidence was disclosed.")],
    draws: Annotated[int, typer.Option(min=100, max=10_000_000, help="How often weights and evidence are drawn.")] = (
        100_000
    ),
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 1,
    place: Place = HOME,
    as_json: AsJson = False,
) -> None:
    """Decide as the committee weighs and judges: in each draw one member's weights, their points as evidence."""
    from poc.assessment import opened
    from poc.committee.joining import decided_by
    from poc.committee.ledger import ledger
    from poc.deciding import facts

    state = ledger(name, place).state()
    found = facts(decided_by(state, opened(run), draws=draws, seed=seed).decision)
    brief = {key: found[key] for key in ("verdict", "leader", "first_share", "because", "views_agree", "weights")}
    tell({"selection": name, "head": state.head, **(found if as_json else brief)}, as_json=as_json)


@process.command("status")
def where(name: Name, place: Place = HOME, as_json: AsJson = False) -> None:
    """Say where each stage stands, who answers for it, and what is missing."""
    from poc.committee.ledger import ledger
    from poc.committee.telling import stages

    tabulate(stages(ledger(name, place).state()), as_json=as_json, title=name)


@process.command("show")
def show(
    name: Name,
    stage: Annotated[str, typer.Argument(help="A stage, as PRO-01.")],
    demand: Annotated[str, typer.Argument(help="What the file shows, as process status names it.")],
    file: Annotated[Path, typer.Argument(help="The file; its hash enters the log.")],
    who: Who,
    note: Annotated[str, typer.Option(help="What the file is.")] = "",
    place: Place = HOME,
    as_json: AsJson = False,
) -> None:
    """Attach a file that shows a demand met, by its hash."""
    import hashlib

    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    said = {"stage": stage, "demand": demand, "sha256": digest, "note": note or file.name}
    _told(_seat(name, who, place).do("artefact.shown", said), as_json)


def _seat(name: str, who: str, place: Path) -> "Seat":
    from poc.committee.ledger import ledger
    from poc.committee.seat import seat

    return seat(ledger(name, place), who, _passphrase())


def _passphrase(*, fresh: bool = False) -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=fresh))
    return sys.stdin.readline().rstrip("\n")


def _field(given: str) -> tuple[str, object]:
    name, equals, value = given.partition("=")
    if not equals or not name:
        raise typer.BadParameter(f"{given!r} says nothing; write FIELD=VALUE", param_hint="FIELDS")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


def _toml(file: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise typer.BadParameter(f"{file} is not TOML: {fault}", param_hint="FILE") from None


def _told(event: Any, as_json: bool) -> None:
    tell({"entry": event.place, "kind": event.kind, "by": event.actor, "head": event.hash}, as_json=as_json)
