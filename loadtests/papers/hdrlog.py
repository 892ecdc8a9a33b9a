"""hdr_log(): a load run as an HdrHistogram interval log (format 1.3, V2 encoding), a line a second and class.

HistogramLogAnalyzer, HistogramLogProcessor and every HdrHistogram library read it. Values are microseconds.
"""

import base64
import struct
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from loadtests.histogram import Histogram, highest
from loadtests.result import LoadResult

#: Cookies of HdrHistogram's V2 encoding with words of eight bytes, plain and compressed (Tene, AbstractHistogram).
PLAIN, COMPRESSED = 0x1C849313, 0x1C849314
#: Significant digits, lowest and highest value in microseconds: an hour.
DIGITS, LOWEST, HIGHEST = 3, 1, 3_600_000_000


def encoded(histogram: Histogram) -> bytes:
    """Return a histogram in the compressed V2 encoding; its bins have the same numbers there."""
    body = b"".join(_varint(count) for count in _runs(histogram.counts))
    head = struct.pack(">iiiiqqd", PLAIN, len(body), 0, DIGITS, LOWEST, HIGHEST, 1.0)
    packed = zlib.compress(head + body)
    return struct.pack(">ii", COMPRESSED, len(packed)) + packed


def _runs(counts: Mapping[int, int]) -> Iterator[int]:
    """Yield the counts of all bins up to the last; a run of empty ones is one negative number."""
    reached = 0
    for index in sorted(index for index, count in counts.items() if count):
        if index > reached:
            yield reached - index
        yield counts[index]
        reached = index + 1


def _varint(value: int) -> bytes:
    """Return a number in ZigZag LEB128 (below 2^55 the variant with nine bytes at most is the same)."""
    rest = (value << 1) ^ (value >> 63)
    out = bytearray()
    while rest > 127:
        out.append(rest & 127 | 128)
        rest >>= 7
    return bytes(out) + bytes([rest])


def hdr_log(result: LoadResult) -> str:
    """Return the log of all responses that ended well, tagged by their class (read, write, batch)."""
    began = datetime.fromtimestamp(result.began, UTC)
    lines = [
        f"#[Touchstone load of {result.target} with {result.workload.name}; values in microseconds]",
        "#[Histogram log format version 1.3]",
        f"#[StartTime: {result.began:.3f} (seconds since epoch), {began:%a %b %d %H:%M:%S} UTC {began:%Y}]",
        '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    ]
    for (second, kind), histogram in sorted(_by_class(result).items()):
        longest = highest(max(histogram.counts)) / 1000
        packed = base64.b64encode(encoded(histogram)).decode()
        lines.append(f"Tag={kind},{second:.3f},1.000,{longest:.3f},{packed}")
    return "\n".join(lines) + "\n"


def _by_class(result: LoadResult) -> Mapping[tuple[int, str], Histogram]:
    found: dict[tuple[int, str], Histogram] = {}
    for row in result.rows:
        if row.metric == "response" and row.outcome == "ok":
            held = found.setdefault((row.second, row.kind), Histogram())
            held.counts[row.bin] = held.counts.get(row.bin, 0) + row.requests
    return found
