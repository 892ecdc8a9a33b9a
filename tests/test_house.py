"""House rules: what keeps the rooms small, captioned and in their places."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
ROOMS = ("poc", "scorecards", "loadtests", "scenarios", "synthetic_data")
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc", "lib"}
LONGEST_FILE, LONGEST_FUNCTION = 400, 60


def modules() -> list[Path]:
    door = [HOUSE / "app.py"] if (HOUSE / "app.py").exists() else []
    return [*door, *(path for room in ROOMS for path in sorted((HOUSE / room).rglob("*.py")))]


def every_python_file() -> list[Path]:
    others = (path for room in ("tests", "benchmarks") for path in sorted((HOUSE / room).rglob("*.py")))
    return [*modules(), *others]


def named(path: Path) -> str:
    return str(path.relative_to(HOUSE))


@cache
def tracked() -> tuple[Path, ...]:
    """Every text file that is kept in the repository or could be added to it."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=HOUSE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a git working tree")
    return tuple(path for line in listed.stdout.splitlines() if (path := HOUSE / line).is_file())


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", every_python_file(), ids=named)
def test_no_file_is_longer_than_one_can_hold_in_mind(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= LONGEST_FILE, f"{named(path)} has {lines} lines; make two rooms of it"


@pytest.mark.parametrize("path", every_python_file(), ids=named)
def test_no_function_is_longer_than_a_page(path: Path) -> None:
    long = {f.name: n for f in functions(path) if (n := (f.end_lineno or 0) - f.lineno + 1) > LONGEST_FUNCTION}
    assert not long


@pytest.mark.parametrize("path", every_python_file(), ids=named)
def test_every_file_begins_with_its_caption(path: Path) -> None:
    assert caption(path), f"the first line of {named(path)} is not its caption"


@pytest.mark.parametrize("path", modules(), ids=named)
def test_a_caption_names_the_room_and_its_purpose(path: Path) -> None:
    head, colon, purpose = caption(path).partition(":")
    assert colon, f"write the caption of {named(path)} as 'Name: one plain sentence.'"
    assert head
    assert purpose.strip(), f"the caption of {named(path)} names no purpose"


def caption(path: Path) -> str:
    text = path.read_text("utf-8")
    docstring = ast.get_docstring(ast.parse(text))
    return docstring.splitlines()[0] if docstring and text.startswith('"""') else ""


@pytest.mark.parametrize("path", modules(), ids=named)
def test_no_module_has_a_name_that_says_nothing(path: Path) -> None:
    assert not FORBIDDEN_NAMES & {part.removesuffix(".py") for part in path.relative_to(HOUSE).parts}


@pytest.mark.parametrize("path", modules(), ids=named)
def test_imports_are_absolute(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]


@pytest.mark.parametrize("folder", sorted({p.parent for p in modules() if p.parent != HOUSE}), ids=named)
def test_every_room_is_tested_where_it_stands(folder: Path) -> None:
    """Its tests mirror its path, or a file beside bears its name, or a room's tests speak for its inner rooms."""
    inside = folder.relative_to(HOUSE)
    of_name = list((HOUSE / "tests" / inside.parent).glob(f"test_{inside.name}*.py"))
    top = 2 if inside.parts[0] == "poc" else 1
    rooms = [inside, *(above for above in inside.parents if len(above.parts) >= top)]
    assert of_name or any(list((HOUSE / "tests" / room).glob("test_*.py")) for room in rooms), (
        f"nothing in tests/{inside} or beside it tests {inside}"
    )


@pytest.mark.parametrize(
    "path", sorted(p for room in ROOMS for p in (HOUSE / "tests" / room).rglob("test_*.py")), ids=named
)
def test_every_test_stands_where_a_room_stands(path: Path) -> None:
    inside = path.parent.relative_to(HOUSE / "tests")
    assert (HOUSE / inside).is_dir(), f"{named(path)} tests a room that is not there"


@pytest.mark.parametrize("path", every_python_file(), ids=named)
def test_nothing_is_read_that_runs_code_when_it_is_read(path: Path) -> None:
    """No pickle in any disguise: not by import, not by a queue of processes, not by a library that pickles for us."""
    guilty = {getattr(node, "lineno", 0) for node in ast.walk(ast.parse(path.read_text("utf-8"))) if pickles(node)}
    assert bool(guilty) is (named(path) in AMONG_ITS_OWN), f"{named(path)}:{sorted(guilty)}: hand on JSON or Arrow"


#: Who may hand pickles to processes of its own, and why no byte of anybody else is ever among them.
AMONG_ITS_OWN = {
    "synthetic_data/folders/hands.py": "a pool of spawned children of its own, over pipes that nobody else can open",
}
PICKLING_MODULES = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal", "diskcache"}
PICKLING_CALLS = {"read_pickle", "to_pickle", "JoinableQueue", "SimpleQueue", "Manager", "ProcessPoolExecutor", "Pool"}


def pickles(node: ast.AST) -> bool:
    """Whether a piece of code pickles or unpickles, or may."""
    match node:
        case ast.Import():
            return any(one.name.partition(".")[0] in PICKLING_MODULES for one in node.names)
        case ast.ImportFrom():
            module, names = node.module or "", {one.name for one in node.names}
            of_processes = module.startswith(("multiprocessing", "concurrent.futures"))
            return module.partition(".")[0] in PICKLING_MODULES or (
                of_processes and bool(names & (PICKLING_CALLS | {"Queue"}))
            )
        case ast.Call(func=ast.Attribute(value=owner, attr=name)):
            of_processes = isinstance(owner, ast.Name) and owner.id in ("multiprocessing", "context", "futures")
            return name in ("read_pickle", "to_pickle") or (of_processes and name in PICKLING_CALLS | {"Queue"})
        case ast.keyword(arg="allow_pickle"):
            return not (isinstance(node.value, ast.Constant) and node.value.value is False)
    return False


def test_no_file_names_a_package_registry() -> None:
    """Where packages come from is the business of the machine, not of the project."""
    hosts = ("pypi" + ".org", "python" + "hosted", "npmjs" + ".", "registry" + ".")
    guilty = [named(path) for path in texts() if any(host in text_of(path) for host in hosts)]
    assert not guilty


def test_no_file_points_outside_the_house() -> None:
    outside = ("../" + "shared", "/work/" + "shared", "/work/" + "main")
    guilty = [named(path) for path in texts() if any(place in text_of(path) for place in outside)]
    assert not guilty


def test_nothing_is_left_for_later() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X:", "NotImplemented" + "Error")
    guilty = [named(path) for path in modules() if any(mark in text_of(path) for mark in marks)]
    assert not guilty


def texts() -> tuple[Path, ...]:
    return tuple(path for path in tracked() if path.suffix not in {".png", ".ico", ".woff2", ".parquet", ".gz"})


@cache
def text_of(path: Path) -> str:
    return path.read_text("utf-8", errors="replace")
