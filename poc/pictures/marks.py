"""Marks: the few shapes of which a picture is made, as SVG: text, lines, hatched boxes, symbols."""

import html
import re
from collections.abc import Iterable, Sequence
from math import cos, pi, sin

FONT = "Noto Sans SC"
DASHES = {
    "solid": "", "dash": "7 4", "dot": "2 3", "dashdot": "7 3 2 3", "longdash": "11 4", "longdashdot": "11 4 2 4",
}  # fmt: skip
#: Lines of a tile of seven for every hatching that Plotly knows.
_HATCHES = {
    "/": "M0 7L7 0M-1 1L1 -1M6 8L8 6", "\\": "M0 0L7 7M-1 6L1 8M6 -1L8 1", "-": "M0 3.5H7", "|": "M3.5 0V7",
    "x": "M0 0L7 7M0 7L7 0", "+": "M0 3.5H7M3.5 0V7", ".": "",
}  # fmt: skip


class Marks:
    """What was drawn so far; hatchings are defined once."""

    def __init__(self) -> None:
        self._drawn: list[str] = []
        self._tiles: dict[tuple[str, str, str], str] = {}

    def whole(self, wide: float, high: float) -> str:
        """Return the picture."""
        tiles = "".join(self._tile(name, *key) for key, name in self._tiles.items())
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}" width="{wide:.0f}" '
            f'height="{high:.0f}" font-family="{FONT}"><defs>{tiles}</defs>{"".join(self._drawn)}</svg>'
        )

    def text(
        self, x: float, y: float, told: str, *, size: float = 12, colour: str = "#1c2430", anchor: str = "start",
        turned: bool = False,
    ) -> None:  # fmt: skip
        """Write a line of text whose middle lies at ``y``; bold is a second stroke, since the font has one weight."""
        bold = f' stroke="{colour}" stroke-width="0.35"' if "<b>" in told else ""
        plain = html.escape(html.unescape(re.sub(r"<[^>]*>", "", told)))
        turn = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if turned else ""
        self._drawn.append(
            f'<text x="{x:.1f}" y="{y + size * 0.36:.1f}" font-size="{size:g}" fill="{colour}" '
            f'text-anchor="{anchor}"{bold}{turn}>{plain}</text>'
        )

    def line(self, points: Iterable[tuple[float, float]], colour: str, wide: float = 1, dash: str = "") -> None:
        """Draw a line through points."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashed = f' stroke-dasharray="{DASHES[dash]}"' if DASHES.get(dash) else ""
        self._drawn.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{wide:g}"{dashed} '
            'stroke-linejoin="round"/>'
        )

    def area(self, points: Iterable[tuple[float, float]], colour: str) -> None:
        """Fill what lies between points."""
        fill, clear = _see_through(colour)
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self._drawn.append(f'<polygon points="{path}" fill="{fill}" fill-opacity="{clear:g}"/>')

    def box(
        self, left: float, top: float, wide: float, high: float, colour: str, *, edge: str = "", hatch: str = "",
        ink: str = "white",
    ) -> None:  # fmt: skip
        """Draw a box, hatched over its colour where a hatching is named."""
        fill = colour if not hatch else f"url(#{self._tiles.setdefault((hatch, colour, ink), f'h{len(self._tiles)}')})"
        fill, clear = _see_through(fill)
        around = f' stroke="{edge}" stroke-width="1"' if edge else ""
        see = f' fill-opacity="{clear:g}"' if clear < 1 else ""
        self._drawn.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{max(wide, 0):.1f}" height="{max(high, 0):.1f}" '
            f'fill="{fill}"{see}{around}/>'
        )

    def symbol(self, x: float, y: float, shape: str, size: float, colour: str) -> None:
        """Draw a symbol of Plotly's by name, ``size`` pixels wide."""
        r = size / 2
        if shape == "circle":
            self._drawn.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{colour}" stroke="white" stroke-width="0.8"/>'
            )
            return
        path = " ".join(f"{x + r * dx:.1f},{y + r * dy:.1f}" for dx, dy in _outline(shape))
        self._drawn.append(f'<polygon points="{path}" fill="{colour}" stroke="white" stroke-width="0.8"/>')

    @staticmethod
    def _tile(name: str, hatch: str, colour: str, ink: str) -> str:
        dots = f'<circle cx="3.5" cy="3.5" r="1" fill="{ink}"/>' if hatch == "." else ""
        return (
            f'<pattern id="{name}" width="7" height="7" patternUnits="userSpaceOnUse"><rect width="7" height="7" '
            f'fill="{colour}"/><path d="{_HATCHES.get(hatch, "")}" stroke="{ink}" stroke-width="0.9" fill="none"/>'
            f"{dots}</pattern>"
        )


def _see_through(colour: str) -> tuple[str, float]:
    """Return a colour and how opaque it is; Plotly writes both in one."""
    if (found := re.fullmatch(r"rgba\((\d+), ?(\d+), ?(\d+), ?([\d.]+)\)", colour)) is None:
        return colour, 1.0
    red, green, blue = (int(one) for one in found.groups()[:3])
    return f"#{red:02x}{green:02x}{blue:02x}", float(found.group(4))


def _outline(shape: str) -> Sequence[tuple[float, float]]:
    match shape:
        case "square":
            return [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]
        case "diamond":
            return [(0, -1.15), (1.15, 0), (0, 1.15), (-1.15, 0)]
        case "triangle-up":
            return [(0, -1.1), (1, 0.85), (-1, 0.85)]
        case "triangle-down":
            return [(0, 1.1), (1, -0.85), (-1, -0.85)]
        case "cross":
            t = 0.38
            return [(-t, -1), (t, -1), (t, -t), (1, -t), (1, t), (t, t), (t, 1), (-t, 1), (-t, t), (-1, t), (-1, -t),
                    (-t, -t)]  # fmt: skip
        case "star":
            return [
                (rad * sin(k * pi / 5), -rad * cos(k * pi / 5))
                for k in range(10)
                for rad in [1.2 if k % 2 == 0 else 0.5]
            ]
    return [(sin(k * pi / 3), -cos(k * pi / 3)) for k in range(6)]
