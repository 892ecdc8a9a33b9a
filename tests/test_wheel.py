"""The wheel: holds every module and data file of the house, and works where it was installed."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
ROOMS = ("poc", "scorecards", "loadtests", "scenarios", "synthetic_data")
DATA = {
    ".toml",
    ".html",
    ".css",
    ".js",
    ".svg",
    ".json",
    ".yaml",
    ".mako",
    ".ini",
    ".txt",
    ".csv",
    ".j2",
    ".sql",
    ".md",
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(HOUSE)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of its own that holds the wheel; what it depends on is lent by ours."""
    place = tmp_path_factory.mktemp("elsewhere") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    packages = next(place.glob("lib/python*/site-packages"))
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(packages)
    lent = [path for path in sys.path if path.endswith("site-packages")]
    # a plain .pth line adds a folder without reading the .pth files in it, so our working tree is not lent along
    (packages / "lent.pth").write_text("\n".join(lent), "utf-8")
    return place / "bin" / "python"


def expected() -> set[str]:
    files = (path for room in ROOMS for path in (HOUSE / room).rglob("*"))
    return {
        str(path.relative_to(HOUSE))
        for path in files
        if path.is_file() and "__pycache__" not in path.parts and path.suffix in DATA | {".py"}
    }


def test_the_wheel_holds_every_module_and_every_data_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        held = set(packed.namelist())
    assert expected() <= held
    assert "app.py" in held


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        tops = {name.split("/")[0] for name in packed.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"app.py", ".streamlit", *ROOMS}


def test_the_installed_product_runs_its_command_away_from_home(elsewhere: Path, tmp_path: Path) -> None:
    away = {**os.environ, "PYTHONPATH": "", "PYTHONSAFEPATH": "1"}
    where = subprocess.run(
        [elsewhere, "-c", "import poc.cli, sys; print(poc.cli.__file__); sys.exit(poc.cli.main(['--help']))"],
        cwd=tmp_path, env=away, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert where.returncode == 0, where.stderr
    assert str(elsewhere.parent.parent) in where.stdout
    assert "Usage: touchstone" in where.stdout


def test_the_installed_product_finds_its_data(elsewhere: Path, tmp_path: Path) -> None:
    away = {**os.environ, "PYTHONPATH": "", "PYTHONSAFEPATH": "1"}
    ask = "from scorecards.criterion import catalogue; print(len(catalogue().criteria))"
    told = subprocess.run([elsewhere, "-c", ask], cwd=tmp_path, env=away, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert int(told.stdout) == 138
