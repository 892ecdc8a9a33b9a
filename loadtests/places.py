"""line_of(): where in a workload that is written as YAML stands what a fault speaks of."""

import re
from collections.abc import Iterator

import yaml


def line_of(text: str, fault: str) -> int | None:
    """Return the line (from 1) of the field or value that a fault names; None if it names none that is written there.

    A quoted value tells more than a path of fields, and the longer path more than the shorter one.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return None
    parts = [part.partition(": known are")[0] for part in fault.split(";")]  # what is known is not what is wrong
    best, found = 0, None
    for path, node in _nodes(root, ()):
        if (score := max(_score(path, node, part) for part in parts)) > best:
            best, found = score, node.start_mark.line + 1
    return found


def _nodes(node: yaml.Node | None, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], yaml.Node]]:
    """Yield each key and plain value with the path of fields that leads to it; a key stands for what it holds."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, str(key.value))
            yield inner, key
            yield from _nodes(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _nodes(value, path)
    elif node is not None:
        yield path, node


def _score(path: tuple[str, ...], node: yaml.Node, fault: str) -> int:
    if node.value != (path[-1] if path else "") and f"'{node.value}'" in fault:
        return 100 + len(node.value)
    named = [word for word in path if re.search(rf"(?<![\w.-])(?:\w+\.)*{re.escape(word)}s?(?![\w-])", fault)]
    whole = len(named) == len(path) or f"{path[0].removesuffix('s')} {path[-1]}" in fault
    return 10 * len(path) if path and whole else 0
