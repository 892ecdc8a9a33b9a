"""Conftest: what every test may count on; browser tests step aside where there is no chromium."""

import os
import shutil

import pytest

CHROMIUM = os.environ.get("TOUCHSTONE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM or os.environ.get("CI") == "true":  # where everything is checked, nothing steps aside
        return
    absent = pytest.mark.skip(reason="no chromium here: install it, or set TOUCHSTONE_CHROMIUM to its path")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(absent)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the operating system's chromium, for playwright's executable_path."""
    assert CHROMIUM is not None, "no chromium here: install it, or set TOUCHSTONE_CHROMIUM to its path"
    return CHROMIUM
