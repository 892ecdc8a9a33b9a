"""Dictionary: read from the records, graded as the standards say, in two languages."""

import pytest

from synthetic_data.folders.dictionary import UNGRADED, Entry, as_table, entries, table_name
from synthetic_data.folders.order import Order
from synthetic_data.folders.soil import soil_of
from synthetic_data.profile import load_profile
from synthetic_data.records import Branch, CampaignMember, Company, KycFile, Staff
from synthetic_data.tables import schema_of


def entry(table: str, field: str) -> Entry:
    (found,) = (e for e in entries() if (e.table, e.field) == (table, field))
    return found


def test_tables_are_called_as_one_would_say_them() -> None:
    named = [table_name(kind) for kind in (Branch, CampaignMember, Company, KycFile, Staff)]
    assert named == ["branches", "campaign_members", "companies", "kyc_files", "staff"]


def test_every_field_of_every_kind_is_graded_and_has_a_chinese_name() -> None:
    assert not [(e.table, e.field) for e in entries() if e.class_ == UNGRADED or not e.zh]
    assert not [e.table for e in entries() if not e.table_zh or not e.table_en]


@pytest.mark.parametrize(
    ("table", "field", "class_", "level", "grade", "sensitive"),
    [
        ("customers", "national_id", "C2", 3, "sensitive", True),
        ("customers", "mobile", "C2", 3, "sensitive", False),
        ("customers", "manager", "C1", 2, "other general", False),
        ("accounts", "opened", "C1", 2, "other general", False),
        ("accounts", "balance", "C2", 3, "sensitive", True),
        ("holdings", "currency", "C2", 3, "sensitive", True),
        ("branches", "name", "none", 1, "other general", False),
        ("cards", "expires", "C3", 4, "sensitive", True),
    ],
)
def test_fields_have_the_class_that_the_standard_gives_them(
    table: str, field: str, class_: str, level: int, grade: str, sensitive: bool
) -> None:
    found = entry(table, field)
    assert (found.class_, found.level, found.grade, found.sensitive) == (class_, level, grade, sensitive)


def test_words_and_types_come_from_where_the_field_is_defined() -> None:
    assert entry("customers", "tier").en == "mass | affluent | private"
    assert entry("customers", "tier").type == "word"
    assert entry("customers", "guardian").nullable
    assert entry("customers", "number").en == "number"


def test_every_column_of_a_table_is_in_the_dictionary_once() -> None:
    assert [e.field for e in entries() if e.table == "companies"] == schema_of(Company).names


@pytest.mark.parametrize(("language", "head"), [("en", "class (JR/T 0171)"), ("zh", "金规〔2024〕24号 分级")])
def test_the_dictionary_is_a_table_in_either_language(language: str, head: str) -> None:
    told = as_table(entries(), language)
    assert head in told.column_names
    assert told.num_rows == len(entries())


def test_every_table_that_a_bank_grows_is_explained_field_by_field() -> None:
    asked = Order(seed=7, profile=load_profile("cn-digital-bank"), customers=1)
    soil = soil_of(asked)
    grown = {**soil.once(), **soil.cell(0).tables}
    told = [(e.table, e.field) for e in entries()]
    assert not {(name, field) for name, table in grown.items() for field in table.schema.names} - set(told)
