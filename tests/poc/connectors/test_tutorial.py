"""Tutorial: docs/tutorial-connector.md followed to the letter; another package's connector is found."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from poc.cli.door import run
from poc.cli.faults import FINE
from poc.lab.service import free_port

pytestmark = pytest.mark.slow
HOUSE = Path(__file__).parents[3]
PAGE = (HOUSE / "docs" / "tutorial-connector.md").read_text("utf-8")
PRODUCT, SHAPES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
(TARGETS,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


@contextmanager
def rolodex(folder: Path, port: str) -> Iterator[None]:
    """Rolodex as the page starts it."""
    (folder / "rolodex.py").write_text(PRODUCT, "utf-8")
    with subprocess.Popen([sys.executable, str(folder / "rolodex.py"), port]) as product:
        try:
            _awaited(f"http://127.0.0.1:{port}/openapi.json")
            yield
        finally:
            product.terminate()


def installed(place: Path, folder: Path) -> Path:
    """Build a package and install it into an environment of its own; return that environment's Python."""
    dist, venv = folder / "dist", folder / "venv"
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--skip-dependency-check"]
    subprocess.run([*build, "--outdir", str(dist), str(place)], check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    python, packages = venv / "bin" / "python", next(venv.glob("lib/python*/site-packages"))
    lent = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "lent.pth").write_text("\n".join([str(HOUSE), *lent]), "utf-8")
    install = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(next(dist.glob("*.whl")))]
    subprocess.run([str(python), *install], check=True, capture_output=True)
    return python


def _awaited(url: str) -> None:
    for _ in range(400):
        try:
            httpx.get(url, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nothing answers at {url}")


def test_the_tutorial_ends_where_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    port = str(free_port())
    place = tmp_path / "touchstone-rolodex"
    environment = {**os.environ, "ROLODEX_TOKEN": "rolodex-token-1", "PYTHONPATH": str(place)}
    tests = ("pytest", "-q", "-p", "no:cacheprovider", str(place))

    def said(*words: str) -> str:
        done = subprocess.run([str(python), "-m", *words], capture_output=True, cwd=tmp_path, env=environment)
        return done.stdout.decode()

    with rolodex(tmp_path, port):
        openapi = f"http://127.0.0.1:{port}/openapi.json"
        assert run(["connector", "new", "rolodex", "--openapi", openapi, "--folder", str(tmp_path)]) == FINE
        assert "Customer /api/people (5 fields), Opportunity /api/deals (4 fields)" in capsys.readouterr().out
        (tmp_path / "targets.toml").write_text(TARGETS.replace("8099", port), "utf-8")
        python = installed(place, tmp_path)
        found = [one for one in json.loads(said("poc.cli", "connector", "list", "--json")) if one["verbs"] == 5]
        assert [one["from"] for one in found] == ["touchstone_rolodex:RolodexConnector"]
        assert "integration-app" in said("poc.cli", "target", "check", "rolodex")
        first = said(*tests)
        assert "translation_loses_nothing" in first
        assert "1 failed" in first
    module = place / "touchstone_rolodex" / "__init__.py"
    text = module.read_text("utf-8")
    begin = text.index("SHAPES = Shapes(")
    end = text.index("\n)\n", begin) + 3
    module.write_text(text[:begin] + SHAPES + text[end:], "utf-8")
    with rolodex(tmp_path, port):
        assert "12 passed" in said(*tests)
