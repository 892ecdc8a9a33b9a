"""Documentation: what is written is true: commands, make targets, links and paths."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from poc.cli.door import app
from poc.cli.manual import commands, manual
from scorecards.weighting import load_weighting

HOUSE = Path(__file__).parent.parent
PAGES = [*sorted(HOUSE.glob("*.md")), *sorted((HOUSE / "docs").rglob("*.md"))]
COMMANDS = commands(app)


def without_code(page: Path) -> str:
    return re.sub(r"```.*?```|`[^`]*`", "", page.read_text("utf-8"), flags=re.DOTALL)


def said(page: Path) -> str:
    return page.read_text("utf-8")


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (HOUSE / "Makefile").read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize(("name", "command"), COMMANDS, ids=[name for name, _ in COMMANDS])
def test_every_command_has_help_in_every_word(name: str, command: object) -> None:
    assert (getattr(command, "help", "") or "").strip(), f"{name} does not say what it does"
    silent = [p.name for p in getattr(command, "params", []) if p.name != "help" and not (p.help or "").strip()]
    assert not silent, f"{name} does not say what {silent} means"


@pytest.mark.parametrize(("name", "command"), COMMANDS, ids=[name for name, _ in COMMANDS])
def test_every_command_speaks_to_machines_too(name: str, command: object) -> None:
    assert "--json" in [word for p in getattr(command, "params", []) for word in p.opts], f"{name} has no --json"


def test_the_command_reference_is_up_to_date() -> None:
    assert said(HOUSE / "docs" / "cli.md") == manual(app), "run make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOUSE)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", without_code(page)) + re.findall(r'src="([^"]+)"', said(page))
    lost = [
        link
        for link in links
        if not link.startswith(("http://", "https://", "mailto:", "#"))
        and not (page.parent / link.partition("#")[0]).exists()
    ]
    assert not lost


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOUSE)))
def test_every_make_target_that_is_spoken_of_exists(page: Path) -> None:
    spoken = set(re.findall(r"(?:`|^|\$ )make ([a-z-]+)", said(page), re.MULTILINE))
    assert spoken <= targets()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOUSE)))
def test_every_command_that_is_spoken_of_exists(page: Path) -> None:
    spoken = re.findall(r"(?:`|^|\$ |bin/)touchstone ((?:[a-z]+ ?){1,2})", said(page), re.MULTILINE)
    words = {tuple(name.split()[1:]) for name, _ in COMMANDS}
    known = words | {word[:1] for word in words}
    unknown = [call for call in spoken if not {tuple(call.split()), tuple(call.split()[:1])} & known]
    assert not unknown


def test_every_decision_is_listed() -> None:
    folder = HOUSE / "docs" / "adr"
    listed = set(re.findall(r"\((\d{4}-[a-z0-9-]+\.md)\)", said(folder / "README.md")))
    assert listed == {page.name for page in folder.glob("[0-9]*.md")}


def test_a_recipe_fits_on_a_card() -> None:
    recipes = said(HOUSE / "CONTRIBUTING.md").split("## Recipe: ")[1:]
    assert {recipe.split("\n", 1)[0]: len(recipe.strip().splitlines()) <= 25 for recipe in recipes} == {
        "a scenario": True,
        "a connector": True,
        "a product in the vendor lab": True,
        "a weighting": True,
    }


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", said(HOUSE / "CONTRIBUTING.md"), re.DOTALL))
def test_the_code_of_a_recipe_is_python(code: str) -> None:
    ast.parse(code)


def test_the_weighting_of_the_recipe_is_one(tmp_path: Path) -> None:
    recipe = re.findall(r"```toml\n(.*?)```", said(HOUSE / "CONTRIBUTING.md"), re.DOTALL)
    mine = tmp_path / "my-bank.toml"
    mine.write_text(recipe[0], "utf-8")
    weighting = load_weighting(mine)
    assert weighting.name == "Our bank"
    assert sum(weighting.dimensions.values()) == pytest.approx(1)


def test_every_file_that_a_recipe_points_to_is_there() -> None:
    named = re.findall(r"`((?:scenarios|scorecards|poc|tests)/[\w/.-]+?)/?`", said(HOUSE / "CONTRIBUTING.md"))
    kept = [path for path in named if not (HOUSE / path).exists()]
    assert not kept


def test_bare_make_prints_help_that_names_every_target() -> None:
    told = subprocess.run(["make"], cwd=HOUSE, capture_output=True, text=True, check=True).stdout
    assert targets() <= set(re.findall(r"make ([a-z-]+) ", told))


THREATS = HOUSE / "docs" / "threat-model.md"


def test_every_threat_names_a_test_that_exists() -> None:
    rows = re.findall(r"^\| [STRIDE]\d+ \|.*$", said(THREATS), re.MULTILINE)
    assert len(rows) > 30
    assert not [row for row in rows if "::test_" not in row]
    lost = [
        f"{file}::{name}"
        for file, name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", said(THREATS))
        if not (HOUSE / file).is_file() or not re.search(rf"^(?:async )?def {name}\(", said(HOUSE / file), re.MULTILINE)
    ]
    assert not lost
