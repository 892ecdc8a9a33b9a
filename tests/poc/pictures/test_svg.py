"""Still pictures: what a figure of the pages shows is drawn for paper and office files, the same every time."""

import struct
import xml.etree.ElementTree as ET

import plotly.graph_objects as go
import pytest

from poc.pictures.fields import sampled
from poc.pictures.fonts import readable
from poc.pictures.png import png
from poc.pictures.svg import svg

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def bars() -> go.Figure:
    figure = go.Figure(
        [
            go.Bar(x=[0, 1], y=[120.0, 80.0], name="licence & support", marker={"color": "#0b5cad"}),
            go.Bar(x=[0, 1], y=[30.0, 45.0], name="people", marker={"color": "#b8520a"}),
        ]
    )
    up = {"title": {"text": "千元"}}
    return figure.update_layout(barmode="stack", showlegend=True, height=300, yaxis=up)


def test_a_figure_becomes_well_formed_svg_with_its_words_in_it(bars: go.Figure) -> None:
    drawn = ET.fromstring(svg(bars))
    words = {one.text for one in drawn.iter(f"{SVG}text")}
    assert {"people", "licence & support", "千元"} <= words
    assert (drawn.get("width"), drawn.get("height")) == ("680", "300")


def test_the_same_figure_gives_the_same_bytes(bars: go.Figure) -> None:
    assert svg(bars) == svg(go.Figure(bars))


def test_a_picture_has_the_dots_that_were_asked_for(bars: go.Figure) -> None:
    made = png(svg(bars), dots=96)
    assert made.startswith(b"\x89PNG")
    assert struct.unpack(">II", made[16:24]) == (680, 300)


def test_a_sign_that_the_font_lacks_is_replaced_and_nothing_else() -> None:
    assert readable("\u65b0\u95fb A") == "\u65b0\u95fb A"
    assert readable("\u274c") == "\u00d7"


def test_a_shade_between_two_stops_lies_between_them() -> None:
    stops = ((0.0, "#000000"), (1.0, "#ffffff"))
    assert [sampled(share, stops) for share in (-1.0, 0.0, 0.5, 2.0)] == ["#000000", "#000000", "#808080", "#ffffff"]
