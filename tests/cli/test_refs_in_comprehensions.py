"""A comprehension's own variable may index a ref, wherever an expression stands: in steps, guards, templates and claims."""

import pytest
from cli.files import results, scenario

HEAD = "scenario: x\nvars: {a: 0}\nprimitives: {l: {array: 2, of: Lock}, e: {array: 2, of: Event}, f: {array: 2, of: Future}, c: Condition}\n"
SET = "[{set: 'e[0]'}, {set: 'e[1]'}]"
FILES = {
    "a thread": 'threads: {w: {count: 2, steps: [pass]}, B: {steps: [{join: w}, "a = [w[i].is_alive() for i in range(2)]"]}}\nexpect: ["a == [False, False]"]',
    "a local of the same name": "threads: {B: {steps: [i = 1, {acquire: 'l[i]'}, 'a = [l[i].locked() for i in range(2)]', {release: 'l[i]'}]}}\nexpect: ['a == [False, True]']",
    "a comprehension within": "threads: {B: {steps: ['a = [[l[i - j].locked() for j in range(i + 1)] for i in range(2)]']}}\nexpect: ['a == [[False], [False, False]]']",
    "a condition of it": f"threads: {{B: {{steps: {SET}}}, C: {{steps: [{{await: 'len([k for k in range(2) if e[k].is_set()]) == 2'}}]}}}}",
    "await": f"threads: {{B: {{steps: {SET}}}, C: {{steps: [{{await: 'all(e[i].is_set() for i in range(2))'}}]}}}}",
    "atomic, print, assert": "threads: {B: {steps: [{atomic: ['a = [e[j].is_set() for j in range(2)]']}, {print: '{[e[j].is_set() for j in range(2)]}'}, {assert: 'not any(e[j].is_set() for j in range(2))'}]}}\nexpect: {output: ['[False, False]']}",
    "wait_for": "threads: {B: {steps: [{with: c, do: [{wait_for: c, until: 'not any([e[j].is_set() for j in range(2)])'}]}]}}",
    "futures": "threads: {B: {steps: [{set_result: 'f[1]', value: 1}, {wait_futures: '[f[i] for i in range(2)]', return_when: FIRST_COMPLETED, into: [d, p]}, a = len(d)]}}\nexpect: [a == 1]",
    "claims": "threads: {B: {count: 2, steps: [{with: 'l[index]', do: [a = 1]}]}}\nexpect: {always: ['sum([l[i].locked() for i in range(2)]) <= 2'], final: ['not any([l[i].locked() for i in range(2)])', 'all([not B[i].is_alive() for i in range(2)])']}",
    "registers": "threads: {B: {count: 2, steps: [r = index]}}\nexpect: ['[B[j].r for j in range(2)] == [0, 1]']",
}  # fmt: skip


@pytest.mark.parametrize("runtime", ["threading", "asyncio"])
@pytest.mark.parametrize("command", ["run", "explore"])
@pytest.mark.parametrize("what", FILES)
def test_it_holds(what, command, runtime):
    done = scenario(command, "-", "--runtime", runtime, "--output-format", "json", input=HEAD + FILES[what])
    (result,) = results(done)
    assert (result["verdict"], result["failures"]) == ("holds", [])


def test_and_is_false_where_it_is_not_so():
    text = HEAD + FILES["claims"].replace("'not any([l[i]", "'any([l[i]")
    assert [
        result["verdict"] for result in results(scenario("explore", "-", "--output-format", "json", input=text))
    ] == ["fails"]
