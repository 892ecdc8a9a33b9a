"""Identity: old and new numbers of one person compare equal, numbers of two people do not pass for slips."""

from poc.reference_crm.domain import identity


def test_the_check_character_is_that_of_the_standard() -> None:
    assert identity.check_character("11010519491231002") == "X"  # the example printed in GB 11643-1999
    assert identity.check_character("44052418800101001") == "4"


def test_a_number_of_fifteen_digits_becomes_its_successor() -> None:
    assert identity.canonical("110105491231002") == "11010519491231002X"
    assert identity.canonical("11010519491231002x") == "11010519491231002X"


def test_both_forms_of_a_number_are_known() -> None:
    both = {"11010519491231002X", "110105491231002"}
    assert set(identity.forms("110105491231002")) == set(identity.forms("11010519491231002X")) == both
    assert identity.forms("110105200512310029") == ("110105200512310029",)


def test_a_mobile_number_is_the_same_with_and_without_country_code() -> None:
    assert identity.phone("+86 138-0013-8000") == identity.phone("13800138000") == "13800138000"


SOUND = "11010519491231002X"


def numbered(first17: str) -> str:
    return first17 + identity.check_character(first17)


def test_one_wrong_digit_or_swap_that_the_check_betrays_is_a_slip() -> None:
    assert identity.is_slip(SOUND, "11010519491232002X")
    assert identity.is_slip(SOUND, "11010519491213002X")
    assert not identity.is_slip(SOUND, "110105491231002")


def test_a_mistyped_region_is_a_slip_and_another_sequence_is_a_twin() -> None:
    assert identity.is_slip(SOUND, numbered("56010519491231002"))
    assert not identity.is_slip(SOUND, numbered("11010519491231004"))
    assert not identity.is_slip(SOUND, numbered("56220519491231002"))
