"""On paper: a product that nobody can ask stands beside tested ones, with its label and its wide interval."""

import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from poc.assessment import opened
from poc.cli.door import run as touchstone
from poc.cli.faults import BAD_INPUT, FINE
from poc.connectors.connect import connect
from poc.connectors.verification import ON_PAPER, kind, live, worn
from poc.deciding import decided
from poc.onpaper import answered, attested, listed, on_paper, workbook
from poc.report import View
from poc.settings import SettingsError, Target, keep_target
from poc.words import words
from scenarios.evidence import Grade
from scenarios.folders import AssessmentFolder
from scorecards.methods.tables import TableError
from tests.poc.pages.sample import write_sample

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
LOOKED = {"points": 4.0, "names": ("Lin",), "reason": "certificate 17, scope read", "until": date(2027, 6, 30)}


def filled(whole: bytes, answers: dict[str, str], usual: str = "yes") -> bytes:
    """The workbook as a vendor sends it back."""
    book = load_workbook(io.BytesIO(whole))
    sheet = book["Answers"]
    for row in range(2, sheet.max_row + 1):
        answer = answers.get(str(sheet.cell(row, 1).value), usual)
        sheet.cell(row, 4).value = answer
        sheet.cell(row, 5).value = "2027-01-31" if answer == "roadmap" else None
        sheet.cell(row, 6).value = "manual 3.1"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return write_sample(tmp_path / "runs")


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("runs"))


def test_a_product_on_paper_takes_its_place_from_the_workbook_to_the_decision(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    targets, file = tmp_path / "targets.toml", tmp_path / "siebel.xlsx"
    about = ["--targets", str(targets)]
    where = [*about, "--runs", str(place.parent)]
    assert touchstone(["target", "paper", "siebel", "--title", "Siebel", "--out", str(file), *about]) == FINE
    file.write_bytes(filled(file.read_bytes(), {"SEC-08": "no", "CUS-02": "roadmap", "SEC-02": "custom"}))
    assert touchstone(["target", "answered", "siebel", place.name, str(file), *where]) == FINE
    seen = ["--class", "E2", "--points", "5", "--by", "Lin", "--by", "Mu", "--reason", "shown on script 4 of ours"]
    seen += ["--until", f"{datetime.now(UTC) + timedelta(days=300):%Y-%m-%d}"]
    assert touchstone(["target", "attest", "siebel", place.name, "CUS-01", *seen, *where]) == FINE
    capsys.readouterr()

    assessment = opened(place)
    one = assessment.subject("siebel")
    assert one.manifest.labels == (ON_PAPER,)
    rated = {row: assessment.ratings.of("siebel", row) for row in ("SEC-08", "CUS-02", "CUS-03", "CUS-01")}
    assert {row: (one.worst, one.best) for row, one in rated.items()} == {
        "SEC-08": (0.0, 0.0),
        "CUS-02": (0.0, 0.0),
        "CUS-03": (0.0, 5.0),
        "CUS-01": (rated["CUS-01"].cap, 5.0),
    }
    paper, tested = (assessment.scorecard.of(name).overall for name in ("siebel", "reference"))
    assert paper.best - paper.worst > 2
    assert tested.coverage != paper.coverage
    for language, label in (("en", "on paper only"), ("zh", "仅凭书面材料")):
        assert View(assessment=assessment, say=words(language)).named(one) == f"Siebel ({label})"
    assert "siebel" in decided(assessment, draws=200).contest.vendors

    assert touchstone(["target", "list", "--json", *about]) == FINE
    told = json.loads(capsys.readouterr().out)["targets"]
    assert [(each["kind"], each["labels"]) for each in told if each["name"] == "siebel"] == [("paper", [ON_PAPER])]


def test_later_answers_take_the_place_of_earlier_ones(place: Path, tmp_path: Path) -> None:
    one = listed("siebel", "Siebel", tmp_path / "targets.toml")
    runs = AssessmentFolder(place.parent, place.name)
    for usual in ("yes", "no"):
        answered(one, runs, filled(workbook(one), {}, usual), "siebel.xlsx", NOW)
    said = {piece.observed for piece in opened(place).subject("siebel").evidence}
    assert said == {"no"}


def test_nobody_can_ask_a_product_on_paper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = listed("siebel", "", tmp_path / "targets.toml")
    assert (kind(one), live(one), worn(one), one.title) == ("paper", False, (ON_PAPER,), "siebel")
    with pytest.raises(SettingsError, match="nobody can ask it"):
        connect(one)
    assert touchstone(["target", "check", "siebel", "--targets", str(tmp_path / "targets.toml")]) == BAD_INPUT
    assert capsys.readouterr().err.count("\n") == 1


def test_what_can_be_asked_is_not_answered_for(tmp_path: Path) -> None:
    file = tmp_path / "targets.toml"
    keep_target(Target(name="ours", connector="reference", url="https://127.0.0.1:8443"), file)
    with pytest.raises(SettingsError, match="it is measured"):
        on_paper("ours", file)
    with pytest.raises(SettingsError, match="choose another name"):
        listed("ours", "", file)


@pytest.mark.parametrize(
    ("wrong", "fault", "named"),
    [
        ({"criterion": "SEC-99"}, SettingsError, "criterion = 'SEC-99'"),
        ({"until": date(2026, 6, 30)}, SettingsError, "until = 2026-06-30"),
        ({"reason": "fine"}, SettingsError, "reason = 'fine'"),
        ({"grade": "E4"}, TableError, "grade = 'E4'"),
        ({"grade": "E2"}, TableError, "asks for two names"),
        ({"grade": "E2", "names": ("Lin", "Lin")}, TableError, "asks for two names"),
        ({"points": 6.0}, TableError, "at 6 points"),
    ],
)
def test_an_attestation_names_what_is_wrong_and_files_nothing(
    untouched: Path, tmp_path: Path, wrong: dict[str, object], fault: type[Exception], named: str
) -> None:
    one, runs = listed("siebel", "", tmp_path / "targets.toml"), AssessmentFolder(untouched.parent, untouched.name)
    said = {"criterion": "SEC-02", "grade": Grade.THIRD_PARTY_PAPER.value, **LOOKED, **wrong}
    with pytest.raises(fault, match=named):
        attested(one, runs, str(said.pop("criterion")), at=NOW, **said)  # type: ignore[arg-type]
    assert not runs.of("siebel").exists()


def test_without_an_assessment_there_is_no_place_beside_anybody(tmp_path: Path) -> None:
    one = listed("siebel", "", tmp_path / "targets.toml")
    with pytest.raises(SettingsError, match="there is no assessment"):
        attested(one, AssessmentFolder(tmp_path, "none"), "SEC-02", grade="E1t", at=NOW, **LOOKED)  # type: ignore[arg-type]
