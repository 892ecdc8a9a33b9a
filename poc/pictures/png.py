"""png(): a still picture as dots, for office files; drawn with the font that comes along, so the same everywhere."""

from importlib import resources

import typst

from poc.pictures.fonts import fonts, readable


def png(svg: str, *, dots: int = 170) -> bytes:
    """Return an SVG picture as PNG, ``dots`` to every 96 of its pixels (an inch)."""
    made = typst.compile(
        str(resources.files("poc").joinpath("templates", "picture.typ")), format="png", ppi=float(dots),
        font_paths=[str(fonts())], ignore_system_fonts=True, sys_inputs={"svg": readable(svg)},
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made
