"""What a process holds is known also where the system tells no more than the most that it ever held."""

from __future__ import annotations

import pytest

from scenario import machine


@pytest.fixture
def no_proc(monkeypatch):
    """As on macOS."""
    monkeypatch.setattr(machine, "_read", lambda _: b"")


@pytest.mark.usefixtures("no_proc")
def test_the_peak_grows_with_what_is_held():
    pytest.importorskip("resource", reason="Windows does not tell")
    before = machine.resident()
    held = b"x" * (machine.resident() + (64 << 20))
    assert machine.resident() - before >= 32 << 20
    assert held
