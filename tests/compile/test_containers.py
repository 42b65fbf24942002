"""A shared container has one name."""

import pytest
from compile.files import check, diagnostics, steps

KEYS = """\
params: {words: [a]}
vars: {results: [], grid: [[0], [0]], table: {a: 1}, rows: {a: [1]}, seen: {expr: set()}, pair: {expr: "(1, 2)"}, box: null, n: 0}
primitives: {q: Queue, pool: {ThreadPoolExecutor: 2}}
routines:
  take: {params: [items], steps: [return: items]}
"""


@pytest.mark.parametrize(
    "step",
    [
        "- x = ⟨SC310 results⟩",
        "- x = ⟨SC310 grid[0]⟩",
        "- x = ⟨SC310 list(grid)⟩",
        "- x = ⟨SC310 grid[:]⟩",
        "- x = ⟨SC310 rows['a']⟩",
        "- x = ⟨SC310 rows.get('a')⟩",
        "- x = ⟨SC310 results if n else 0⟩",
        "- x = ⟨SC310 n or results⟩",
        "- x = ⟨SC310 [results]⟩",
        "- x = ⟨SC310 (n, table)⟩",
        "- x = ⟨SC310 [row for row in grid]⟩",
        "- x = ⟨SC310 max(grid)⟩",
        "- x = ⟨SC310 enumerate(grid)⟩",
        "- x = ⟨SC310 list(zip(grid, results))⟩",
        "- n = ⟨SC310 results⟩",
        "- results += ⟨SC310 results⟩",
        "- results.append(⟨SC310 table⟩)",
        "- a, b = ⟨SC310 results⟩",
        "- put: q\n  item: ⟨SC310 results⟩",
        "- return: ⟨SC310 results⟩",
        "- {call: take, args: [⟨SC310 results⟩]}",
        "- call: take\n  args:\n    items: ⟨SC310 grid[0]⟩",
        "- {submit: take, to: pool, args: [⟨SC310 results⟩]}",
        "- {map: take, to: pool, over: ⟨SC310 results⟩}",
        "- wait_futures: ⟨SC310 results⟩",
        "- {choose: x, from: ⟨SC310 results⟩}",
        "- box = [1]\n- x = ⟨SC310 box⟩",
        "- results.append([1])\n- x = ⟨SC310 results[0]⟩",
        "- for: row\n  in: ⟨SC310 grid⟩\n  do: [pass]",
        "- ⟨SC310 rows.get('a')⟩.append(1)",
        "- ⟨SC310 rows.setdefault('b', [])⟩.append(1)",
        "- ⟨SC310 max(grid)⟩.append(1)",
        "- (⟨SC310 n or results⟩).append(1)",
        "- ⟨SC310 grid[0:1][0]⟩.append(1)",
        "- ⟨SC310 rows.get('a')⟩[0] = 1",
        "- ⟨SC310 max(grid)⟩[0] += 1",
        "- del ⟨SC310 max(grid)⟩[0]",
    ],
)
def test_a_second_name_for_a_shared_container_is_an_error(step):
    check(steps(step, KEYS))


@pytest.mark.parametrize(
    "step",
    [
        "- x = list(results)",
        "- x = grid[0][0]",
        "- x = len(grid[0]) + sum(results)",
        "- x = results[1:]",
        "- x = results + [1]",
        "- x = [list(row) for row in grid]",
        "- x = sum(sum(row) for row in grid)",
        "- x = results == [1] or results is None",
        "- x = 'a' in table and not results",
        "- x = pair",
        "- x = box",
        "- x = words",
        "- x = max(results)",
        "- x = list(enumerate(results)) + zip(results, table)",
        "- x = rows.pop('a')",
        "- x = table.copy()",
        "- x = sorted(seen)",
        "- results += [1]",
        "- results.append(n)",
        "- grid[0].append(n)",
        "- rows.pop('a').append(n)",
        "- list(results).append(n)",
        "- results.copy().append(n)",
        "- grid[0][0:1] = [n]",
        "- print: '{results} {grid[0]}'",
        "- if: results\n  then: [pass]",
        "- while: not results or grid[0]\n  do: [break]",
        "- assert: results\n  message: '{results}'",
        "- await: results",
        "- for: x\n  in: results\n  do: [pass]",
        "- for: x\n  in: grid[0]\n  do: [pass]",
        "- for: x\n  in: list(table)\n  do: [pass]",
        "- for: x\n  in: table.values()\n  do: [pass]",
        "- {call: take, args: [list(results)]}",
        "- x = [k for k in results]",
    ],
)
def test_copies_and_single_reads_are_fine(step):
    assert diagnostics(steps(step, KEYS)) == ()


def test_the_hint_says_what_to_write():
    def hint(step):
        (found,) = diagnostics(steps(step, KEYS))
        return found.hint

    assert hint("- x = results") == "copy it: `list(results)`"
    assert hint("- x = table") == "copy it: `dict(table)`"
    assert hint("- rows.get('a').append(1)") == "change it by its name, or as an element of it: `rows[key].append(x)`"
    assert hint("- x = grid") == "copy it: `[list(x) for x in grid]`"


@pytest.mark.parametrize(
    "step",
    ["- for: k\n  in: table\n  do: [pass]", "- for: k\n  in: seen\n  do: [pass]", "- x = [k for k in table]",
     "- x = any(k for k in seen)"],
)  # fmt: skip
def test_a_loop_may_run_over_a_shared_dict_or_set(step):
    check(steps(step, KEYS))


def test_observe_takes_a_whole_container_as_a_column():
    claims = "expect: {observe: [results, table, 'grid[0]'], final: [results, 'results == []']}\n"
    assert diagnostics(steps("- pass", KEYS) + claims) == ()


def test_an_argument_of_a_thread_is_a_copy():
    check(f"scenario: x\n{KEYS}threads:\n  T: {{run: take, args: {{items: ⟨SC310 results⟩}}}}\n")


@pytest.mark.parametrize(
    "step",
    [
        "- mine = [1]\n- box = mine\n- x = ⟨SC310 box⟩",
        "- choose: mine\n  from: '[[1], [2]]'\n- box = mine\n- x = ⟨SC310 box⟩",
        "- for: mine\n  in: '[[1], [2]]'\n  do: [box = mine]\n- x = ⟨SC310 box⟩",
        "- x = ⟨SC310 table.keys()⟩",
        "- x = ⟨SC310 table.items()⟩",
        "- x = ⟨SC310 results⟩\n- y = x",
    ],
)
def test_what_a_shared_variable_may_hold_is_followed(step):
    check(steps(step, KEYS))


@pytest.mark.parametrize(
    "step",
    [
        "- mine = [1]\n- x = mine\n- box = 1\n- x = box",
        "- for: 'a, b'\n  in: '[(1, 2)]'\n  do: [x = a]",
        "- for: first\n  in: grid[0]\n  do: [x = first]",
        "- mine = {}\n- x = mine.keys()",
        "- 'for': 'a, b'\n  in: pairs\n  do: [x = a]",
        "- results[1:] = [x]\n- x = results[0]\n- 'for': y\n  in: results\n  do: [pass]",
    ],
)
def test_what_is_not_shared_may_have_many_names(step):
    assert diagnostics(steps(step, KEYS.replace("box: null", "box: null, pairs: [[1, 2], [3, 4]]"))) == ()
