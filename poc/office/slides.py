"""slides(): the record as slides with charts that can be edited, each titled by what it finds."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from poc.business import Worked
from poc.business_plots import LINES, cash, claims, distribution, driver, losses, named, tornado
from poc.case_parts import exchange, ledger, offers, register, results, stress
from poc.committee.plots import MOST, heat, shade
from poc.deciding import nearest_flip
from poc.decision_plots import evidence, graded, grades, order, ranked, ranks, sure, totals
from poc.offer_plots import against, asked, by_lines, by_years, cost_by_line, cost_by_year
from poc.office.deck import Deck
from poc.paper import Paper
from poc.part import Part
from poc.plots import LOOKS
from poc.proceedings import SHAPES, proceedings
from poc.record import Record
from poc.strip import strip
from scorecards.business.amounts import counted
from scorecards.business.simulation import exceedance, yearly_losses
from scorecards.committee.consensus import consensus
from scorecards.committee.selection import Selection
from scorecards.methods.gates import GateState
from scorecards.robustness.sensitivity import lines
from scorecards.rubric import TOP

#: How the unknown looks: white with lines.
UNKNOWN = ("#6ba0d4", "/")
#: Rows of a map of fields that a slide holds.
FIELDS = 15


def slides(record: Record, language: str) -> bytes:
    """Return the record as .pptx."""
    deck = Deck(Paper(record, language))
    _choice(deck)
    if record.worked is not None:
        _money(deck, record.worked)
    if record.committee is not None:
        _people(deck, record.committee)
    _mix(deck)
    deck.table(deck.paper.evidence())
    return deck.saved()


# -- the choice ------------------------------------------------------------------------------------------------------
def _choice(deck: Deck) -> None:
    paper = deck.paper
    first = deck.slide(paper.spoken.headline())
    deck.tiles(first, strip(paper.spoken), top=38)
    deck.tell(first, [paper.title, *paper.notes, paper.spoken.drawn()], top=78, size=14)
    deck.table(_gates(paper))
    _totals(deck)
    _ranks(deck)
    if paper.record.worked is not None:
        _front(deck, paper.record.worked)
    _weight(deck)
    for part in (paper.others(), paper.next(), *paper.conditions()):
        deck.table(part)


def _gates(paper: Paper) -> Part:
    """Return the gates that somebody has not passed; those that all pass are counted on the first slide."""
    part, good = paper.gates(), f"{SHAPES[GateState.PASSED]} {paper.say('report.gate_passed')}"
    return replace(part, rows=tuple(row for row in part.rows if any(cell != good for cell in row[1:])))


def _totals(deck: Deck) -> None:
    spoken, decision = deck.paper.spoken, deck.paper.record.decision
    names, vendors = order(spoken), decision.contest.vendors
    parts = [(spoken.dimension(code), [points[vendors.index(name)] for name in names])
             for code, points in sure(spoken).items()]  # fmt: skip
    parts.append((deck.say("decision.unknown"), [decision.high[name] - decision.low[name] for name in names]))
    deck.bars(
        totals(spoken).title, [spoken.named(name) for name in names], parts, axis=deck.say("decision.total_points"),
        form="0.0", top=TOP, looks=[*LOOKS[: len(parts) - 1], UNKNOWN],
    )  # fmt: skip


def _ranks(deck: Deck) -> None:
    spoken, decision = deck.paper.spoken, deck.paper.record.decision
    names = ranked(spoken)
    rows = [decision.acceptability.ranks[decision.contest.vendors.index(name)] for name in names]
    parts = [(deck.say("decision.rank", rank=rank + 1), [float(row[rank]) for row in rows])
             for rank in range(len(names))]  # fmt: skip
    deck.bars(ranks(spoken).title, [spoken.named(name) for name in names], parts, axis="", form="0%", top=1)


def _mix(deck: Deck) -> None:
    spoken = deck.paper.spoken
    names, mix, found = order(spoken), spoken.decision.contest.mix(), grades(spoken)
    parts = [(graded(spoken, grade), [mix[name].get(grade, 0.0) for name in names]) for grade in found]
    looks = [LOOKS[place] if grade else UNKNOWN for place, grade in enumerate(found)]
    deck.bars(evidence(spoken).title, [spoken.named(name) for name in names], parts, axis="", form="0%", top=1,
              looks=looks)  # fmt: skip


def _front(deck: Deck, done: Worked) -> None:
    if (plot := against(done, deck.paper.spoken)) is None:
        return
    middle = deck.paper.record.decision.middle
    costs = {one.quoted.offer.name: one.outcome.quantiles("tco")[1] for one in done.offers
             if one.quoted.offer.name in middle}  # fmt: skip
    scale, unit = counted(max(costs.values()), done.case.currency, deck.say.language)
    points = [(deck.paper.spoken.named(name), [cost / scale], [middle[name]]) for name, cost in costs.items()]
    chart = deck.curves(
        plot.title, points, across=deck.say("business.axis", title=deck.say("business.tco"), unit=unit),
        up=deck.say("decision.total_points"), form=("#,##0", "0.0"), points=True,
    )  # fmt: skip
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, TOP


def _weight(deck: Deck) -> None:
    spoken, table = deck.paper.spoken, deck.paper.record.decision.contest
    found = nearest_flip(deck.paper.record.decision)
    code = found[0] if found else table.dimensions[0]
    shares, values = lines(table.by_dimension(table.expected), table.outer, table.dimensions.index(code), points=21)
    curves = [(spoken.named(name), list(shares), list(row)) for name, row in zip(table.vendors, values, strict=True)]
    chart = deck.curves(
        deck.paper.weight().title, curves, across=deck.say("decision.weight_of", dimension=spoken.dimension(code)),
        up=deck.say("decision.total_points"), form=("0%", "0.00"),
    )  # fmt: skip
    chart.category_axis.minimum_scale, chart.category_axis.maximum_scale = 0, 1


# -- the money -------------------------------------------------------------------------------------------------------
def _money(deck: Deck, done: Worked) -> None:
    say, note = deck.say, deck.say("business.example") if done.case.example else ""
    first = results(done, say)
    deck.table(replace(first, title=f"{say('business.title')} · {done.case.named(say.language)}",
                       text=(*([note] if note else []), *first.text)))  # fmt: skip
    _curve(deck, done, note)
    _claims(deck, done, note)
    for part in (ledger(done, say), stress(done, say)):
        deck.table(part)
    _tornado(deck, done, note)
    _cash(deck, done, note)
    _costs(deck, done, note)
    for part in (*([offers(done, say)] if done.offers else []), *([exchange(done, say)] if done.case.exchange else [])):
        deck.table(part)
    _losses(deck, done)
    if entries := done.benefits():
        deck.table(register(done, entries, say))


def _unit(deck: Deck, done: Worked, largest: float, key: str) -> tuple[float, str]:
    scale, unit = counted(largest, done.case.currency, deck.say.language)
    return scale, deck.say("business.axis", title=deck.say(key), unit=unit)


def _curve(deck: Deck, done: Worked, note: str) -> None:
    chances = np.linspace(0.01, 0.99, 49)
    values, face = np.quantile(done.graded.npv, chances), float(done.face.npv[0])
    scale, across = _unit(deck, done, max(float(np.abs(values).max()), abs(face)), "business.npv")
    curves = [
        (deck.say("business.believed"), list(values / scale), list(chances)),
        (deck.say("business.face"), [face / scale, face / scale], [0.0, 1.0]),
    ]
    chart = deck.curves(
        distribution(done, deck.say).title, curves, across=across, up=deck.say("business.share"), note=note
    )
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, 1


def _claims(deck: Deck, done: Worked, note: str) -> None:
    names = [one.name for one in done.case.drivers if one.way != "nothing"]
    worths = {"business.face": done.face.worth, "business.believed": done.graded.worth}
    largest = max((abs(found[name]) for found in worths.values() for name in names), default=1.0)
    scale, axis = _unit(deck, done, largest, "business.worth")
    parts = [(deck.say(key), [found[name] / scale for name in names]) for key, found in worths.items()]
    deck.bars(
        claims(done, deck.say).title, [driver(done, name, deck.say) for name in names], parts, axis=axis,
        looks=[("#b8520a", "/"), ("#0b5cad", "")], side_by_side=True, note=note,
    )  # fmt: skip


def _tornado(deck: Deck, done: Worked, note: str) -> None:
    rows, middle = done.tornado[:LINES], done.medians.npv
    largest = max((abs(end - middle) for row in rows for end in row[1:]), default=1.0)
    scale, axis = _unit(deck, done, largest, "business.npv_change")
    parts = [
        (deck.say("business.at_5"), [(low - middle) / scale for _, low, _ in rows]),
        (deck.say("business.at_95"), [(high - middle) / scale for _, _, high in rows]),
    ]
    deck.bars(
        tornado(done, deck.say).title, [named(done, row[0], deck.say) for row in rows], parts, axis=axis,
        looks=[("#b8520a", "/"), ("#0b5cad", "")], note=note,
    )  # fmt: skip


def _cash(deck: Deck, done: Worked, note: str) -> None:
    costs, benefits = done.by_year
    courses = {
        "P10": done.graded.running[0], deck.say("business.believed_p50"): done.graded.running[1],
        "P90": done.graded.running[2], deck.say("business.face"): done.face.running[1],
        deck.say("business.net_of_year"): benefits - costs,
    }  # fmt: skip
    largest = max(float(np.abs(one).max()) for one in courses.values())
    scale, axis = _unit(deck, done, largest, "business.cumulated")
    deck.courses(
        cash(done, deck.say).title, [str(year) for year in range(done.case.years + 1)],
        [(name, [value / scale for value in values]) for name, values in courses.items()], axis=axis, note=note,
    )  # fmt: skip


def _costs(deck: Deck, done: Worked, note: str) -> None:
    names = [name for name, _ in asked(done, deck.say)]
    for plot, parts in ((cost_by_line, by_lines), (cost_by_year, by_years)):
        found = parts(done, deck.say)
        sums = [sum(values[place] for _, values in found) for place in range(len(names))]
        scale, axis = _unit(deck, done, max([*sums, 1.0]), "business.tco")
        scaled = [(name, [value / scale for value in values]) for name, values in found]
        deck.bars(plot(done, deck.say).title, names, scaled, axis=axis, note=note)


def _losses(deck: Deck, done: Worked) -> None:
    for risk in done.case.risks:
        before, after = yearly_losses(risk, draws=done.draws, seed=done.seed)
        scale, across = _unit(deck, done, float(np.quantile(before, 0.9999)), "business.loss")
        curves = []
        for key, found in (("business.without", before), ("business.with", after)):
            amounts, chances = exceedance(found)
            curves.append((deck.say(key), [float(one) / scale for one in amounts], list(chances)))
        deck.curves(losses(done, risk, deck.say).title, curves, across=across, up=deck.say("business.chance"),
                    form=("#,##0", "0.0%"), note=deck.say("business.risks_text"))  # fmt: skip


# -- the people ------------------------------------------------------------------------------------------------------
def _people(deck: Deck, state: Selection) -> None:
    if (last := state.last_revealed) is not None:
        found = consensus(last, state.opened_weights).opinions
        rows: list[Sequence[tuple[str, str]]] = []
        for name in sorted(found.cells, key=lambda one: -found.cells[one].spread)[: min(MOST, FIELDS)]:
            cell = found.cells[name]
            row = [(name, "")]
            for member in found.members:
                value = cell.values.get(member)
                gap = None if value is None or cell.median is None else value - cell.median
                row.append(
                    ("–" if value is None else f"{value:g}", "" if gap is None else shade(gap).lstrip("#").upper())
                )
            rows.append(row)
        deck.map(heat(found, deck.say).title, deck.say("committee.legend"), ["", *found.members], rows)
    for part in proceedings(state, deck.paper.view):
        deck.table(part)
