"""touchstone bank: grows banks that do not exist, verifies and audits them, explains their fields, exports them."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from poc.cli.faults import MISSED
from poc.cli.voice import AsJson, pace, progress, tabulate, tell

app = typer.Typer(help="Grow banks that do not exist.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="Folder of a bank in Parquet, as 'touchstone bank generate' wrote it.")]


class Shape(StrEnum):
    """In which shape a bank is kept."""

    records = "records"
    parquet = "parquet"


class Language(StrEnum):
    """In which language people read."""

    zh = "zh"
    en = "en"


@app.command()
def generate(
    customers: Annotated[int, typer.Option(help="How many customers, planted second files included.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed and size give the same bank everywhere.")] = 1,
    profile: Annotated[str, typer.Option(help="What kind of bank: the name of a profile, or a TOML file.")] = (
        "cn-digital-bank"
    ),
    out: Annotated[
        Path | None, typer.Option(help="Folder for the bank; data/<profile>-<seed>-<customers> if not named.")
    ] = None,
    shape: Annotated[
        Shape,
        typer.Option("--format", help="records: what is poured into a CRM. parquet: all of the bank, of any size."),
    ] = Shape.records,
    months: Annotated[
        int | None, typer.Option(help="Months of payments (parquet); the profile's if not given.")
    ] = None,
    table: Annotated[list[str] | None, typer.Option(help="Keep only this table (parquet); may be given again.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that grow it (parquet); one for each core.")] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Dask scheduler whose workers grow it (parquet), as tls://host:8786.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Generate a bank, its sealed truth, and the two keys that open it.

    The truth and the keys are written beside the bank's folder. Give each key to another person: whoever tests a
    CRM should not be able to read the answers. A bank in Parquet that was left half-written is gone on with, and one
    that is whole grows when more customers are asked for.
    """
    from poc.cli.growing import grow_columns, grow_records  # only here: the other commands need none of it

    if shape is Shape.records:
        given = {"months": months, "table": table, "workers": workers, "scheduler": scheduler}
        for name, value in given.items():
            if value is not None:
                raise typer.BadParameter(f"--{name}: is for banks in columns; add --format parquet")
        with progress(quiet=as_json) as report:
            tell(grow_records(customers, seed, profile, out, report), as_json=as_json)
        return
    with pace(quiet=as_json) as told:
        facts = grow_columns(customers, seed, profile, out, months, table, workers, scheduler, told)
    tell(facts, as_json=as_json)


@app.command()
def verify(folder: Folder, as_json: AsJson = False) -> None:
    """Verify that no byte of a bank in Parquet differs from what was written, and nothing was put among it."""
    from poc.growth import beside
    from synthetic_data.folders.checking import verify as check

    checked = check(folder, beside(folder)[0])
    tell(
        {
            "bank": str(folder),
            "whole": True,
            "customers": checked.manifest.customers,
            "rows": sum(checked.manifest.rows.values()),
            "files": checked.files,
            "sealed_files": checked.sealed,
            "digest": checked.manifest.digest,
        },
        as_json=as_json,
    )


@app.command()
def dictionary(
    lang: Annotated[Language, typer.Option(help="Language of its heads and words.")] = Language.en,
    table: Annotated[list[str] | None, typer.Option(help="Only this table; may be given again.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write it to this CSV file instead of the screen.")] = None,
    as_json: AsJson = False,
) -> None:
    """Explain every field of the bank: type, words, and grade (JR/T 0171, JR/T 0197, 金规〔2024〕24号)."""
    from synthetic_data.folders.dictionary import as_table, entries_named
    from synthetic_data.folders.writing import csv_lines

    told = as_table(entries_named(table or ()), lang.value)
    if out is None:
        tabulate(told.to_pylist(), as_json=as_json)
        return
    with out.open("xb") as file:
        file.writelines(csv_lines(iter([told]), "dictionary"))
    tell({"fields": told.num_rows, "written": str(out)}, as_json=as_json)


