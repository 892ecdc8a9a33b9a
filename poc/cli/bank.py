"""touchstone bank: grows banks that do not exist."""

from pathlib import Path
from typing import Annotated

import typer

from poc.cli.voice import AsJson, progress, tell

app = typer.Typer(help="Grow banks that do not exist.", no_args_is_help=True)


@app.command()
def generate(
    customers: Annotated[int, typer.Option(help="How many customers, planted second files included.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed and size give the same bank everywhere.")] = 1,
    profile: Annotated[str, typer.Option(help="What kind of bank: the name of a profile, or a TOML file.")] = (
        "cn-digital-bank"
    ),
    out: Annotated[
        Path | None, typer.Option(help="New folder for the bank; data/<profile>-<seed>-<customers> if not named.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Generate a bank with twelve months of dealings, its sealed truth, and the two keys that open it.

    The truth and the keys are written beside the bank's folder. Give each key to another person: whoever tests a
    CRM should not be able to read the answers.
    """
    from poc.growth import grow  # only here: the vocabulary is large, and the other commands need none of it

    with progress(quiet=as_json) as report:
        grown = grow(seed=seed, customers=customers, profile=profile, folder=out, progress=report)
    bank = grown.bank
    tell(
        {
            "bank": str(grown.folder),
            "customers": len(bank.customers),
            "rows": bank.rows,
            "seconds": round(grown.seconds, 2),
            "rows_per_second": round(bank.rows / max(grown.seconds, 1e-9)),
            "digest": bank.digest,
            "sealed_truth": str(grown.truth),
            "keys": [str(key) for key in grown.keys],
        },
        as_json=as_json,
    )
