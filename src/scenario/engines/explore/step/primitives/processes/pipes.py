"""What has been put into a queue of `multiprocessing`, and when somebody can tell where it stands in its pipe.

Each process has a buffer, out of which its feeder hands over one item after the other, some time later. That is decided where
somebody can tell: by who takes an item, by who asks whether there is one, by the end of a process. What is in the pipe for sure
comes first, in order; then, of the buffers, the first item of any that needs no other before it. All orders in which feeders
can come to the pipe are orders in which the items can be taken so, and the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from scenario.engines.explore.model.values import Key


class Item(NamedTuple):
    """What was put, and the ended processes of which nothing may be left when it is handed over."""

    value: Key
    after: tuple[int, ...] = ()


class Buffer(NamedTuple):
    """What a process has put and nobody can tell yet where it stands; `is_flushed`: all of it is in the pipe."""

    process: int
    items: tuple[Item, ...]
    is_flushed: bool = False


class Pipe(NamedTuple):
    """`sent` is in the pipe in this order; `buffers` are in the order of their processes, and none is empty."""

    sent: tuple[Key, ...] = ()
    buffers: tuple[Buffer, ...] = ()

    @property
    def values(self) -> tuple[Key, ...]:
        """All that was put and not taken."""
        return (*self.sent, *(item.value for buffer in self.buffers for item in buffer.items))

    @property
    def has_one(self) -> bool:
        """Whether an item is certainly there."""
        return bool(self.sent) or any(buffer.is_flushed for buffer in self.buffers)

    def put(self, process: int, value: Key) -> Pipe:
        """With one more in the process's buffer. What is in the pipe by then comes before it."""
        before = tuple(buffer.process for buffer in self.buffers if buffer.is_flushed)
        own = next((buffer for buffer in self.buffers if buffer.process == process), Buffer(process, ()))
        others = [buffer for buffer in self.buffers if buffer.process != process]
        return self._with(*others, own._replace(items=(*own.items, Item(value, before))))

    def _with(self, *buffers: Buffer) -> Pipe:
        return self._replace(buffers=tuple(sorted(buffers, key=lambda buffer: buffer.process)))

    def next_ones(self) -> Iterator[tuple[Key, Pipe]]:
        """Each item that may be the next to be taken, with what is left then."""
        if self.sent:
            yield self.sent[0], self._replace(sent=self.sent[1:])
            return
        yield from self._firsts()

    def handed_over(self) -> Sequence[Pipe]:
        """As it may be when somebody looks whether there is an item: as it is, or with one in the pipe."""
        if self.sent:
            return (self,)
        one = [left._replace(sent=(value,)) for value, left in self._firsts()]
        return one if self.has_one else (self, *one)

    def _firsts(self) -> Iterator[tuple[Key, Pipe]]:
        left = {buffer.process for buffer in self.buffers}
        for buffer in self.buffers:
            first = buffer.items[0]
            if left.isdisjoint(first.after):
                yield first.value, self._without_first(buffer)

    def _without_first(self, gone: Buffer) -> Pipe:
        """Nothing has to come after a buffer that is empty."""
        if len(gone.items) > 1:
            rest = gone._replace(items=gone.items[1:])
            return self._replace(buffers=tuple(rest if buffer is gone else buffer for buffer in self.buffers))
        return self._replace(
            buffers=tuple(_without(buffer, gone.process) for buffer in self.buffers if buffer is not gone)
        )

    def ended(self, process: int) -> Pipe:
        """The process has ended: all that it has put is in the pipe."""
        return self._with(*(b._replace(is_flushed=True) if b.process == process else b for b in self.buffers))

    def killed(self, process: int) -> Sequence[Pipe]:
        """As it may be when the process is killed: some of what it has put is in the pipe, the rest is lost."""
        mine = next((buffer for buffer in self.buffers if buffer.process == process), None)
        if mine is None:
            return (self,)
        others = [buffer for buffer in self.buffers if buffer is not mine]
        kept = [
            self._with(*others, mine._replace(items=mine.items[:n], is_flushed=True))
            for n in range(len(mine.items), 0, -1)
        ]
        return (*kept, self._with(*others))

    def renamed(self, new: Mapping[int, int]) -> Pipe:
        """With processes under their new numbers."""
        return self._with(*(_renamed(buffer, new) for buffer in self.buffers))


def _without(buffer: Buffer, process: int) -> Buffer:
    items = (Item(item.value, tuple(n for n in item.after if n != process)) for item in buffer.items)
    return buffer._replace(items=tuple(items))


def _renamed(buffer: Buffer, new: Mapping[int, int]) -> Buffer:
    items = (Item(item.value, tuple(sorted(new[n] for n in item.after))) for item in buffer.items)
    return Buffer(new[buffer.process], tuple(items), buffer.is_flushed)
