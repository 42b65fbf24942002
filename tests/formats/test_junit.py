"""JUnit's XML: one testcase a scenario or case, counts that are right, whatever the texts hold."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

from formats.reported import reported
from report import results

from scenario.results.result import Report

XS = {"xs": "http://www.w3.org/2001/XMLSchema"}


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


def test_what_xml_can_not_hold_is_written_as_python_writes_it():
    printed = "\x00\x1b[31m \ud800 ]]> & <b>"
    assert (
        suite(replace(results.PASSED, output=(printed,))).find("*/system-out").text
        == "  | \\x00\\x1b[31m \\ud800 ]]> & <b>"
    )


def misfits(element, schema):
    """What Jenkins' junit-10.xsd says against an element: its attributes, children, text and times."""
    known = schema.find(f"xs:element[@name='{element.tag}']", XS)
    if known is None:
        yield f"<{element.tag}>"
        return
    attributes = {a.get("name"): a for a in known.iterfind(".//xs:attribute", XS)}
    yield from (f"<{element.tag}> {name}" for name in element.attrib.keys() - attributes.keys())
    required = {name for name, attribute in attributes.items() if attribute.get("use") == "required"}
    yield from (f"<{element.tag}> without {name}" for name in required - element.attrib.keys())
    pattern = schema.find("xs:simpleType[@name='SUREFIRE_TIME']//xs:pattern", XS).get("value")
    times = {name for name, attribute in attributes.items() if attribute.get("type") == "SUREFIRE_TIME"}
    for name in times & element.attrib.keys():
        if not re.fullmatch(pattern, element.get(name)):
            yield f"<{element.tag}> {name}={element.get(name)}"
    is_text = known.get("type") == "xs:string" or known.find("xs:complexType[@mixed='true']", XS) is not None
    if (element.text or "").strip() and not is_text:
        yield f"text in <{element.tag}>"
    children = {child.get("ref") for child in known.iterfind(".//xs:element", XS)}
    for child in element:
        yield from misfits(child, schema) if child.tag in children else [f"<{child.tag}> in <{element.tag}>"]


def test_ci_servers_can_read_it():
    schema = ET.parse(Path(__file__).parent / "standards" / "junit-10.xsd").getroot()
    whole = ET.fromstring(reported("junit", Report("run", tuple(results.ALL), 1234.5)))
    assert list(misfits(whole, schema)) == []
    for spoil in (
        lambda e: e.set("colour", "red"),
        lambda e: ET.SubElement(e, "verdict"),
        lambda e: e.attrib.pop("name"),
    ):
        broken = ET.fromstring(ET.tostring(whole))
        spoil(broken.find(".//testcase"))
        assert len(list(misfits(broken, schema))) == 1
