"""Decision in words: what a choice says in one language, for the page, the record and the command line alike."""

from dataclasses import dataclass

from poc.deciding import nearest_flip, rival, worth_knowing
from poc.report import View
from scorecards.deciding.decision import Decision

#: How many things to measure next are listed.
NEXT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A decision and the assessment it comes from, seen in one language."""

    view: View
    decision: Decision

    def named(self, target: str) -> str:
        """Return a target's title with the labels that it must wear."""
        return self.view.named(self.view.assessment.subject(target))

    def listed(self, targets: tuple[str, ...]) -> str:
        """Return several targets in a row."""
        return self.view.say("decision.comma").join(self.named(one) for one in targets)

    def dimension(self, code: str) -> str:
        """Return a dimension's title."""
        return next(self.view.dimension(one) for one in self.view.assessment.catalogue.weighted if one.code == code)

    def headline(self) -> str:
        """Return the verdict as one sentence."""
        found, say = self.decision.finding, self.view.say
        if self.decision.leader is None:
            return say("decision.nobody_may_win")
        told = self.named(self.decision.leader)
        return say(f"decision.{found.verdict.value}", leader=told, share=self.view.percent(found.first))

    def reasons(self) -> list[str]:
        """Return what holds the verdict down, a sentence each; a tie is told by ``tie``, with the names."""
        if self.decision.leader is None:
            return []
        needed = self.view.percent(self.decision.contest.steps.recommended)
        return [
            self.view.say(f"decision.because_{one}", needed=needed)
            for one in self.decision.finding.because
            if one != "tie"
        ]

    def tie(self) -> str:
        """Say who is within the tie band of the best total, among those who may win."""
        say, tied, band = self.view.say, self.decision.tie, f"{self.decision.contest.tie_band:.2f}"
        if len(tied) < 2:
            return say("decision.no_tie", band=band)
        return say("decision.tie", band=band, targets=self.listed(tied))

    def flip(self) -> str:
        """Say which smallest change of a weight lets somebody else lead."""
        found, say = nearest_flip(self.decision), self.view.say
        if found is None:
            return say("decision.no_flip" if self._rivals() else "decision.no_rival")
        code, one = found
        assert one.flips_at is not None
        return say(
            "decision.flip", dimension=self.dimension(code), now=self.view.percent(one.weight),
            then=self.view.percent(one.flips_at), rival=self.named(rival(self.decision, one)),
        )  # fmt: skip

    def _rivals(self) -> bool:
        return sum(state != "no" for state in self.decision.contest.eligible) > 1

    def methods(self) -> str:
        """Say whether other methods put the same target first."""
        leader, say = self.decision.leader, self.view.say
        if leader is None or not self._rivals():
            return say("decision.methods_moot")
        other = [one.method for one in self.decision.crosschecks if leader not in one.leaders]
        if not other:
            return say("decision.methods_agree", count=len(self.decision.crosschecks))
        return say("decision.methods_differ", methods=say("decision.comma").join(map(self.method, other)))

    def method(self, name: str) -> str:
        """Return a method's name."""
        return self.view.say(f"decision.method_{name}")

    def measure(self) -> tuple[str, list[tuple[str, str, str]]]:
        """Return what to measure next: a sentence, and rows of target, criterion, and what it is worth."""
        table, say = self.decision.contest, self.view.say
        found = worth_knowing(self.decision)[:NEXT]
        if found:
            rows = [
                (
                    self.named(table.vendors[one.row]),
                    self.criterion(table.criteria[one.column]),
                    say("decision.worth_row", points=f"{one.points:.3f}", turns=self.view.percent(one.turns)),
                )
                for one in found
            ]
            return say("decision.measure"), rows
        return say("decision.measure_single"), self._widest()

    def _widest(self) -> list[tuple[str, str, str]]:
        """Return the leader's widest unknowns: where no single one turns the choice, they tell most together."""
        if self.decision.leader is None:
            return []
        found = list(self.view.assessment.unknowns(self.decision.leader))[:NEXT]
        name = self.named(self.decision.leader)
        return [(name, self.criterion(one.criterion), self.view.say("decision.swing_row", points=f"{swing:.2f}"))
                for one, swing in found]  # fmt: skip

    def criterion(self, identity: str) -> str:
        """Return a criterion's number and title."""
        return f"{identity} {self.view.criterion(identity)}"

    def graded(self, grade: str) -> str:
        """Return what an evidence class is called, "" being what nothing is known of."""
        return self.view.say(f"page.grade_{grade}" if grade else "decision.nothing_seen")

    def drawn(self) -> str:
        """Say by how many draws, from which seed and how exactly the shares are known."""
        error = f"{100 * self.decision.acceptability.error:.1f}"
        return self.view.say("decision.drawn", draws=f"{self.decision.draws:,}", seed=self.decision.seed, error=error)
