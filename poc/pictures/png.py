"""png(): a still picture as dots, for office files; drawn with the font that comes along, so the same everywhere."""

import typst

from poc.pictures.fonts import fonts

_SHEET = b"""
#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg")
"""


def png(svg: str, *, dots: int = 170) -> bytes:
    """Return an SVG picture as PNG, ``dots`` to an inch of 72 of its pixels."""
    made = typst.compile(
        _SHEET,
        format="png",
        ppi=float(dots),
        font_paths=[str(fonts())],
        ignore_system_fonts=True,
        sys_inputs={"svg": svg},
    )
    assert isinstance(made, bytes)
    return made