@app.command()
def export(
    folder: Folder,
    form: Annotated[
        str, typer.Option("--format", help="csv, csv-gb18030, csv-gbk, jsonl, xlsx, copy or parquet.")
    ] = "csv",
    out: Annotated[Path | None, typer.Option(help="New folder; <bank>-<format> beside the bank if not named.")] = None,
    table: Annotated[list[str] | None, typer.Option(help="Only this table; may be given again.")] = None,
    rows: Annotated[int, typer.Option(help="Rows of each table in a spreadsheet, which is a sample.")] = 1_000,
    lang: Annotated[Language, typer.Option(help="Language of the data dictionary beside it.")] = Language.en,
    as_json: AsJson = False,
) -> None:
    """Export a bank in Parquet to files that another system takes, with the data dictionary beside them."""
    from synthetic_data.folders.exporting import export as write
    from synthetic_data.folders.reading import BankFolder

    place = out or folder.with_name(f"{folder.name}-{form}")
    files = write(BankFolder.open(folder), place, form, tables=table or (), rows=rows, language=lang.value)
    tell({"export": str(place), "files": len(files), "bytes": sum(files.values())}, as_json=as_json)


@app.command()
def legacy(
    folder: Folder,
    out: Annotated[Path | None, typer.Option(help="New folder; <bank>-legacy beside the bank if not named.")] = None,
    customers: Annotated[int, typer.Option(help="How many of the bank's first customers are dumped.")] = 10_000,
    as_json: AsJson = False,
) -> None:
    """Dump a bank as three old systems would, defects included, to try a migration on.

    The list of every defect is sealed beside the dumps; it opens with the two keys of the bank.
    """
    from synthetic_data.folders.legacy import dump
    from synthetic_data.folders.reading import BankFolder

    dumped = dump(BankFolder.open(folder), out or folder.with_name(f"{folder.name}-legacy"), customers=customers)
    told = {"dumps": str(dumped.folder), **dumped.rows, "defects": dumped.defects, "sealed_list": str(dumped.sealed)}
    tell(told, as_json=as_json)


@app.command()
def optimum(
    folder: Folder,
    key: Annotated[
        list[Path] | None, typer.Option(help="A key to the truth; give both. Those beside the bank if not given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell what no model can beat: the Bayes-optimal AUC of churn and of each product, from the sealed truth.

    Whoever is to be judged by it must not hold the two keys that open it.
    """
    from poc.growth import best_of

    if key is not None and len(key) != 2:
        raise typer.BadParameter(f"{len(key)} given; the truth opens with two keys", param_hint="--key")
    found = best_of(folder, (key[0], key[1]) if key else None)
    tabulate([asdict(one) for one in found], as_json=as_json, title=str(folder))


@app.command()
def audit(
    folder: Annotated[Path | None, typer.Argument(help="Folder of a bank; without one, a bank is grown.")] = None,
    customers: Annotated[int, typer.Option(help="Without a folder: how many customers are grown.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Without a folder: the seed of the bank.")] = 1,
    profile: Annotated[str, typer.Option(help="Without a folder: name of a profile, or a TOML file.")] = (
        "cn-digital-bank"
    ),
    plots: Annotated[Path | None, typer.Option(help="Write figures and plots to this page of HTML.")] = None,
    lang: Annotated[Language, typer.Option(help="Language of what is told.")] = Language.en,
    need: Annotated[int | None, typer.Option(help="Leave with 99 if more figures than this are far.")] = None,
    as_json: AsJson = False,
) -> None:
    """Audit a bank: each figure beside the published one it should resemble, with source, tolerance and verdict."""
    from poc.cli.auditing import as_facts, audited, show  # only here: help and a wrong word are answered at once

    with progress(quiet=as_json) as report:
        view = audited(folder, customers, seed, profile, lang.value, report)
    if as_json:
        tell(as_facts(view), as_json=True)
    else:
        show(view)
    if plots is not None:
        from poc.audits import write

        write(view, plots)
        if not as_json:
            typer.echo(str(plots))
    if need is not None and view.audit.counted("far") > need:
        raise typer.Exit(MISSED)
