"""A step of a workload file asks a connector with what the customer's record holds."""

from loadtests.steps import Person, Turn, turn
from loadtests.verbs import OwnStep
from scenarios.answers import OnFile
from scenarios.port import Connector, Reply, Request, drive
from synthetic_data.records import Customer, Interaction


class Parrot(Connector):
    """Writes down what it was asked."""

    def __init__(self):
        self.asked = []

    def _say(self, *what):
        self.asked.append(what)
        return (yield Request(method="GET", path="/"))

    def find(self, kind, /, **by):
        return self._say("find", kind, by)

    def list(self, kind, *, where=None, sort=None, limit=50, cursor=None):
        return self._say("list", kind, where, sort, limit)

    def create(self, record, *, key=None):
        return self._say("create", record)

    def get(self, kind, number, *, include=()):
        yield from self._say("get", kind, number)
        return OnFile(kind=kind, number=number, fields={}, version="3")

    def update(self, kind, number, changes, *, version=None):
        return self._say("update", kind, number, changes, version)


def asked(**step):
    parrot = Parrot()
    material = turn(5, 1, "m", [Person("C7", "Ann", {"mobile": "138"})])
    assert isinstance(material, Turn)
    own = OwnStep.model_validate({"actor": "call-centre", "counts": "read", **step})
    drive(own.step().play(parrot, material), lambda _: Reply(status=200, headers={}, body=b"{}"), parrot.error_of)
    return parrot.asked


def test_a_lookup_by_a_field_of_the_customer():
    assert asked(verb="find", kind="customer", **{"with": {"mobile": "{customer.mobile}"}}) == [
        ("find", Customer, {"mobile": "138"})
    ]


def test_a_list_with_a_condition_and_a_limit():
    said = asked(verb="list", kind="customer", **{"with": {"where": {"tier": "private"}, "limit": 9}})
    assert said == [("list", Customer, {"tier": "private"}, None, 9)]


def test_a_new_record_gets_a_number_of_its_own_and_fields_of_the_right_type():
    contact = {"customer": "{customer.number}", "channel": "app", "direction": "in", "at": "{now}", "subject": "s"}
    (_, record), *_ = asked(
        verb="create", kind="interaction", **{"with": {**contact, "text": "t {mark}", "staff": "x"}}
    )
    assert isinstance(record, Interaction)
    assert (record.number, record.customer, record.text) == ("Lm-5", "C7", "t m-5")
    assert record.at.tzinfo is not None


def test_an_honest_edit_reads_first_and_presents_the_version():
    said = asked(verb="update", kind="customer", **{"with": {"occupation": "clerk"}})
    assert said == [("get", Customer, "C7"), ("update", Customer, "C7", {"occupation": "clerk"}, "3")]


def test_a_later_place_of_a_journey_has_the_same_customer_and_another_mark():
    people = [Person(str(n), "x") for n in range(50)]
    first, third = turn(4, 1, "m", people), turn(4, 1, "m", people, place=2)
    assert first.person == third.person
    assert (first.mark, third.mark) == ("m-4", "m-4-2")
