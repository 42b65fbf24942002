"""A module that was not named is not looked into: the report says which, and what to write."""

import sys
import threading

import pytest

from scenario import explore_code

SHOP = """
import threading

class Shop:
    def __init__(self):
        self.left = 1
        self.lock = threading.Lock()

    def buy(self):
        if self.left:
            self.left -= 1

    def buy_locked(self):
        with self.lock:
            self.buy()
            self.pause()

    def pause(self):
        pass
"""


@pytest.fixture
def shop(tmp_path, monkeypatch):
    (tmp_path / "shop_passed_over.py").write_text(SHOP)
    monkeypatch.syspath_prepend(tmp_path)
    import shop_passed_over

    yield shop_passed_over
    del sys.modules["shop_passed_over"]


def not_oversold(shop):
    assert shop.left >= 0


def buys(shop):
    shop.buy()


def test_what_was_one_step_is_told_with_what_to_write(shop):
    text = explore_code(shop.Shop, [lambda it: it.buy()] * 2, check=not_oversold, modules=[shop]).text()
    assert "was one step" not in text
    found = explore_code(lambda: shop.Shop(), [buys, buys], check=not_oversold)  # noqa: PLW0108 (the class would name its module)
    assert found.holds
    assert (
        "each call of shop_passed_over was one step: to look into it, name it (`modules=['shop_passed_over']`)"
        in " ".join(found.text().split())
    )


def test_where_it_blocks_the_module_is_told(shop):
    entered = threading.Event()

    def hold(it):
        with it.lock:
            entered.set()
            it.left = 2
            it.left = 3

    def waits(it):
        it.buy_locked()
        it.left = 4

    found = explore_code(lambda: shop.Shop(), [hold, waits], max_seconds=20)  # noqa: PLW0108 (the class would name its module)
    assert found.verdict == "undecided"
    assert "in shop_passed_over, which is not looked into: name it (`modules=['shop_passed_over']`)" in found.brief()
    assert explore_code(lambda: shop.Shop(), [hold, waits], modules=[shop], max_seconds=20).holds  # noqa: PLW0108 (the class would name its module)


WRAPPING = """
import functools

def wrapping(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)
    return wrapper
"""


def test_what_a_module_wraps_is_not_told_to_be_passed_over(tmp_path, monkeypatch):
    (tmp_path / "wrapping_passed_over.py").write_text(WRAPPING)
    (tmp_path / "wrapped_passed_over.py").write_text(
        "import wrapping_passed_over\nclass Shop:\n    left = 1\n    @wrapping_passed_over.wrapping\n    def buy(self):\n        self.left -= 1\n"
        "def buys(shop):\n    shop.buy()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import wrapped_passed_over as own

    found = explore_code(own.Shop, [own.buys, own.buys], modules=[own])
    assert "each call of wrapping_passed_over was one step" in found.text()
    del sys.modules["wrapped_passed_over"], sys.modules["wrapping_passed_over"]
