"""touchstone load quota: what a vendor's published quotas mean for a day of a bank."""

from pathlib import Path
from typing import Annotated

import typer

from poc.cli.bank import Language
from poc.cli.voice import AsJson, tabulate, tell


def quota(
    name: Annotated[str, typer.Argument(help="fxiaoke, salesforce-enterprise, hubspot-enterprise, dataverse, ...")],
    day: Annotated[str, typer.Option(help="ordinary, salary-day, month-end or campaign.")] = "salary-day",
    profile: Annotated[str, typer.Option(help="Bank profile, or a file of your own.")] = "cn-joint-stock",
    customers: Annotated[int, typer.Option(min=0, help="Customers of the bank.")] = 100_000,
    branches: Annotated[int | None, typer.Option(min=0, help="Branches; the profile's own if not named.")] = None,
    licences: Annotated[int | None, typer.Option(min=0, help="Licences; one for each employee if not named.")] = None,
    packs: Annotated[int, typer.Option(min=0, help="Packs of further calls that are bought.")] = 1,
    accounts: Annotated[int, typer.Option(min=1, help="Accounts that the channels without own logins share.")] = 1,
    contracts: Annotated[Path | None, typer.Option(help="File of contracts of your own, in the shipped form.")] = None,
    picture: Annotated[Path | None, typer.Option(help="Also draw the day into this SVG file.")] = None,
    lang: Annotated[Language, typer.Option(help="Language of what is told.")] = Language.en,
    as_json: AsJson = False,
) -> None:
    """Play a day of a bank's channels against a vendor's quotas, and say which screen stalls when.

    Leaves with 0 whatever comes out: it is arithmetic about a contract, and no measurement of a system.
    """
    from loadtests.contracts.published import contract
    from poc import quotas
    from poc.words import words

    say = words(lang.value)
    heads = quotas.staffed(profile, customers, branches)
    played = quotas.quota_day(
        contract(name, contracts), heads, day, licences=licences, packs=packs, accounts=accounts
    )  # fmt: skip
    if picture is not None:
        picture.write_text(quotas.picture(played, say), encoding="utf-8")
    if as_json:
        tell(quotas.plain(played), as_json=True)
        return
    for sentence in quotas.sentences(played, say):
        typer.echo(sentence)
    tabulate(quotas.quota_rows(played, say), as_json=False, title=say("quota.quotas"))
    if played.stalling:
        tabulate(quotas.screen_rows(played, say), as_json=False, title=say("quota.screens"))
