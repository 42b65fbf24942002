"""The graph of states for Graphviz."""

import re
import shutil
import subprocess

import pytest
from cli.files import scenario
from explore.found import program

from scenario.commands.pictures.drawn import graph
from scenario.report.pictures.dot import COLOURS, state_graph

TEXT = """
vars: {counter: 0}
threads:
  A: {count: 2, steps: [counter += 1]}
expect: [counter == 2]
"""
HOSTILE = '\nvars: {x: "a\\"];\\\\"}\nthreads:\n  A: {steps: [x = x * 2]}\n'


def lines(text):
    return list(state_graph(graph(program(text)), 'a "name"'))


def test_each_state_is_a_node_and_each_step_an_edge():
    made = graph(program(TEXT))
    drawn = lines(TEXT)
    assert sum(re.match(r"  s\d+ \[", line) is not None for line in drawn) == len(made.spots) == 12
    assert sum("->" in line.partition("[")[0] for line in drawn) == sum(len(spot.choices) for spot in made.spots) == 14
    assert '  s0 -> s1 [label="A[0]: read counter -> 0"]' in drawn


def test_colours_say_what_can_still_come_of_a_state():
    drawn = lines(TEXT)
    ends = [line for line in drawn if "it is over" in line or "is false" in line]
    assert sorted(next(kind for kind, colour in COLOURS.items() if colour in line) for line in ends) == ["no", "yes"]
    assert COLOURS["open"] in next(line for line in drawn if line.startswith("  s0 ["))


def test_texts_stay_texts():
    for line in lines(HOSTILE):
        outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", line)
        assert not set(outside) & set('"\\;')


@pytest.mark.skipif(shutil.which("dot") is None, reason="there is no Graphviz on this machine")
@pytest.mark.parametrize("text", [TEXT, HOSTILE])
def test_graphviz_reads_it(text):
    subprocess.run(["dot", "-Tcanon"], input="\n".join(lines(text)), text=True, capture_output=True, check=True)


def test_a_graph_that_nobody_could_read_is_refused(tmp_path):
    (tmp_path / "x.yaml").write_text("scenario: x" + TEXT.replace("count: 2", "count: 6"))
    done = scenario("export", "--to", "dot", tmp_path / "x.yaml")
    assert (done.exit_code, "more than 1,000 states" in done.stderr) == (2, True)
