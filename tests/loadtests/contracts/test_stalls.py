"""Stalls: small days whose every moment was worked out by hand come out of the simulation to the millisecond."""

from loadtests.contracts.day import Call, Visit
from loadtests.contracts.gates import DAY, NEVER, AtOnce, Day, Window, Work
from loadtests.contracts.published import Allowance
from loadtests.contracts.stalls import simulate, wanted


def call(interface="customer.get", takes=100, screen="overview", first=True, last=True):
    return Call(interface, takes, screen, first, last)


GET = call()


def came(*moments, calls=(GET,), account="shared", role="teller", pause=0):
    return [Visit(at, role, account, calls, pause) for at in moments]


def window(requests, seconds, **more):
    return Allowance(kind="window", requests=requests, seconds=seconds, **more)


def told(visits, *limits, **more):
    return simulate(visits, limits, **more)


def test_a_window_lets_the_next_through_when_its_oldest_has_left():
    # two in ten seconds; three come at 0, 1 and 2 s: the third waits for the first to leave, at 10 s
    day = told(came(0, 1000, 2000), window(2, 10))
    (screen,) = day.screens
    assert (screen.opened, screen.stalled, screen.given_up) == (3, 1, 0)
    assert (screen.first, screen.worst) == (2000, 8000)
    assert (day.held[0].calls, day.held[0].first) == (1, 2000)
    assert day.passed == 3


def test_a_queue_is_served_in_its_order_a_window_apart():
    # one in ten seconds; four at once pass at 0, 10, 20 and 30 s: the last is at the end of its patience, and passes
    (screen,) = told(came(0, 0, 0, 0), window(1, 10)).screens
    assert (screen.stalled, screen.given_up, screen.worst) == (3, 0, 30_000)
    # a fifth would pass at 40 s and is given up at 30 s
    (screen,) = told(came(0, 0, 0, 0, 0), window(1, 10)).screens
    assert (screen.stalled, screen.given_up, screen.worst) == (4, 1, 30_000)


def test_a_wait_of_three_seconds_is_borne_and_one_more_is_a_stall():
    (screen,) = told(came(0, 7000), window(1, 10)).screens
    assert (screen.stalled, screen.worst) == (0, 3000)
    (screen,) = told(came(0, 6999), window(1, 10)).screens
    assert (screen.stalled, screen.worst) == (1, 3001)


def test_the_calls_of_a_screen_follow_one_another_and_their_waits_add_up():
    # a call takes 1 s; one in five seconds of all: the second is asked at 1 s and passes at 5, the third at 6 and 10
    three = (call(takes=1000, last=False), *[call(takes=1000, first=False, last=n == 1) for n in range(2)])
    (screen,) = told(came(0, calls=three), window(1, 5)).screens
    assert (screen.opened, screen.stalled, screen.worst) == (1, 1, 8000)


def test_interfaces_and_users_have_windows_of_their_own():
    two = came(0, calls=(call("a.get"),)) + came(0, calls=(call("b.get"),))
    assert told(two, window(1, 10, per="interface")).held[0].calls == 0
    assert told(two, window(1, 10)).held[0].calls == 1
    mine = came(0, account="1") + came(0, account="2")
    assert told(mine, window(1, 10, per="user")).held[0].calls == 0


def test_a_quota_of_searches_holds_nothing_else():
    both = came(0, 0, calls=(call("customer.search"),)) + came(0, 0, calls=(call(),))
    assert told(both, window(1, 1, only=".search")).held[0].calls == 1


def test_a_day_that_is_used_up_stays_so_until_midnight():
    late = DAY - 10_000
    day = told(came(0, 1000, late), Allowance(kind="day", requests=1))
    (screen,) = day.screens
    # the second is given up after half a minute; the third passes ten seconds later, on the next day
    assert (screen.stalled, screen.given_up, screen.worst) == (2, 1, 30_000)
    assert day.passed == 1


def test_packs_and_licences_add_to_what_is_let_through():
    limit = Allowance(kind="day", requests=0, pack=2, licence=1)
    assert told(came(0, 0, 0, 0), limit, packs=1, licences=2).held[0].calls == 0
    assert told(came(0, 0, 0, 0), limit, packs=1, licences=1).held[0].calls == 1
    assert told(came(0), limit).screens[0].given_up == 1


def test_long_calls_wait_for_long_calls_and_short_ones_for_nobody():
    limit = Allowance(kind="at_once", requests=1, longer_than=20)
    long, short = (call("report.run", 25_000),), (call(takes=100),)
    day = told([*came(0, 5000, calls=long), *came(6000, calls=short, role="adviser")], limit)
    screens = {one.role: one for one in day.screens}
    assert screens["teller"].worst == 20_000  # asked at 5 s, the first ends at 25 s
    assert screens["adviser"].worst == 0


def test_execution_time_is_a_budget_that_slides():
    # two seconds of work in ten: calls of one second at 0, 1 and 2 s; the third passes when the first has left
    limit = Allowance(kind="work", requests=2, seconds=10)
    (screen,) = told(came(0, 1000, 2000, calls=(call(takes=1000),)), limit).screens
    assert screen.worst == 8000


def test_what_is_wanted_is_counted_as_if_nobody_were_held_back():
    limits = [
        window(1, 10), Allowance(kind="day", requests=1), Allowance(kind="at_once", requests=1),
        Allowance(kind="work", requests=1, seconds=10),
    ]  # fmt: skip
    visits = came(0, 9_999, 10_000, 10_500, calls=(call(takes=1000),))
    assert wanted(visits, limits) == (3, 4, 3, 3000)


def test_two_quotas_hold_whichever_opens_later():
    day = told(came(0, 0, 0), window(2, 10), window(1, 4, per="interface"))
    # 0 s; then 4 s by the interface; then 10 s by the first, not 8
    assert day.screens[0].worst == 10_000


def test_gates_say_never_when_nothing_is_let_through_at_all():
    for shut in (Window(0, 10), Day(0), AtOnce(0, 0), Work(0, 10)):
        assert shut.opens(5, 1) == NEVER


def test_a_fixed_day_is_twice_the_same_and_every_moment_lies_in_it():
    day = told(came(*range(0, 60_000, 250)), window(20, 20))
    again = told(came(*range(0, 60_000, 250)), window(20, 20))
    assert day == again
    assert sum(opened for opened, _ in day.screens[0].by_stretch) == day.screens[0].opened == 240
