"""Drawing: the two small pictures of the report as SVG, so that the page needs nothing but itself."""

from collections.abc import Mapping

from markupsafe import Markup

WIDTH, HEIGHT = 150, 18
TOP = 5.0


def interval(observed: float | None, worst: float, best: float) -> Markup:
    """Return an interval on the scale 0 to 5: a bar from worst to best, a dot where it was observed, a tick at 3."""

    def x(points: float) -> float:
        return 4 + points / TOP * (WIDTH - 8)

    dot = "" if observed is None else f'<circle cx="{x(observed):.1f}" cy="9" r="4.5" class="dot"/>'
    span = max(1.5, x(best) - x(worst))
    told = "–" if observed is None else f"{observed:.2f}"
    return Markup(
        f'<svg class="interval" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{told} [{worst:.2f}, {best:.2f}]"><line x1="{x(0)}" y1="9" x2="{x(TOP)}" y2="9" class="scale"/>'
        f'<line x1="{x(3):.1f}" y1="3" x2="{x(3):.1f}" y2="15" class="gate"/>'
        f'<rect x="{x(worst):.1f}" y="6" width="{span:.1f}" height="6" class="range"/>{dot}</svg>'
    )


def line_per_second(points: Mapping[int, float | None], *, warm_up: float, limit: float = 200.0) -> Markup:
    """Return milliseconds by second as a line, the warm-up shaded and the limit dashed."""
    width, height, left, bottom = 640, 160, 44, 22
    seen = {second: value for second, value in points.items() if value is not None}
    if not seen:
        return Markup("")
    last, most = max(1, max(seen)), max(limit * 1.1, max(seen.values()))

    def x(second: float) -> float:
        return left + second / last * (width - left - 8)

    def y(value: float) -> float:
        return 8 + (1 - value / most) * (height - bottom - 8)

    path = " ".join(f"{x(second):.1f},{y(value):.1f}" for second, value in sorted(seen.items()))
    step = max(1, round(last / 6))
    warm = x(min(warm_up, last)) - x(0)
    marks = "".join(
        f'<text x="{x(s):.0f}" y="{height - 6}" class="mark">{s} s</text>' for s in range(0, last + 1, step)
    )
    return Markup(
        f'<svg class="seconds" viewBox="0 0 {width} {height}" role="img">'
        f'<rect x="{x(0):.1f}" y="8" width="{warm:.1f}" height="{height - bottom - 8}" class="warm"/>'
        f'<line x1="{left}" y1="{y(limit):.1f}" x2="{width - 8}" y2="{y(limit):.1f}" class="limit"/>'
        f'<text x="4" y="{y(limit) + 4:.1f}" class="mark">{limit:g}</text>'
        f'<text x="4" y="{y(0) + 2:.1f}" class="mark">0</text>'
        f'<polyline points="{path}" class="p99"/>{marks}</svg>'
    )
