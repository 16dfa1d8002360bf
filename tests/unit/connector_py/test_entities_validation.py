from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Optional, Union

import pytest

from connector_py.entities import CallType, Phone, PhoneType
from connector_py.entities.validation import is_number, is_union, rule_of, validate
from connector_py.errors import ValidationError
from tests.support.builders import START

INFINITY = float("inf")


@pytest.mark.parametrize(
    ("declared", "good", "bad"),
    [
        (str, ["", "x"], [None, 1, b"x"]),
        (bool, [True, False], [0, 1, None, "true"]),
        (int, [0, -5, 10**400], [True, 1.0, "1", None]),
        (float, [0, 1.5, 10**400], [True, INFINITY, -INFINITY, float("nan"), "1"]),
        (datetime, [START], [START.replace(tzinfo=None), "2024-05-06", 0]),
        (CallType, [CallType.INBOUND], ["Inbound", "inbound", None]),
        (Phone, [Phone(type=PhoneType.SOFT_PHONE)], [PhoneType.SOFT_PHONE, {}, None]),
        (str | None, ["", None], [1]),
        (Optional[int], [1, None], ["x"]),  # noqa: UP045 - the other spelling
        (Union[int, bool], [1, True], ["x", None]),  # noqa: UP007 - the other spelling
        (tuple[int, ...], [(), (1, 2)], [[1], ("x",), 1]),
        (Mapping[str, int], [{}, {"a": 1}], [{"a": "x"}, []]),
        (Any, [None, 1, object()], []),
    ],
)
def test_types_as_rules(declared: Any, good: list[object], bad: list[object]) -> None:
    rule = rule_of(declared)
    assert [rule.accepts(value) for value in good] == [True] * len(good)
    assert [rule.accepts(value) for value in bad] == [False] * len(bad)


@pytest.mark.parametrize("declared", [bytes, list[int], "str"])
def test_other_types_have_no_rule(declared: Any) -> None:
    with pytest.raises(TypeError, match="no validation rule"):
        rule_of(declared)


def test_unions_in_both_spellings() -> None:
    assert is_union(int | str)
    assert is_union(Union[int, str])  # noqa: UP007 - the other spelling
    assert not is_union(int)


def test_numbers() -> None:
    assert is_number(1)
    assert is_number(1.5)
    assert not is_number(True)
    assert not is_number("1")


@dataclass(frozen=True)
class Sample:
    numbers: tuple[int, ...]


def test_lists_become_tuples_when_their_items_fit() -> None:
    given: Any = [1, 2]
    sample = Sample(numbers=given)
    validate(sample)
    assert sample.numbers == (1, 2)
    wrong: Any = [1, "2"]
    with pytest.raises(ValidationError, match="numbers: expected a list of a whole number"):
        validate(Sample(numbers=wrong))
