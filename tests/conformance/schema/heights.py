"""How deep the smallest instance of a type is: what lets recursive types end."""

from .model import ComplexType

INFINITE = 1 << 20
STRICT_LEVELS = 3


class Heights:
    """The least number of levels of elements in an instance. Without it, a generator that follows a
    recursive type cannot know which branch of a choice leads out."""

    def __init__(self, components):
        self.components = components
        self.known = {}
        self.open = set()

    def of_type(self, type_):
        """Levels below an element of this type."""
        if not isinstance(type_, ComplexType) or type_.particle is None:
            if isinstance(type_, ComplexType) and type_.abstract:
                return self._derived(type_)
            return 0
        if type_ in self.known:
            return self.known[type_]
        if type_ in self.open:
            return INFINITE
        self.open.add(type_)
        try:
            found = self._derived(type_) if type_.abstract else self.of_particle(type_.particle)
        finally:
            self.open.discard(type_)
        if found < INFINITE or not self.open:
            self.known[type_] = found
        return found

    def _derived(self, type_):
        return min((self.of_type(one) for one in self.components.derived(type_)
                    if not getattr(one, "abstract", False)), default=INFINITE)

    def of_element(self, element):
        """Levels from an element downwards, itself counted."""
        if element.abstract:
            return min((self.of_element(one) for one in self.components.substitutes(element.name)
                        if not one.abstract), default=INFINITE)
        if element.nillable:
            return 1
        return 1 + self.of_type(element.type)

    def of_particle(self, particle, once=False):
        """Levels that a particle needs; `once` if it has to be there although it is optional."""
        if particle.high == 0 or (particle.low == 0 and not once):
            return 0
        if particle.kind == "element":
            return self.of_element(particle.term)
        if particle.kind == "any":
            # A strict one needs a known element, whose own levels are not counted here.
            return STRICT_LEVELS if particle.term.process == "strict" else 1
        heights = [self.of_particle(child) for child in particle.children if child.high != 0]
        if not heights:
            return 0
        return min(heights) if particle.kind == "choice" else max(heights)
