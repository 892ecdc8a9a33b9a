"""Recipe: data that names all it needs; every package is pinned and has hashes; licences are told."""

import re
from importlib.resources import files

import pytest

from poc.lab.vendors.recipe import Recipe, UnknownProductError, filled, recipe, recipes

#: The names that a recipe may use, as the premises fill them.
VALUES = dict.fromkeys(
    ("bin", "run", "port", "url", "database", "user", "password", "socket", "redis", "redis_port", "redis_password",
     "secret", "fernet", "admin"), "x",
)  # fmt: skip
EVERY = [pytest.param(one, id=name) for name, one in recipes().items()]


@pytest.mark.parametrize("one", EVERY)
def test_every_package_of_a_product_is_pinned_and_has_hashes(one: Recipe) -> None:
    text = one.lock.read_text("utf-8")
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert all(re.match(r"[\w.-]+==\S+", block) and "--hash=sha256:" in block for block in blocks)
    assert any(block.startswith(f"{one.distribution}=={one.version} ") for block in blocks)
    assert "://" not in text


@pytest.mark.parametrize("one", EVERY)
def test_a_recipe_uses_no_value_that_nobody_fills(one: Recipe) -> None:
    steps = (*one.prepare, *one.serve)
    texts = [word for step in steps for word in (*step.command, *step.environment.values())]
    for text in (*texts, *one.environment.values(), *one.files.values()):
        filled(text, VALUES)  # a name that has no value raises KeyError


@pytest.mark.parametrize("one", EVERY)
def test_a_product_tells_licence_home_and_by_whose_word_it_is_set_up(one: Recipe) -> None:
    assert all((one.licence, one.home.startswith("https://"), one.settings.source, one.settings.says))


def test_an_unknown_product_is_told_with_the_known_ones() -> None:
    with pytest.raises(UnknownProductError, match="no product 'siebel' to install: known are amagi-crm"):
        recipe("siebel")


def test_no_product_is_ever_imported() -> None:
    """Their code stays in their environments, also where its licence would let it in."""
    rooms = files("poc.lab.vendors").iterdir()
    texts = [one.read_text("utf-8") for one in rooms if one.name.endswith(".py")]
    assert not [text for text in texts if re.search(r"^\s*(import|from) (trytond|amagi_crm|creme)", text, re.M)]
