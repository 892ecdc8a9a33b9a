"""Seal: only who knows the token is understood, and no message fits anywhere but in its place."""

import json
import subprocess
import sys

#: The agent's rooms live in a process of their own; what it finds comes back as JSON.
TALKS = """
import json
from loadtests.agent.seal import Seal, SealError

def talk(token="t" * 20, other=None, salt=b"s" * 32):
    return Seal(token, "worker", "master", salt), Seal(other or token, "master", "worker", salt)

def refused(act):
    try:
        act()
    except SealError:
        return True
    return False

found = {}
worker, master = talk()
boxes = [worker.close("line", {"second": 1}), worker.close("line", {"second": 2})]
found["understood"] = [master.open("line", box) for box in boxes]
found["unreadable"] = b"second" not in boxes[0]

worker, master = talk(other="u" * 20)
found["other token"] = refused(lambda: master.open("line", worker.close("line", 1)))

worker, master = talk()
found["other kind"] = refused(lambda: master.open("done", worker.close("line", 1)))

worker, master = talk()
box = worker.close("line", 1)
master.open("line", box)
found["said twice"] = refused(lambda: master.open("line", box))

worker, master = talk()
lost, kept = worker.close("line", 1), worker.close("line", 2)
found["one was lost"] = refused(lambda: master.open("line", kept))

worker, master = talk()
found["sent back to its sender"] = refused(lambda: worker.open("line", worker.close("line", 1)))

box = talk()[0].close("line", 1)
found["of an earlier talk"] = refused(lambda: talk(salt=b"z" * 32)[1].open("line", box))
print(json.dumps(found))
"""


def test_a_sealed_talk_is_understood_by_its_two_sides_and_by_nobody_else():
    done = subprocess.run([sys.executable, "-c", TALKS], capture_output=True, text=True, check=True, timeout=60)
    found = json.loads(done.stdout)
    assert found.pop("understood") == [{"second": 1}, {"second": 2}]
    assert {name for name, good in found.items() if not good} == set()
