"""`requires`."""

import pytest

from scenario.commands.pipeline import satisfied


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        (">=3.13", True), (">=3.14", False), ("<3.13", False), (">3.12", True), ("==3.13", True), ("!=3.13", False),
        (">=3.11,<3.14", True), (">= 3.11 , < 3.13", False), (">=3", True), ("<=3.13", True), ("==3.13.1", True),
    ],
)  # fmt: skip
def test_versions_are_compared_to_the_length_that_is_written(requirement, expected):
    assert satisfied(requirement, (3, 13, 1)) is expected
