"""What is accessed, by names that tell apart what is not the same: objects have addresses, people have the text of the code."""

from __future__ import annotations

from collections.abc import Iterable

from scenario.engines.code.evidence import target
from scenario.engines.code.operation import EVERYTHING, Location, Operation, content


class Labels:
    """The first text that names a location is its name; with a number where another has that name already.

    What is in a container goes by the name of the variable that it was found in. `variables`: those of a file, which keep their names.
    """

    def __init__(self, variables: Iterable[str] = ()) -> None:
        self._names: dict[Location, str] = {("shared", name): name for name in variables}
        self._count = {(name, False): 1 for name in variables}

    def of(self, operation: Operation) -> str:
        """The name of what it is on; its text where that is nothing in particular."""
        location, text = subject(operation), target(operation)
        if location is None:
            return text
        if location not in self._names:
            key = text, is_content(location)  # a lock, and the attribute that has it
            number = self._count[key] = self._count.get(key, 0) + 1
            self._names[location] = text if number == 1 else f"{text} ({number})"
        return self._names[location]

    def named(self, location: Location) -> str:
        """The name of what some operation was on."""
        return self._names.get(location, "a lock")

    def found_in(self, operation: Operation, container: object) -> None:
        """This container is what a variable has."""
        self._names.setdefault(content(container), self.of(operation))


def subject(operation: Operation) -> Location | None:
    """What an operation is on: the first that it touches; None: nothing in particular."""
    first = next((location for location, _ in operation.touches), EVERYTHING)
    return None if first == EVERYTHING else first


def of_file(operation: Operation) -> tuple[str, ...]:
    """The variables of a file that it is on."""
    return tuple(str(at[1]) for at, _ in operation.touches if isinstance(at, tuple) and at[0] == "shared")


def is_content(location: Location) -> bool:
    """Whether it is what is in an object: in a container, in a primitive."""
    return isinstance(location, tuple) and location[0] == "content"
