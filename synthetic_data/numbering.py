"""Numbering: identity and telephone numbers as people of a profile's country bear them; none can belong to anybody."""

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from synthetic_data import identities, texts
from synthetic_data.columns import Flags, Places
from synthetic_data.texts import Letters, beside

Country: TypeAlias = Literal["china", "europe"]

#: Codes that ISO 3166-1 leaves to users and gives to no country (XK is left out, for Kosovo uses it). The second half
#: is kept for the slips of clerks, as the provinces of Chinese numbers are.
COUNTRIES = "XA XB XC XD XE XF XG XH XI XJ XL XM XN XO XP XQ XR XS XT XU"
MISTYPED_COUNTRIES = "QM QN QO QP QQ QR QS QT QU QV QW QX QY QZ XV XW XX XY XZ ZZ"

#: ITU-T E.164 has assigned the country code 384 to nobody. Ranges kept for films and plays (Ireland: 020 91, Germany:
#: a few blocks) hold a hundred thousand numbers at most, too few for a bank in which each is borne once.
CALLING_CODE = "+384"


def _pairs() -> NDArray[np.uint8]:
    """The letters that stand for each of a hundred provinces; those of a province that is not used are 0."""
    pairs = np.zeros((100, 2), dtype=np.uint8)
    for provinces, countries in (
        (identities.PROVINCES, COUNTRIES),
        (identities.MISTYPED_PROVINCES, MISTYPED_COUNTRIES),
    ):
        places = np.array(list(map(int, provinces.split())))
        pairs[places] = np.frombuffer(countries.replace(" ", "").encode(), np.uint8).reshape(-1, 2)
    return pairs


_PAIRS = _pairs()


def national_ids(country: Country, birth: NDArray[np.integer], male: Flags, found: Places, mistyped: Flags) -> Letters:
    """Return identity numbers of 18 characters by marks.

    Those of Europe have the make of the Chinese (GB 11643: region, birth date, sequence, check character), but begin
    with the letters of a country that is none; letters and provinces stand for each other one to one.
    """
    numbers = identities.national_ids(birth, male, found, mistyped)
    if country == "china":
        return numbers
    province = (numbers[:, 0].astype(np.int64) - ord("0")) * 10 + numbers[:, 1] - ord("0")
    return np.hstack([_PAIRS[province], numbers[:, 2:]])


def mobiles(country: Country, found: Places) -> Letters:
    """Return mobile numbers by marks."""
    if country == "china":
        return identities.mobiles(found)
    return beside(len(found), CALLING_CODE, texts.digits(found, 8))


def landlines(country: Country, found: Places) -> Letters:
    """Return telephone numbers of companies by marks; those of Europe stand apart from mobile ones by their length."""
    if country == "china":
        return identities.landlines(found)
    return beside(len(found), CALLING_CODE, "0", texts.digits(found, 8))
