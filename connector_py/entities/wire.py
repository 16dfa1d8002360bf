"""The one codec between entities and JSON: only here are camelCase names known.

Both directions follow the declared types of the dataclasses' fields. Reading is strict about
types and forgiving about what JavaScript does: unknown keys are ignored, `null` in a field that has
a default means "not given", and values of enumerations may come in any case (connector-api.md
section 2: the base connector's checks ignore case).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from types import MappingProxyType, NoneType
from typing import Any, TypeVar, cast, get_args, get_origin

from connector_py.entities.validation import VendorClass, is_number, is_union, rule_of
from connector_py.errors import ValidationError

T = TypeVar("T")
Parse = Callable[[object, str], Any]

_LARGEST_SAFE_INTEGER = 2**53 - 1
"""JavaScript's own; larger whole numbers do not survive the way."""


@dataclass(frozen=True, slots=True)
class WireField:
    """A field of a dataclass and how it travels."""

    name: str
    wire_name: str
    declared: Any
    is_required: bool


def wire_name_of(field_name: str) -> str:
    """Return the camelCase of a snake_case name; dotted paths part by part."""
    head, *tail = field_name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in tail)


@cache
def wire_fields(cls: type[Any]) -> tuple[WireField, ...]:
    """Return the fields of a dataclass with their names on the wire."""
    return tuple(
        WireField(
            name=field.name,
            wire_name=field.metadata.get("wire") or wire_name_of(field.name),
            declared=field.type,
            is_required=_has_no_default(field),
        )
        for field in fields(cls)
    )


def _has_no_default(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


# ---- writing ---------------------------------------------------------------------------------


def to_wire(value: object) -> Any:  # noqa: ANN401 - JSON
    """Turn an entity into what JSON can hold.

    Args:
        value: A dataclass, or anything made of dataclasses, enumerations, times, lists, maps and
            JSON's own values.

    Returns:
        Dataclasses as maps with camelCase keys without what is None, enumerations as their
        values, times as ISO 8601 in UTC with milliseconds and `Z`.

    Raises:
        ValidationError: Something in it has no place in JSON.
    """
    return _write(value, is_tagged=False)


def to_tagged(value: object) -> Any:  # noqa: ANN401 - JSON
    """Like `to_wire`, with marks from which the bridge makes JavaScript objects.

    Returns:
        Classes of the base connector carry `"$class": "<its name>"`; times are
        `{"$date": "<ISO 8601>"}`.

    Raises:
        ValidationError: Something in it has no place in JSON.
    """
    return _write(value, is_tagged=True)


def _write(value: object, *, is_tagged: bool) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | bool) or is_number(value):
        return value
    if isinstance(value, datetime):
        text = _write_time(value)
        return {"$date": text} if is_tagged else text
    if isinstance(value, Mapping):
        entries = cast("Mapping[object, object]", value)
        return {str(key): _write(entry, is_tagged=is_tagged) for key, entry in entries.items()}
    if isinstance(value, list | tuple):
        items = cast("Iterable[object]", value)
        return [_write(item, is_tagged=is_tagged) for item in items]
    if is_dataclass(value) and not isinstance(value, type):
        return _write_dataclass(value, is_tagged=is_tagged)
    raise ValidationError("value", value, "something that JSON can hold")


