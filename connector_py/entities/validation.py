"""Values against the declared types of their fields, for every class alike.

The types of a dataclass's fields are its rules: `validate` reads them once per class. The base
connector's own checks are looser (connector-api.md section 2: substring search for enumerations,
fields never looked at); here every field has to fit.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin

from connector_py.errors import ValidationError

Check = Callable[[object], bool]


@dataclass(frozen=True, slots=True)
class TypeRule:
    """What a declared type accepts, and how to say it."""

    accepts: Check
    expected: str


class VendorClass:
    """Base of every class that Salesforce's base connector knows too.

    Subclasses are frozen dataclasses. `_complete` fills in what the vendor's constructor derives,
    then every field is checked against its type, then `_check` looks at rules between fields.
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        self._complete()
        validate(self)
        self._check()

    def _complete(self) -> None:
        """Derive fields from other fields; nothing by default."""

    def _check(self) -> None:
        """Raise `ValidationError` when fields contradict each other; nothing by default."""

    def _set(self, field: str, value: object) -> None:
        object.__setattr__(self, field, value)


def on_wire(name: str) -> Mapping[str, str]:
    """Return field metadata for a wire name that is not simply the camelCase of the field's."""
    return MappingProxyType({"wire": name})


def validate(instance: Any) -> None:  # noqa: ANN401 - any dataclass
    """Check every field of a dataclass against its declared type.

    A list in a field for a tuple becomes a tuple.

    Args:
        instance: The dataclass instance.

    Raises:
        ValidationError: A field does not fit; names the field in Python's spelling.
    """
    for name, rule in rules_of(cast("type[Any]", type(instance))):
        value: Any = getattr(instance, name)
        if rule.accepts(value):
            continue
        if isinstance(value, list):
            value = tuple(cast("list[object]", value))
            if rule.accepts(value):
                object.__setattr__(instance, name, value)
                continue
        raise ValidationError(name, value, rule.expected)


@cache
def rules_of(cls: type[Any]) -> tuple[tuple[str, TypeRule], ...]:
    """Return the rule of each field of a dataclass."""
    return tuple((field.name, rule_of(field.type)) for field in fields(cls))


def is_union(declared: object) -> bool:
    """Tell whether a declared type is a union (spelled in either way)."""
    return get_origin(declared) in (UnionType, Union)


def is_number(value: object) -> bool:
    """Tell whether a value is a finite number; a boolean is none."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


_SCALARS: Mapping[Any, TypeRule] = MappingProxyType(
    {
        str: TypeRule(lambda value: isinstance(value, str), "text"),
        bool: TypeRule(lambda value: isinstance(value, bool), "true or false"),
        int: TypeRule(
            lambda value: isinstance(value, int) and not isinstance(value, bool), "a whole number"
        ),
        float: TypeRule(is_number, "a number"),
        datetime: TypeRule(
            lambda value: isinstance(value, datetime) and value.tzinfo is not None,
            "a time with its time zone",
        ),
        NoneType: TypeRule(lambda value: value is None, "nothing"),
        Any: TypeRule(lambda value: True, "anything"),
    }
)


@cache
def rule_of(declared: Any) -> TypeRule:  # noqa: ANN401 - a type expression
    """Return the rule of a declared type.

    Args:
        declared: A scalar type, an enumeration, a dataclass, `tuple[X, ...]`, `Mapping[str, X]`,
            `Any`, or a union of these.

    Raises:
        TypeError: No rule for this kind of type.
    """
    if declared in _SCALARS:
        return _SCALARS[declared]
    if is_union(declared):
        return _union_rule(get_args(declared))
    if get_origin(declared) is tuple:
        item = rule_of(get_args(declared)[0])
        return TypeRule(
            lambda value: isinstance(value, tuple) and _all(item, cast("tuple[object]", value)),
            f"a list of {item.expected}",
        )
    if get_origin(declared) is Mapping:
        entry = rule_of(get_args(declared)[1])
        return TypeRule(
            lambda value: (
                isinstance(value, Mapping)
                and _all(entry, cast("Mapping[str, object]", value).values())
            ),
            f"a map to {entry.expected}",
        )
    return _class_rule(declared)


def _class_rule(declared: Any) -> TypeRule:  # noqa: ANN401 - a type expression
    if is_dataclass(declared):
        cls = cast("type[Any]", declared)
        return TypeRule(lambda value: isinstance(value, cls), f"a {cls.__name__}")
    if isinstance(declared, type) and issubclass(declared, Enum):
        return TypeRule(
            lambda value: isinstance(value, declared),
            "one of " + ", ".join(str(member.value) for member in declared),
        )
    raise TypeError(f"no validation rule for {declared!r}")


def _union_rule(declared: tuple[Any, ...]) -> TypeRule:
    rules = tuple(rule_of(member) for member in declared)
    phrase = " or ".join(rule.expected for rule in rules)
    if len(rules) == 2 and declared[1] is NoneType:  # the commonest by far, worth its own line
        first = rules[0].accepts
        return TypeRule(lambda value: value is None or first(value), phrase)
    return TypeRule(lambda value: any(rule.accepts(value) for rule in rules), phrase)


def _all(rule: TypeRule, values: Any) -> bool:  # noqa: ANN401 - iterable of anything
    return all(rule.accepts(value) for value in values)
