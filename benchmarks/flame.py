"""Flame: draws a small flame graph of the stacks that `py-spy record --function --format raw` wrote.

python -m benchmarks.flame stacks.txt docs/pictures/flame.svg "title"
"""

import html
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

WIDTH, ROW, LEAST, LETTER = 1200, 18, 0.006, 6.2
#: Threads that wait for work are no work.
IDLE = ("_worker (concurrent/futures/thread.py", "select (selectors.py")
#: A frame's place in its file.
FRAME = re.compile(r"(:\d+)?\)$")

#: What belongs to whom: ours, the driver, the server, its encryption, the framework.
COLOURS = {"poc/": "#d9822b", "asyncpg": "#4c78a8", "uvicorn": "#72b7b2", "ssl.py": "#b279a2", "starlette": "#9d9d9d"}

Stacks = Mapping[tuple[str, ...], int]


class Box(NamedTuple):
    """One call: how deep, its left edge and width as shares of the whole, and its name."""

    depth: int
    left: float
    wide: float
    name: str


def stacks(text: str) -> Stacks:
    """Stacks with how often each was seen, without the frames that all of them begin with."""
    found: Counter[tuple[str, ...]] = Counter()
    for line in text.splitlines():
        told, _, count = line.rpartition(" ")
        frames = tuple(FRAME.sub(")", frame) for frame in told.split(";"))
        if not frames[-1].startswith(IDLE):
            found[frames] += int(count)
    while len({frames[0] for frames in found}) == 1 and all(len(frames) > 1 for frames in found):
        found = Counter({frames[1:]: count for frames, count in found.items()})
    return found


def boxes(found: Stacks, depth: int = 0, left: float = 0.0, whole: float = 0.0) -> Iterator[Box]:
    """The boxes of a graph, callers before those they call."""
    whole = whole or sum(found.values())
    parts: dict[str, Counter[tuple[str, ...]]] = {}
    for frames, count in found.items():
        if frames:
            parts.setdefault(frames[0], Counter())[frames[1:]] += count
    for name, below in sorted(parts.items()):
        wide = sum(below.values()) / whole
        if wide >= LEAST:
            yield Box(depth, left, wide, name)
            yield from boxes(below, depth + 1, left, whole)
        left += wide


def colour(name: str) -> str:
    return next((told for part, told in COLOURS.items() if part in name), "#d8cfc0")


def drawn(found: Stacks, title: str) -> str:
    """The graph as SVG, the roots below."""
    placed = list(boxes(found))
    height = (max(box.depth for box in placed) + 1) * ROW + 44
    view = f'viewBox="0 0 {WIDTH} {height}"'
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {view} font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="8" y="18" font-size="14">{html.escape(title)}</text>',
    ]
    for depth, left, wide, name in placed:
        x, y, room = left * WIDTH, height - 8 - (depth + 1) * ROW, wide * WIDTH - 1
        short = name.partition(" (")[0]
        text = short if len(short) * LETTER < room else short[: int(room / LETTER) - 1] + "…" if room > 30 else ""
        box = f'<rect x="{x:.1f}" y="{y}" width="{room:.1f}" height="{ROW - 1}" fill="{colour(name)}"/>'
        told = f"<title>{html.escape(name)}: {wide:.1%}</title>"
        out.append(f'<g>{told}{box}<text x="{x + 3:.1f}" y="{y + 13}">{html.escape(text)}</text></g>')
    return "\n".join([*out, "</svg>\n"])


if __name__ == "__main__":
    source, target, title = sys.argv[1:4]
    Path(target).write_text(drawn(stacks(Path(source).read_text("utf-8")), title), encoding="utf-8")
