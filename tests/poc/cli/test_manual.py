"""manual(): groups are walked to their commands, and every word is explained."""

from typing import Annotated

import typer

from poc.cli.manual import commands, manual


def program() -> typer.Typer:
    app, bank = typer.Typer(name="touchstone"), typer.Typer(help="Banks.")

    @bank.command()
    def generate(
        size: Annotated[int, typer.Argument(help="Number of customers.")],
        seed: Annotated[int, typer.Option(help="Same seed, same bank.")] = 7,
    ) -> None:
        """Grow a bank."""

    app.add_typer(bank, name="bank")
    return app


def test_a_command_is_called_by_its_full_name() -> None:
    assert [name for name, _ in commands(program())] == ["touchstone bank generate"]


def test_arguments_and_options_are_explained_with_their_defaults() -> None:
    told = manual(program())
    assert "## touchstone bank generate\n\nGrow a bank.\n" in told
    assert "| `SIZE` | required | Number of customers. |" in told
    assert "| `--seed` | `7` | Same seed, same bank. |" in told
