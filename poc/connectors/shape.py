"""Shape: how one kind of record looks to a vendor: our field names against theirs, our values against theirs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields

import orjson

from scenarios.answers import OnFile
from scenarios.lines import plain
from scenarios.port import Unsupported
from synthetic_data.records import Record

_JSON = (str, int, float, bool, type(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One kind of record at a vendor.

    ``names`` holds the fields that are called otherwise there (ours -> theirs), ``words`` the values that are
    (our field -> our value -> theirs), ``left_out`` our fields that the vendor cannot keep, ``key`` the vendor's field
    by which a record is found again, ``version`` the one that an update must present.
    """

    kind: type[Record]
    path: str
    names: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    key: str = "number"
    version: str = "version"

    def theirs(self, record: Record) -> dict[str, object]:
        """Return a record as the vendor takes it."""
        kept = (one.name for one in fields(record) if one.name not in self.left_out)
        return self.changes({name: getattr(record, name) for name in kept})

    def lines(self, records: Iterable[Record]) -> bytes:
        """Return records as the vendor takes them, each as JSON on a line of its own."""
        if self.names or self.words or self.left_out:
            return b"\n".join([orjson.dumps(self.theirs(record)) for record in records])
        return b"\n".join([orjson.dumps(record, default=plain) for record in records])

    def changes(self, values: Mapping[str, object]) -> dict[str, object]:
        """Return values of our fields under the vendor's names, in the vendor's words."""
        return {self.names.get(name, name): self._word(name, value) for name, value in values.items()}

    def named(self, by: Mapping[str, str]) -> dict[str, str]:
        """Return a filter with the vendor's names; a comparison (``field__gt``) keeps its tail."""
        told = {}
        for name, value in by.items():
            stem, mark, tail = name.partition("__")
            told[self.names.get(stem, stem) + mark + tail] = str(self._word(stem, value))
        return told

    def field(self, name: str) -> str:
        """Return the vendor's name of a field; a leading ``-`` (descending) stays."""
        return "-" + self.field(name[1:]) if name.startswith("-") else self.names.get(name, name)

    def ours(self, row: Mapping[str, object], *, included: Mapping[str, tuple[OnFile, ...]] | None = None) -> OnFile:
        """Return a vendor's row in our names and words; fields that we do not know keep the vendor's names."""
        back = {theirs: ours for ours, theirs in self.names.items()}
        told = {back.get(name, name): value for name, value in row.items()}
        for name, words in self.words.items():
            if name in told:
                told[name] = next((ours for ours, theirs in words.items() if theirs == told[name]), told[name])
        version = row.get(self.version)
        return OnFile(
            kind=self.kind.__name__,
            number=str(row.get(self.key, "")),
            fields=told,
            version=None if version is None else str(version),
            included=included or {},
        )

    def _word(self, name: str, value: object) -> object:
        words = self.words.get(name)
        if words is not None and isinstance(value, str):
            return words.get(value, value)
        return value if isinstance(value, _JSON) else plain(value)


class Shapes:
    """The kinds that a vendor knows; one that has no shape is unsupported."""

    def __init__(self, *shapes: Shape) -> None:
        """Take the shapes of one vendor."""
        self._of = {shape.kind: shape for shape in shapes}

    def of(self, kind: type[Record]) -> Shape:
        """Return the shape of a kind; raises Unsupported if the vendor has none."""
        try:
            return self._of[kind]
        except KeyError:
            raise Unsupported(f"the product keeps no {kind.__name__} records") from None

    def __iter__(self) -> Iterator[Shape]:
        """Walk over the shapes."""
        return iter(self._of.values())
