"""touchstone record and verify: a decision on file or packed to be handed on, and whether what one holds is whole."""

from pathlib import Path
from typing import Annotated

import typer

from poc import archive
from poc.cli import cover, judging
from poc.cli.usual import Usual
from poc.cli.voice import AsJson, tell

Run = Annotated[
    Path | None, typer.Argument(help="An assessment or a run; the youngest assessment in 'runs' if none is named.")
]
Scheme = Annotated[str, typer.Option("--weighting", help="Name of a shipped weighting, or a TOML file.")]
Case = Annotated[Path | None, typer.Option("--case", help="A bank's business case (TOML) to put beside the choice.")]
Committee = Annotated[
    str | None, typer.Option("--committee", help="The selection whose committee decided; its log goes along in a pack.")
]
Selections = Annotated[Path, typer.Option("--place", help="Folder in which selections are kept.")]
Draws = Annotated[int, typer.Option("--draws", help="How often weights and evidence are drawn.")]
Seed = Annotated[int, typer.Option("--seed", help="The same seed gives the same figures.")]

#: Where selections are kept unless a caller says otherwise.
HOME = Path("committees")

record = typer.Typer(
    cls=Usual, help="The decision on file: `record RUN` is `record write RUN`; `record pack` seals it."
)
verify = typer.Typer(cls=Usual, help="Whether runs are whole (`verify RUN` is `verify runs RUN`), or a pack.")
verify.command("runs")(judging.verify)


@record.command()
def write(
    run: Run = None,
    weighting: Scheme = archive.WEIGHTING,
    case: Case = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the files; the assessment's own if not named.")] = None,
    committee: Committee = None,
    selections: Selections = HOME,
    draws: Draws = 100_000,
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """Write the decision record: JSON, the truth, and copies of it to read; made again, all have the same bytes."""
    from poc import filed  # only here: help and a wrong word are answered at once
    from poc import record as recording
    from poc.committee.ledger import ledger

    place = cover.shown(run or archive.latest())
    state = None if committee is None else ledger(committee, selections).state()
    made = recording.made(place, weighting, case, draws=draws, seed=seed, committee=state)
    files = filed.write(made, out or place)
    tell({"assessment": str(place), "sha256": made.digest, "files": [str(file) for file in files]}, as_json=as_json)


@record.command()
def pack(
    run: Run = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The pack to write; NAME.pack.zip here if not named.")
    ] = None,
    weighting: Scheme = archive.WEIGHTING,
    case: Case = None,
    events: Annotated[
        Path | None, typer.Option(help="The committee's log to put in: committees/NAME/log.jsonl.")
    ] = None,
    keys: Annotated[
        Path | None, typer.Option(help="Whose entries must be signed: JSON, member -> Ed25519 public key (hex).")
    ] = None,
    sign: Annotated[Path | None, typer.Option(help="Ed25519 private key (PEM) that signs the pack.")] = None,
    committee: Committee = None,
    selections: Selections = HOME,
    draws: Draws = 100_000,
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """Pack a decision with all it rests on: criteria, policy, weighting, evidence, hashes, events, signature."""
    from poc import record as recording  # only here: help and a wrong word are answered at once
    from poc.committee.ledger import ledger
    from poc.pack import Inputs, packed, private_key
    from scenarios.disk import write_whole

    place = cover.shown(run or archive.latest())
    key = None if sign is None else private_key(sign)
    held = None if committee is None else ledger(committee, selections)
    if held is not None and events is not None:
        raise typer.BadParameter("a committee brings its own log; leave --events out", param_hint="--events")
    state = None if held is None else held.state()
    made = recording.made(place, weighting, case, draws=draws, seed=seed, committee=state)
    events = events if held is None else held.path
    content = packed(made, Inputs(weighting=weighting, case=case, events=events, keys=keys), key)
    file = out or Path(f"{made.assessment.name}.pack.zip")
    write_whole(file, content)
    signer = key.public_key().public_bytes_raw().hex() if key else None
    tell({"pack": str(file), "bytes": len(content), "record_sha256": made.digest, "signed_by": signer}, as_json=as_json)


@verify.command("pack")
def verify_pack(
    file: Annotated[Path, typer.Argument(help="A pack that `touchstone record pack` wrote.")],
    key: Annotated[
        Path | None, typer.Option(help="Ed25519 public key (PEM) that must have signed it; else any, or none, will do.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verify a pack without a network: every byte fits, and every figure, worked out anew, is the same."""
    from poc.pack import public_key  # only here: help and a wrong word are answered at once
    from poc.unpacking import verified

    found = verified(file, None if key is None else public_key(key))
    tell(
        {
            "pack": str(file), "whole": True, "assessment": found.assessment, "record_sha256": found.record,
            "files": found.files, "figures_rebuilt": found.figures, "events": found.events,
            "signed_by": found.signed_by or None,
            "other_versions": {name: list(pair) for name, pair in found.differing_versions.items()},
        },
        as_json=as_json,
    )  # fmt: skip
