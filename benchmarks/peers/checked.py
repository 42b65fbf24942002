"""One problem of `checkers.py` for one tool: prints the verdict and how many states it says. `checked.py musil unlocked n=4 rounds=2`.

A state is what is shared and, for each thread, its place with its locals; `steps` gives the states that a thread leads to. Both tools
are given the same steps, each in its own form.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

State = tuple[tuple[object, ...], tuple[tuple[int, ...], ...]]
Steps = Callable[[State, int], Iterator[State]]


@dataclass(frozen=True)
class Model:
    threads: int
    first: State
    steps: Steps
    is_over: Callable[[State], bool]
    invariant: Callable[[State], bool]


def moved(state: State, thread: int, shared: tuple[object, ...], *own: int) -> State:
    return shared, (*state[1][:thread], own, *state[1][thread + 1 :])


def ended(state: State) -> bool:
    return all(own[0] == -1 for own in state[1])


def counter(n: int, rounds: int, *, locked: bool) -> Model:
    """(x, whether it is locked); a thread: (place, rounds left, what it has read)."""

    def steps(state: State, thread: int) -> Iterator[State]:
        (x, held), (place, left, read) = state[0], state[1][thread]
        after = (0, left - 1, 0) if left > 1 else (-1, 0, 0)
        if place == 0 and locked:
            if not held:
                yield moved(state, thread, (x, True), 1, left, 0)
        elif place in (0, 1):
            yield moved(state, thread, (x, held), 2, left, x)
        elif place == 2 and locked:
            yield moved(state, thread, (read + 1, held), 3, left, 0)
        elif place == 2:
            yield moved(state, thread, (read + 1, held), *after)
        elif place == 3:
            yield moved(state, thread, (x, False), *after)

    first = ((0, False), ((0, rounds, 0),) * n)
    return Model(n, first, steps, ended, lambda state: not ended(state) or state[0][0] == n * rounds)


def philosophers(n: int, *, ordered: bool) -> Model:
    """Which forks are taken; a thread: (place,)."""
    forks = [tuple(sorted((i, (i + 1) % n)) if ordered else (i, (i + 1) % n)) for i in range(n)]

    def steps(state: State, thread: int) -> Iterator[State]:
        taken, (place,) = state[0], state[1][thread]
        one, two = forks[thread]
        if place < 0:
            return
        fork, is_taken, then = [(one, True, 1), (two, True, 2), (two, False, 3), (one, False, -1)][place]
        if taken[fork] != is_taken:
            yield moved(state, thread, (*taken[:fork], is_taken, *taken[fork + 1 :]), then)

    return Model(n, ((False,) * n, ((0,),) * n), steps, ended, lambda _: True)


def peterson() -> Model:
    """(wants of both, turn, how many are inside); a thread: (place,)."""

    def steps(state: State, thread: int) -> Iterator[State]:
        (wants, turn, inside), (place,) = state[0], state[1][thread]
        other = 1 - thread
        match place:
            case 0 | 6:
                now = tuple(place == 0 if i == thread else wants[i] for i in (0, 1))
                yield moved(state, thread, (now, turn, inside), 1 if place == 0 else -1)
            case 1:
                yield moved(state, thread, (wants, other, inside), 2)
            case 2:
                yield moved(state, thread, state[0], 3 if wants[other] else 4)
            case 3:
                yield moved(state, thread, state[0], 2 if turn == other else 4)
            case 4 | 5:
                yield moved(state, thread, (wants, turn, inside + (1 if place == 4 else -1)), place + 1)

    return Model(2, (((False, False), 0, 0), ((0,), (0,))), steps, ended, lambda state: state[0][2] <= 1)


MODELS: dict[str, Callable[..., Model]] = {
    "unlocked": partial(counter, locked=False),
    "locked": partial(counter, locked=True),
    "philosophers": partial(philosophers, ordered=False),
    "philosophers_ordered": partial(philosophers, ordered=True),
    "peterson": peterson,
}


def musil(model: Model) -> tuple[bool, int]:
    """Invariants and deadlocks, which it looks for by itself."""
    from musil import Action, check  # noqa: PLC0415 (only where it is asked)
    from musil import Model as Theirs  # noqa: PLC0415

    def actions(state: State) -> Iterator[Action[State]]:
        for thread in range(model.threads):
            for number, to in enumerate(model.steps(state, thread)):
                yield Action(f"{thread}.{number}", lambda _: True, lambda _, to=to: to)

    found = check(
        Theirs(init=[model.first], actions_fn=actions, invariants={"claim": model.invariant}, terminal=model.is_over)
    )
    return found.ok, found.states_explored


def minicheck(model: Model) -> tuple[bool, int]:
    """It knows invariants alone, so that nobody is stuck is one of them."""
    from minicheck import Protocol, check_safety  # noqa: PLC0415 (only where it is asked)

    def transitions(state: State) -> list[tuple[str, State]]:
        return [(str(thread), to) for thread in range(model.threads) for to in model.steps(state, thread)]

    def goes_on(fields: dict[str, object]) -> bool:
        state = fields["shared"], fields["threads"]
        return model.is_over(state) or bool(transitions(state))

    found = check_safety(
        Protocol(
            name="model", candidate=False, fields=("shared", "threads"), initial=model.first, transitions=transitions,
            invariants={
                "claim": lambda fields: model.invariant((fields["shared"], fields["threads"])),
                "nobody is stuck": goes_on,
            },
        )
    )  # fmt: skip
    words = [claim["holds"] for claim in found["properties"].values()]
    assert None not in words or False in words, "it does not know"
    return all(words), found["reachable_states"]


def main() -> None:
    tool, name, *sizes = sys.argv[1:]
    model = MODELS[name](**{size.partition("=")[0]: int(size.partition("=")[2]) for size in sizes})
    holds, states = {"musil": musil, "minicheck": minicheck}[tool](model)
    print("holds" if holds else "fails", states)


if __name__ == "__main__":
    main()
