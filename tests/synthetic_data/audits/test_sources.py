"""The same bank is audited alike, grown on the spot or read from a folder, in columns or in records."""

from pathlib import Path

import pytest

from synthetic_data.audits.audit import audit
from synthetic_data.audits.sources import Source, grown, kept
from synthetic_data.files import write
from synthetic_data.folders.faults import FolderError
from synthetic_data.folders.growing import grow_folder
from synthetic_data.folders.order import Order
from synthetic_data.folders.soil import soil_of
from synthetic_data.generator import generate
from synthetic_data.profile import load_profile

PROFILE = "cn-digital-bank"


def figures(source: Source) -> dict[str, float | None]:
    done = audit(source.parts, source.clock, source.profile)
    assert done.customers == source.customers
    return {finding.key: finding.found for finding in done.findings}


def test_a_folder_of_columns_says_what_growing_it_said(tmp_path: Path) -> None:
    profile = load_profile(PROFILE)
    grow_folder(Order(seed=5, profile=profile, customers=300), tmp_path / "bank", grower=soil_of)
    fresh, read = figures(grown(5, profile, 300)), figures(kept(tmp_path / "bank"))
    assert {key: value for key, value in read.items() if value is not None} == pytest.approx(
        {key: value for key, value in fresh.items() if value is not None}
    )


def test_a_folder_of_records_says_the_same_of_what_it_holds(tmp_path: Path) -> None:
    write(generate(seed=5, customers=300, profile=PROFILE).bank, tmp_path / "bank")
    fresh, read = figures(grown(5, load_profile(PROFILE), 300)), figures(kept(tmp_path / "bank"))
    known = {key: value for key, value in read.items() if value is not None}
    assert len(known) >= 60
    assert known == pytest.approx({key: fresh[key] for key in known})


def test_a_folder_without_a_bank_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="cannot be read"):
        kept(tmp_path)
