"""Build servers read the verdicts: nothing undecided is green."""

from xml.etree import ElementTree as Tree

from loadtests.judging import judge
from loadtests.papers.junit import junit
from tests.loadtests.test_judging import load, ran


def cases(result):
    return Tree.fromstring(junit(result, judge(result)))


def test_a_pass_is_green_and_tells_its_figures():
    suite = cases(ran(load()))
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "0", "0")
    assert "n 6000" in suite.find("testcase[@name='p99 < 200 ms']/system-out").text


def test_a_failure_is_red():
    suite = cases(ran(load(), [900.0] * 6000))
    assert suite.find("testcase/failure").get("type") == "failed"


def test_what_is_not_decided_is_an_error_and_says_what_is_missing():
    suite = cases(ran(load(seconds=12), [20.0] * 200))
    assert "99 more requests" in suite.find("testcase/error").get("message")


def test_a_void_run_is_told_at_the_generator_too():
    suite = cases(ran(load(), [900.0] * 6000, generator={"cpu_p95_percent": 99.0}))
    assert suite.get("errors") == "2"
    assert "saturated" in suite.find("testcase[@classname='generator']/error").get("message")
