"""Load capacity: how much a system takes: searches for the highest rate, stairs with a law, growth with a power."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol, TypeVar

import streamlit as st

from poc.pages.frame import plain
from poc.pages.holding import may_show
from poc.plots import Plot
from poc.pressure.capacity import growth, stairs
from poc.pressure.contrast import searched
from poc.pressure.searches import Searched, searches
from poc.pressure.series import climbed, grown
from poc.pressure.telling import promise
from poc.words import Words


class Filed(Protocol):
    """Whatever was made of a target at a moment (epoch seconds)."""

    @property
    def target(self) -> str:
        """Return its target."""

    @property
    def began(self) -> float:
        """Return when it began."""


F = TypeVar("F", bound=Filed)


def capacity(told: Words) -> None:
    """Draw the youngest of each kind, and the choice of another."""
    found, climbs, grew = searches(), climbed(), grown()
    if not may_show({one.target for each in (found, climbs, grew) for one in each}, told, st.subheader):
        return
    if not (found or climbs or grew):
        st.info(plain(told("load.capacity_none")))
    _of_a_kind(told, "search", found, lambda one: searched(one.found, one.about, told), lambda one: _promise(one, told))
    _of_a_kind(told, "stairs", climbs, lambda one: stairs(one, told), lambda one: told(f"load.by_{one.by}"))
    _of_a_kind(told, "growth", grew, lambda one: growth(one, told), lambda one: "")


def _promise(one: Searched, told: Words) -> str:
    return promise(one.about, told)


def _of_a_kind(told: Words, kind: str, made: Sequence[F], draw: Callable[[F], Plot], about: Callable[[F], str]) -> None:
    if not made:
        return
    heads = {"search": ("searches", "searched"), "stairs": ("stairs", "climb"), "growth": ("growth", "grown")}
    head, choice = heads[kind]
    st.subheader(told(f"load.{head}"))
    titles = [" · ".join(part for part in (one.target, about(one), _moment(one.began)) if part) for one in made]
    at = st.selectbox(told(f"load.{choice}"), range(len(made)), format_func=titles.__getitem__, key=f"load_{kind}_at")
    plot = draw(made[at])
    st.markdown(f"**{plain(plot.title)}**")
    st.plotly_chart(plot.figure, key=f"load_{kind}", theme=None, config={"displayModeBar": False})


def _moment(began: float) -> str:
    return f"{datetime.fromtimestamp(began, UTC):%Y-%m-%d %H:%M}"
