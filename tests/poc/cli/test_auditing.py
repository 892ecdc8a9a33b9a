"""touchstone bank audit tells every figure beside its source, in two languages, to people and machines."""

from pathlib import Path

import orjson
import pytest

from poc.cli.door import run


def test_an_audit_is_told_in_tables_and_written_as_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "audit.html"
    assert run(["bank", "audit", "--customers", "200", "--lang", "zh", "--plots", str(page)]) == 0
    told = capsys.readouterr().out
    assert "男性客户占比" in told
    assert "bulletin no. 4 (NBS)" in told
    assert "未找到" in told
    assert "Plotly.newPlot" in page.read_text("utf-8")


def test_an_audit_is_told_to_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bank", "audit", "--customers", "200", "--profile", "eu-retail", "--json"]) == 0
    told = orjson.loads(capsys.readouterr().out)
    assert (told["profile"], told["customers"]) == ("eu-retail", 200)
    assert len(told["figures"]) >= 40
    male = next(one for one in told["figures"] if one["key"] == "male")
    assert male["published_value"] == 0.489
    assert male["source"].startswith("Eurostat")


def test_too_many_far_figures_are_a_missed_threshold() -> None:
    assert run(["bank", "audit", "--customers", "50", "--need", "0", "--json"]) == 99


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--customers", "0"], "customers: 0 is outside"),
        (["--profile", "moon"], "unknown name 'moon'"),
        (["nowhere"], "cannot be read"),
        (["--lang", "fr"], "'fr'"),
    ],
)
def test_bad_input_is_told_in_one_line(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bank", "audit", *words]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert "Traceback" not in said
