"""Choices a schema leaves open: branches, substitutes, derived types."""

from schema.heights import INFINITE
from schema.model import ComplexType

from .values import NoValue

CANDIDATES_MAX = 40


class Chooser:
    """Chooses for one builder; each time something else, where that is safe."""

    def __init__(self, builder):
        self.builder = builder
        self.turns = {}

    def _turn(self, key):
        self.turns[key] = self.turns.get(key, -1) + 1
        return self.turns[key]

    def branch(self, particle):
        """The branch of a choice to take; None where it has none."""
        b = self.builder
        branches = [child for child in particle.children if child.high != 0]
        if not branches:
            return None
        height = {child: b.heights.of_particle(child, once=True) for child in branches}
        if b.small():
            return min(branches, key=lambda child: b.heights.of_particle(child))
        room = max(min(height.values()), 8 - b.depth)
        safe = [child for child in branches if height[child] <= room and not self._again(child)]
        if not safe:
            return min(branches, key=lambda child: height[child])
        if not b.plan.has("foreign"):
            safe = [child for child in safe if child.kind != "any"] or safe
        return safe[(self._turn(particle) + b.values.random.randrange(len(safe))) % len(safe)]

    def _again(self, particle):
        return any(isinstance(element.type, ComplexType) and element.type in
                   self.builder.open_types for element in particle.elements())

    def substitute(self, declaration):
        """The element to write where this one may stand."""
        b = self.builder
        if not declaration.abstract and not (b.plan.has("substitute") and not b.small()
                                             and declaration.is_global
                                             and b.values.random.random() < 0.5):
            return declaration
        blocked = "substitution" in declaration.block or "#all" in declaration.block
        found = [] if blocked else [one for one in b.components.substitutes(declaration.name)
                                    if not one.abstract][:CANDIDATES_MAX]
        return self._least(found, b.heights.of_element, declaration, declaration.abstract)

    def derived(self, type_, declaration):
        """The type to write xsi:type for: this one, unless it is abstract or another is wanted."""
        b = self.builder
        if not isinstance(type_, ComplexType):
            return type_
        wanted = b.plan.has("derived") and not b.small() and type_.name is not None \
            and type_.base is not None and b.values.random.random() < 0.5
        if not type_.abstract and not wanted:
            return type_
        block = type_.block + " " + (declaration.block if declaration is not None else "")
        found = [one for one in b.components.derived(type_)
                 if isinstance(one, ComplexType) and not one.abstract
                 and not ("#all" in block or one.derivation in block)
                 and one not in b.open_types][:CANDIDATES_MAX]
        return self._least(found, b.heights.of_type, type_, type_.abstract)

    def _least(self, found, height, otherwise, needed):
        """One of those that end, each in turn; the smallest where there is little room."""
        b = self.builder
        found = sorted((one for one in found if height(one) < INFINITE), key=height)
        if not found:
            if needed:
                raise NoValue(f"{otherwise.name} is abstract and nothing stands for it")
            return otherwise
        if b.small():
            return found[0]
        low = [one for one in found if height(one) <= max(height(found[0]), 6 - b.depth)]
        return low[self._turn(otherwise) % len(low)]
