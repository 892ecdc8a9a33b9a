"""Lab: the vendor lab of this machine: products by name in one folder of the user's cache, listed as targets."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from poc.lab.environment import Report
from poc.lab.vendors.product import Product
from poc.lab.vendors.recipe import recipe, recipes
from poc.settings import Login, Target, drop_target, keep_secrets, keep_target, targets


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorLab:
    """The products of others that this machine can carry; ``folder`` holds all of them and their databases."""

    folder: Path

    def products(self) -> Iterator[Product]:
        """Yield every product that a recipe tells of."""
        for one in recipes().values():
            yield Product(recipe=one, lab=self.folder)

    def product(self, name: str) -> Product:
        """Return a product by name; raises UnknownProductError."""
        return Product(recipe=recipe(name), lab=self.folder)

    def of(self, target: Target) -> Product | None:
        """Return the product of this lab that a target is, None for any other target."""
        known = recipes().get(target.name)
        if known is None or known.connector != target.connector or target.secrets_file != self._hidden(target.name):
            return None
        return Product(recipe=known, lab=self.folder)

    def start(self, name: str, listed: Path, report: Report, *, port: int | None = None, fresh: bool = False) -> Target:
        """Start a product and list it as a target with all its actors; raises what hinders it."""
        one = self.product(name)
        url = one.start(report, port=port, fresh=fresh)
        logins = one.logins
        keep_secrets(self._hidden(name), logins)
        target = Target(
            name=name,
            connector=one.recipe.connector,
            url=url + one.recipe.path,
            title=f"{one.recipe.title} {one.recipe.version}",
            licence=one.recipe.licence,
            secrets_file=self._hidden(name),
            actors={actor: Login(username=held.username, branch=held.branch) for actor, held in logins.items()},
        )
        keep_target(target, listed)
        return target

    def stop(self, name: str) -> bool:
        """Stop a product, and the database server after the last one; return whether the product ran."""
        ran = self.product(name).stop()
        self._rest()
        return ran

    def remove(self, name: str, listed: Path) -> bool:
        """Take a product away, and from the list of targets; return whether it was there."""
        was = self.product(name).remove()
        if name in (targets(listed) if listed.exists() else {}):
            drop_target(name, listed)
        self._rest()
        return was

    def install(self, name: str, report: Report, *, port: int | None = None) -> Product:
        """Install a product; raises what hinders it."""
        one = self.product(name)
        try:
            one.install(report, port=port)
        finally:
            self._rest()
        return one

    def _rest(self) -> None:
        """Stop the database server when no product runs."""
        databases = self.product(next(iter(recipes()))).premises.databases
        if not any(one.running for one in self.products()):
            databases.down()

    def _hidden(self, name: str) -> Path:
        return self.folder / name / "credentials.toml"
