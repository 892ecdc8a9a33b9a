"""fonts(): where the font that paper and pictures are written in lies; no font of the system is asked for."""

from pathlib import Path

import pylopdf_fonts_zh_cn


def fonts() -> Path:
    """Return the folder in which Typst finds Noto Sans SC."""
    return Path(pylopdf_fonts_zh_cn.sans_path()).parent
