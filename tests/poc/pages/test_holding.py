"""Evidence stays covered until the committee's weights are sealed; whoever looks before is in the log by name."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from poc.pages.frame import plain
from poc.words import LANGUAGES, words
from tests.poc.committee.seats import PASS, founded
from tests.poc.pages.sample import TARGETS, write_sample
from tests.poc.pages.test_pages import shown, text

NAMES = tuple(name for name, _, _ in TARGETS)


def covered_page() -> None:
    import streamlit as st

    from poc.pages.frame import say
    from poc.pages.holding import uncovered

    st.session_state["assessment"] = "sample"
    if uncovered("decision", say()):
        st.write("all of the evidence")


def clicked(app: AppTest, label: str) -> None:
    next(one for one in app.button if one.label == label).click().run()
    assert not app.exception


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_seen_is_covered_until_all_have_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    say = words(language)
    monkeypatch.chdir(tmp_path)
    write_sample(tmp_path / "runs")
    assert "all of the evidence" in text(shown(covered_page, language))
    chair, (first, second) = founded(tmp_path / "committees" / "crm", 2, NAMES)
    first.seal_weights({"SEC": 1})
    app = shown(covered_page, language)
    assert "all of the evidence" not in text(app)
    assert plain(say("committee.held", names="m1")) in text(app)
    app.text_input(key="committee_name").set_value("m1").run()
    app.text_input(key="committee_passphrase").set_value("a wrong passphrase").run()
    clicked(app, say("committee.look_do"))
    assert "all of the evidence" not in text(app), "a wrong passphrase uncovered the evidence"
    app.text_input(key="committee_passphrase").set_value(PASS).run()
    clicked(app, say("committee.look_do"))
    assert "all of the evidence" in text(app)
    assert [one.by for one in chair.ledger.state().looks] == ["m1"]
    assert "all of the evidence" not in text(shown(covered_page, language)), "one look uncovered it for everybody"
    second.seal_weights({"SEC": 1})
    assert "all of the evidence" in text(shown(covered_page, language))
    assert not chair.ledger.state().sealed_first