def _write_time(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValidationError("value", value, "a time with its time zone")
    return value.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _write_dataclass(value: Any, *, is_tagged: bool) -> dict[str, Any]:  # noqa: ANN401
    cls = cast("type[Any]", type(value))
    written: dict[str, Any] = {}
    if is_tagged and issubclass(cls, VendorClass):
        written["$class"] = cls.__name__
    for field in wire_fields(cls):
        entry = getattr(value, field.name)
        if entry is not None:
            written[field.wire_name] = _write(entry, is_tagged=is_tagged)
    return written


# ---- reading ---------------------------------------------------------------------------------


def from_wire(cls: type[T], data: object, *, path: str = "") -> T:
    """Make an entity from what came over the wire.

    Args:
        cls: The dataclass to make.
        data: What `json.loads` returned.
        path: Where `data` stood, for errors.

    Raises:
        ValidationError: It does not fit; names the field with its full path on the wire.
    """
    if not isinstance(data, Mapping):
        raise ValidationError(path or cls.__name__, data, f"a {cls.__name__}")
    given = cast("Mapping[str, object]", data)
    values: dict[str, Any] = {}
    for field in wire_fields(cls):
        value = given.get(field.wire_name)
        here = _join(path, field.wire_name)
        if value is not None:
            values[field.name] = _parser(field.declared)(value, here)
        elif field.is_required and not rule_of(field.declared).accepts(None):
            raise ValidationError(here, None, rule_of(field.declared).expected)
        elif field.is_required:
            values[field.name] = None
    try:
        return cls(**values)
    except ValidationError as error:
        wire_path = ".".join(wire_name_of(part) for part in error.field.split("."))
        raise ValidationError(_join(path, wire_path), error.value, error.expected) from error


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


@cache
def _parser(declared: Any) -> Parse:  # noqa: ANN401 - a type expression
    if declared in _SCALAR_PARSERS:
        return _SCALAR_PARSERS[declared]
    if is_union(declared):
        return _union_parser(declared)
    origin = get_origin(declared)
    if origin is tuple:
        return _list_parser(declared)
    if origin is Mapping:
        return _map_parser(declared)
    if issubclass(declared, Enum):
        return _enum_parser(declared)
    return lambda value, path: from_wire(declared, value, path=path)


def _scalar_parser(declared: Any) -> Parse:  # noqa: ANN401 - a type expression
    rule = rule_of(declared)

    def parse(value: object, path: str) -> object:
        if not rule.accepts(value):
            raise ValidationError(path, value, rule.expected)
        return value

    return parse


def _parse_text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise ValidationError(path, value, "text")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValidationError(path, value, "text without lone surrogates") from None
    return value


def _parse_whole_number(value: object, path: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST_SAFE_INTEGER:
        raise ValidationError(path, value, "a whole number")
    return value


def _parse_time(value: object, path: str) -> datetime:
    expected = "a time in ISO 8601 with its time zone"
    if not isinstance(value, str):
        raise ValidationError(path, value, expected)
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValidationError(path, value, expected) from error
    raise ValidationError(path, value, expected)


_SCALAR_PARSERS: Mapping[Any, Parse] = MappingProxyType(
    {
        str: _parse_text,
        bool: _scalar_parser(bool),
        int: _parse_whole_number,
        float: _scalar_parser(float),
        datetime: _parse_time,
        Any: lambda value, path: value,
    }
)


def _enum_parser(enum: type[Enum]) -> Parse:
    members = {member.value.casefold(): member for member in enum}
    expected = rule_of(enum).expected

    def parse(value: object, path: str) -> Enum:
        member = members.get(value.casefold()) if isinstance(value, str) else None
        if member is None:
            raise ValidationError(path, value, expected)
        return member

    return parse


def _list_parser(declared: Any) -> Parse:  # noqa: ANN401 - a type expression
    item = _parser(get_args(declared)[0])
    expected = rule_of(declared).expected

    def parse(value: object, path: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise ValidationError(path, value, expected)
        items = cast("Iterable[object]", value)
        return tuple(item(entry, f"{path}[{index}]") for index, entry in enumerate(items))

    return parse


def _map_parser(declared: Any) -> Parse:  # noqa: ANN401 - a type expression
    entry = _parser(get_args(declared)[1])
    expected = rule_of(declared).expected

    def parse(value: object, path: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise ValidationError(path, value, expected)
        entries = cast("Mapping[str, object]", value)
        return {key: entry(item, _join(path, key)) for key, item in entries.items()}

    return parse


def _union_parser(declared: Any) -> Parse:  # noqa: ANN401 - a type expression
    """Choose the member of the union by the value's JSON type; members never share one."""
    members = {
        _json_type(member): _parser(member)
        for member in get_args(declared)
        if member is not NoneType
    }
    if len(members) == 1:
        return next(iter(members.values()))
    expected = rule_of(declared).expected

    def parse(value: object, path: str) -> object:
        for json_type, parser in members.items():
            if isinstance(value, json_type):
                return parser(value, path)
        raise ValidationError(path, value, expected)

    return parse


def _json_type(declared: Any) -> type:  # noqa: ANN401 - a type expression
    if get_origin(declared) is tuple:
        return list
    if get_origin(declared) is Mapping or is_dataclass(declared):
        return dict
    return str
