"""The fixture `explore_threads`, in a pytest of its own."""

import re

import pytest

pytest_plugins = ["pytester"]

BANK = """
    import threading

    class Account:
        def __init__(self):
            self.balance, self.lock = 100, threading.Lock()

        def deposit(self, amount):
            self.balance += amount

        def deposit_safely(self, amount):
            with self.lock:
                self.balance += amount
"""
TESTS = """
    import bank

    def deposit(account):
        account.deposit(10)

    def check(account):
        assert account.balance == 120, account.balance

    def test_races(explore_threads):
        explore_threads(bank.Account, [deposit, deposit], check=check, modules=["bank"])

    def test_holds(explore_threads):
        safe = lambda account: account.deposit_safely(10)
        found = explore_threads(bank.Account, [safe, safe], check=check, modules=["bank"])
        assert found.interleavings == 2

    def test_code_is_put_back():
        assert "@get" not in vars(bank)
        assert "@get" not in globals()
        assert "@get" not in bank.Account.deposit.__code__.co_names
"""


@pytest.fixture
def run(pytester):
    pytester.makeini("[pytest]\naddopts = --strict-markers -p no:cacheprovider -p no:hypothesispytest\n")
    pytester.makepyfile(bank=BANK, test_bank=TESTS)
    return pytester.runpytest_subprocess


def test_a_failure_is_an_assertion_error_with_the_report(run):
    result = run()
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*FAIL deposit-0 | deposit-1*",
            "*check: AssertionError: 110*",
            "*self.balance += amount*",
            "*reads self.balance: 100*",
            "*replay: pytest test_bank.py::test_races --scenario-schedule*",
        ]
    )


def test_its_replay_fails_in_the_same_way(run):
    text = run().stdout.str()
    schedule = re.search(r"--scenario-schedule '(.*)'", text).group(1)
    result = run("-k", "races", "--scenario-schedule", schedule)
    result.assert_outcomes(failed=1, deselected=2)
    result.stdout.fnmatch_lines(["*check: AssertionError: 110*", "*found after 1 execution*"])


def test_under_xdist(run):
    run("-n", "2").assert_outcomes(passed=2, failed=1)


TWICE = """
    import bank
    import pytest

    @pytest.mark.parametrize("amount", [10], ids=["{}"])
    def test_both(explore_threads, amount):
        safe = lambda account: account.deposit_safely(amount)
        hasty = lambda account: account.deposit(amount)
        explore_threads(bank.Account, [safe, safe], modules=["bank"])
        explore_threads(bank.Account, [hasty, hasty], check=lambda account: account.balance == 120, modules=["bank"])
"""


def test_a_replay_names_the_call_of_the_test_that_failed(run, pytester):
    pytester.makepyfile(test_twice=TWICE)
    text = run("test_twice.py").stdout.str()
    test, schedule = re.search(r"replay: pytest '(.*)' --scenario-schedule '(.*)'", text).groups()
    assert test == "test_twice.py::test_both[{}]"
    result = run(test, "--scenario-schedule", schedule)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*FAIL thread-0 | thread-1*", "*found after 1 execution*"])
