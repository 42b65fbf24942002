"""What a program has of its own, written where it asks for it: functions, and classes of primitives that Python's library does not have."""

from __future__ import annotations

from collections.abc import Mapping

from scenario.record import record


@record
class Helper:
    """The lines that define it, and the modules that they need besides the runtime's."""

    text: str
    modules: tuple[str, ...] = ()


OF_ANY: Mapping[str, Helper] = {
    "compute": Helper(
        '''
def compute(seconds):
    """So many seconds of work."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass
''',
        ("time",),
    ),
}
"""By their names; that of a class is what `inspect.getsource` gives."""
OF_TASKS: Mapping[str, Helper] = {
    "at_once": Helper('''
def at_once(operation):
    """Whether it is done without waiting; it is given up otherwise."""
    try:
        operation.send(None)
    except StopIteration:
        return True
    operation.close()
    return False
'''),
    "in_time": Helper(
        '''
async def in_time(operation, seconds, late=None):
    """What it gives; where it is not over in so many seconds, False, or `late` is raised."""
    try:
        async with asyncio.timeout(seconds):
            return await operation
    except TimeoutError:
        if late is None:
            return False
        raise late from None
'''
    ),
    "passed_in_time": Helper('''
async def passed_in_time(barrier, seconds):
    """The index in the barrier; who gives up breaks it."""
    try:
        async with asyncio.timeout(seconds):
            return await barrier.wait()
    except TimeoutError:
        await barrier.abort()
        raise asyncio.BrokenBarrierError from None
'''),
    "result_in_time": Helper('''
async def result_in_time(future, seconds):
    """Its result; a future that is not done in so many seconds stays as it is."""
    if not future.done():
        await asyncio.wait([future], timeout=seconds)
    if not future.done():
        raise TimeoutError
    return future.result()
'''),
    "exception_of": Helper('''
def exception_of(future):
    """What it ended with; TimeoutError where it has not."""
    if not future.done():
        raise TimeoutError
    return future.exception()
'''),
    "completed": Helper('''
async def completed(futures, timeout=None):
    """Futures as they are done, each once."""
    async with asyncio.timeout(timeout) as limit:
        pending = set(futures)
        while pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for future in done:
                yield future
'''),
}
"""What only programs of tasks ask for."""
HELPERS = {**OF_ANY, **OF_TASKS}
