"""Posts: the users that every product is given for the actors of a trial, in the branches of every generated bank."""

from collections.abc import Mapping
from typing import NamedTuple

from poc import seeding
from scenarios.actors import Actor

#: The first and the second branch of every bank that is generated.
BRANCHES = ("BR01", "BR02")


class Post(NamedTuple):
    """A user that a product shall have: his name, his role in the bank, and his branch; None means the whole bank."""

    username: str
    role: str
    branch: str | None = None


#: Who is on trial beside the administrator, whom every product has from the beginning.
POSTS: Mapping[Actor, Post] = {
    actor: Post(one.username, one.role, None if one.branch is None else BRANCHES[one.branch])
    for actor, one in seeding.POSTS.items()
}
