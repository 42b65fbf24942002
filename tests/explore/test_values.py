"""A value that a state keeps is the value that was put in: what is one object in it stays one."""

from scenario.engines.explore.model.values import freeze, thaw


def test_a_list_that_a_dict_has_twice_is_one_whatever_its_keys_are():
    both = [1, 2]
    kept = thaw(freeze({float("nan"): both, 1: both}))
    assert kept[1] == both
    kept[1].append(3)
    assert [*kept.values()] == [[1, 2, 3], [1, 2, 3]]
