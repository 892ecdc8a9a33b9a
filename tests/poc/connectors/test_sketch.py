"""Sketch: a skeleton that is a package, its shapes from an OpenAPI document."""

import ast
import json
from pathlib import Path

import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT
from poc.connectors.sketch import SketchError, document, proposals, write
from synthetic_data.records import Customer, Opportunity

ROLODEX = {
    "openapi": "3.1.0",
    "info": {"title": 'Rolodex "2"\n\\'},
    "paths": {
        "/api/people/{id}": {"get": {}},
        "/api/people/": {"post": {"requestBody": {"content": {"application/json": {"schema": {
            "$ref": "#/components/schemas/Person"}}}}}},
        "/api/deals": {"post": {"requestBody": {"content": {"application/json": {"schema": {
            "properties": {"personId": {}, "value": {}, "stage": {}, "closeDate": {}}}}}}}},
        "/api/widgets": {"post": {}},
    },
    "components": {"schemas": {
        "Base": {"properties": {"fullName": {}, "phoneNumber": {}}},
        "Person": {"allOf": [{"$ref": "#/components/schemas/Base"}], "properties": {"email": {}, "dob": {}}},
    }},
}  # fmt: skip


@pytest.fixture
def told(tmp_path: Path) -> Path:
    path = tmp_path / "rolodex.json"
    path.write_text(json.dumps(ROLODEX), "utf-8")
    return path


def test_shapes_are_proposed_from_what_the_document_creates(told: Path) -> None:
    people, deals = proposals(document(str(told)))
    assert (people.kind, people.path) == (Customer, "/api/people")
    assert people.names == {"name": "fullName", "mobile": "phoneNumber", "email": "email", "birth_date": "dob"}
    assert "national_id" in people.left_out
    assert (deals.kind, deals.names["customer"], deals.names["amount"]) == (Opportunity, "personId", "value")


def test_a_skeleton_is_written_whole_and_reads_as_python(told: Path, tmp_path: Path) -> None:
    place, shapes = write("rolodex", tmp_path, str(told))
    assert sorted(str(one.relative_to(place)) for one in place.rglob("*") if one.is_file()) == [
        "CHECKLIST.md", "pyproject.toml", "tests/test_rolodex.py", "touchstone_rolodex/__init__.py",
    ]  # fmt: skip
    for path in place.rglob("*.py"):
        ast.parse(path.read_text("utf-8"))
    assert len(shapes) == 2
    assert "national_id" in (place / "CHECKLIST.md").read_text("utf-8")


def test_what_a_document_says_stays_text_and_never_becomes_code(tmp_path: Path) -> None:
    evil = json.loads(json.dumps(ROLODEX).replace('/api/people/"', '/x\\"+exit()+\\"/people"'))
    evil["info"]["title"] = '"""\nimport os'
    path = tmp_path / "evil.json"
    path.write_text(json.dumps(evil), "utf-8")
    place, _ = write("evil", tmp_path, str(path))
    tree = ast.parse((place / "touchstone_evil" / "__init__.py").read_text("utf-8"))
    assert not [one for one in ast.walk(tree) if isinstance(one, ast.Import)]
    assert not [one for one in ast.walk(tree) if isinstance(one, ast.Name) and one.id == "exit"]


@pytest.mark.parametrize(
    ("text", "named"),
    [("{", "neither JSON nor YAML"), ("[]", "no OpenAPI 3"), ("swagger: '2.0'", "no OpenAPI 3"),
     ("openapi: 3.0.0", "paths = None")],
)  # fmt: skip
def test_a_document_that_is_none_says_why_and_nothing_is_written(
    tmp_path: Path, text: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(text, "utf-8")
    assert run(["connector", "new", "thing", "--openapi", str(path), "--folder", str(tmp_path)]) == BAD_INPUT
    assert named in capsys.readouterr().err
    assert not (tmp_path / "touchstone-thing").exists()


def test_a_wrong_name_a_taken_folder_and_a_missing_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(SketchError, match="'Big One'"):
        write("Big One", tmp_path)
    write("thing", tmp_path)
    with pytest.raises(SketchError, match="there already"):
        write("thing", tmp_path)
    with pytest.raises(SketchError, match="cannot read"):
        write("other", tmp_path, str(tmp_path / "none.json"))
