"""JUnit's XML: one testcase a scenario or case, counts that are right, whatever the texts hold."""

from dataclasses import replace
from xml.etree import ElementTree as ET

from formats.reported import reported
from report import results

from scenario.run.result import Report


def suite(*found):
    return ET.fromstring(reported("junit", Report("run", found, 1.5)))[0]


def test_there_is_one_testcase_a_result():
    assert len(suite(*results.ALL)) == len(results.ALL)


def test_the_classname_is_the_path():
    assert suite(results.PASSED)[0].get("classname") == "x.yaml"


def test_a_case_stands_in_the_name():
    assert suite(results.FAILED)[0].get("name") == "x[n=2]"


def test_the_counts_are_those_of_the_testcases():
    whole = suite(*results.ALL)
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(whole.get(attribute)) == len(whole.findall(f"*/{tag}")) > 0


def test_a_failure_says_what_and_shows_the_whole_text():
    failure = suite(results.FAILED).find("*/failure")
    assert (failure.get("type"), failure.get("message")) == ("final", "`counter == 2` is false: counter is 1")
    assert "--> x.yaml:13:5" in failure.text


def test_an_invalid_file_is_an_error_with_its_code():
    assert suite(results.INVALID).find("*/error").get("type") == "SC101"


def test_what_xml_can_not_hold_is_replaced():
    printed = "\x00\x1b[31m \ud800 ]]> & <b>"
    assert (
        suite(replace(results.PASSED, output=(printed,))).find("*/system-out").text
        == "\ufffd\ufffd[31m \ufffd ]]> & <b>"
    )


def test_every_element_is_one_that_the_xsd_of_ci_servers_knows():
    """The children of a testcase, in their order, and its attributes, as Jenkins' junit-10.xsd has them."""
    for case in suite(*results.ALL):
        assert set(case.attrib) == {"classname", "name", "time"}
        order = [("skipped", "error", "failure", "system-out").index(child.tag) for child in case]
        assert order == sorted(order)
