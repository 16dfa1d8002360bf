"""Takes personal data and secrets out of the log before it becomes a file.

Salesforce's own log keeps whole payloads: phone numbers, names, typed digits, addresses of
recordings with their signatures (connector-api.md 4.5, weaknesses B20 and B21). What is left here
serves to find faults: times, levels, names of events, ids of calls, what failed.

Two nets, as values of a log have no types: fields that are called like personal data or secrets,
and text that looks like them, wherever it stands. When in doubt it goes.
"""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast

REMOVED = "[removed]"
"""What stands in place of what was taken out."""

# ------------------------------------------------------------------------- names of fields

_PRIVATE_PART = re.compile(
    r"phone|e_?mail|token|secret|passw|passphrase|authori[sz]ation|cookie|ticket|signature"
    r"|credential|apikey|jwt|certificate|privatekey|dtmf|transcript|caller|callee|customer|address"
)
"""Parts of the names of private fields; the names in small letters without signs."""
_PRIVATE_END = re.compile(r"(name|number|digits?)$")
_PRIVATE_FIELDS = frozenset(
    (
        "from",
        "to",
        "contains",
        "prefix",
        "extension",
        "description",
        "label",
        "pressed",
        "input",
        "first",
        "last",
        "tones",
        "number",
        "numbers",
        "ani",
        "dnis",
        "mobile",
        "fax",
        "tel",
        "user",
        "login",
        "key",
        "sig",
        "otp",
        "pin",
        "nonce",
        "session",
        "sessionid",
        "content",
        "text",
        "additionalfields",
    )
)
_NAMES_OF_THINGS = frozenset(
    (
        "labelname",
        "eventname",
        "statusname",
        "statusapiname",
        "queuename",
        "flowname",
        "flowdevname",
        "productname",
        "classname",
        "methodname",
        "filename",
        "hostname",
        "errorname",
        "internalname",
        "reqinternalname",
        "callcentername",
        "devname",
        "developername",
        "apiname",
        "reqvendorinfoapiname",
    )
)
"""Names that are not those of people."""
_PLAIN_FIELD = re.compile(r"(id|ids|type|state|status|timestamp|callkey)$")
"""Fields that stay readable inside a private one, such as the id of a contact."""
_CONSTANT = re.compile(r"[A-Z]+(?:_[A-Z]+)+")
"""Names of events and error constants are nobody's name."""

# ---------------------------------------------------------------------------------- values

_ENTRY = re.compile(r"(?m)^(?=\d{4}-\d\d-\d\dT[^|\n]{1,30}\|)")
_HEAD = re.compile(r"\d{4}-\d\d-\d\dT[^|\n]{1,30}\|(?:\w{1,20}\|){1,2}")
_URL = re.compile(
    r"""(?x)(?P<scheme>\b[A-Za-z][A-Za-z0-9+.-]{1,20}://)
    (?P<user>[^\s/@"'<>\\]{1,200}@)?
    (?P<path>[^\s?\#"'<>\\]*)
    (?P<query>[?\#][^\s"'<>\\]*)?"""
)
_QUERY = re.compile(r"""(?<=[?&])([\w.%~-]+)=(?!\[removed)[^&\s"'<>\\]+""")
_HEADER = re.compile(r"""(?i)\b((?:set-)?cookie2?|(?:proxy-)?authorization)(\s*:\s*)[^\n"\\]+""")
_BEARER = re.compile(r"""(?i)\b(bearer)\s+[^\s"',;\\]+""")
_JWT = re.compile(r"\beyJ[\w-]{5,}(?:\.[\w-]*)*")
_TYPED = re.compile(
    r"(?i)(\b(?:(?:send_?)?digits?|dtmf|tones?)\W{1,4})[0-9a-d*#,]*[0-9*#][0-9a-d*#,]*"
)
_SPOKEN_SECRET = re.compile(r"(?i)\b(ticket|token|secret|password|otp|pin)(\s+)(?=\S{0,200}\d)\S+")
_EMAIL = re.compile(r"""[^\s@<>"'(),;:=|\\/]{1,64}@[^\s@<>"'(),;|\\/]{1,200}""")
_LONG = re.compile(r"[A-Za-z0-9_-]{40,}={0,2}")
_PLAIN_PART = re.compile(r"[0-9A-Fa-f-]*|[0-9A-Za-z]{15}|[0-9A-Za-z]{18}|(?!.*\d)[\w.~-]*|.{0,15}")
"""Parts of a path that are no secret: ids, words, what is short."""
_SOUND_FILE = re.compile(r"(?i)[^/]*\.(wav|mp3|ogg|opus|m4a|webm|flac)$")

_QUOTED = re.compile(
    r"""(?x)(?s)(?P<start>(?<!\\)(?P<open>\\{0,64}["'])(?P<key>[\w./\ -]{1,80})(?P=open)\s*:\s*)
    (?: "(?P<plain>(?:[^"\\]|\\.)*)(?:"|\\?\Z)
      | (?P<quote>\\*["'])(?P<escaped>.*?)(?:(?<!\\)(?P=quote)|\Z)
      | (?P<bare>[-+\w.]+) )"""
)
_NAMED = re.compile(
    r"""(?x)(?P<start>(?<![\w"'])(?P<key>[A-Za-z][\w.-]{0,80})\s?[:=]\s?)
    (?P<value> "[^"\n]*"? | '[^'\n]*'? | [\d*#]+(?:[ \t]?,[ \t]?[\d*#]+)+
    | (?!\[removed)[^\s,;|&})\]"'\\]+(?:[ \t]+(?![\w.-]{1,80}[=:])[^\s,;|&})\]"'\\]+)*)"""
)
_MAYBE_NUMBER = re.compile(
    r"""(?x)
    (?P<keep>
      (?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])          # a day, with its time
        (?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\d-])
    | [0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}             # an id
    | (?=[0-9]*[A-Fa-f])[0-9A-Fa-f]{24,39}(?![0-9A-Za-z])
    | (?=[0-9]*[A-Za-z])(?:[0-9A-Za-z]{18}|[0-9A-Za-z]{15})(?![0-9A-Za-z])
    | 1[5-9]\d{11}(?!\d)                                               # milliseconds since 1970
    | (?!\d{3}\.\d{4}(?!\d))\d{1,6}\.\d+(?![\d./() \t-]*\d)            # a decimal number
    | \d{0,6}[A-Za-z]+(?:\d{1,6}[A-Za-z]+)*(?:\d{1,6}(?![ .()/-]{0,3}\d))?  # a word
    )
    | (?P<number>\+?\(?\d
        (?: [ \t\u00a0\u2007-\u2015\u202f().,_\-/]{0,3}
            (?! (?:19|20)\d\d-[01]\d-[0-3]\d | [0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}- ) \d
        ){6,})
    """
)
_WORD = re.compile(r"[A-Za-z_]{0,39}")
"""Most texts in an entry: worth a look of its own."""
_ONLY_NUMBER = re.compile(r"\s*\+?[\d\s().,_\-/]*\d\s*")
_SHORTEST_NUMBER = 7


def redact(text: str) -> str:
    """Return lines of a log without phone numbers, names, digits, addresses and secrets.

    Gone are the values of fields with a private name, in JSON and in `key=value`, and everywhere
    numbers of 7 digits and more, e-mail addresses, tokens, cookies, `Authorization` headers and
    the query of an address. Kept are times, levels, names of events, constants and ids of calls.

    Args:
        text: One entry or more, as Salesforce writes them: `time|level|source|message or JSON`.
    """
    return "".join(_entry(entry) for entry in _ENTRY.split(text))


def _entry(entry: str) -> str:
    head = _HEAD.match(entry)
    start = head.end() if head else 0
    return entry[:start] + _text(entry[start:])


def _text(text: str) -> str:
    stripped = text.strip()
    if stripped[:1] in ("{", "["):
        try:
            value = json.loads(stripped, object_pairs_hook=_object)
        except (ValueError, RecursionError):
            return _free_text(text)
        changed = _value(value, key="", is_private=False)
        if changed == value:
            return text
        dumped = json.dumps(changed, ensure_ascii=False, separators=(",", ":"))
        return text.replace(stripped, dumped)
    return _free_text(text)


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object; one with a key twice would hide a value from us."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice")
    return made


# ------------------------------------------------------------------------------------- JSON


def _value(value: Any, *, key: str, is_private: bool) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return _fields(cast("dict[str, Any]", value), is_private=is_private)
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return [_value(item, key=key, is_private=is_private) for item in items]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _string(value, key=key, is_private=is_private)
    return _number(value, key=key, is_private=is_private)


def _fields(fields: dict[str, Any], *, is_private: bool) -> dict[str, Any]:
    typed = "SEND_DIGITS" in (fields.get("eventType"), fields.get("type"))
    changed: dict[str, Any] = {}
    for name, value in fields.items():
        key = _normal(name)
        hides = is_private or typed
        private = _is_private(key) or (hides and not _PLAIN_FIELD.search(key))
        changed[_free_text(name)] = _value(value, key=key, is_private=private)
    return changed


def _string(value: str, *, key: str, is_private: bool) -> str:
    if is_private:
        return value if not value or _CONSTANT.fullmatch(value) else REMOVED
    if _PLAIN_FIELD.search(key):
        return _id(value, key=key)
    return _text(value)


def _id(value: str, *, key: str) -> str:
    """An id may be any digits, unless it is the number of somebody who has no id."""
    is_number = value.startswith("+") or (key == "id" and _ONLY_NUMBER.fullmatch(value))
    if is_number and _digits(value) >= _SHORTEST_NUMBER:
        return REMOVED
    return _secrets(value)


def _number(value: float, *, key: str, is_private: bool) -> float | str:
    if is_private:
        return REMOVED
    if isinstance(value, float) or _PLAIN_FIELD.search(key):
        return value
    return value if _numbers(str(value)) == str(value) else REMOVED


@lru_cache(maxsize=500)
def _normal(name: str) -> str:
    last = re.split(r"[./]", name)[-1]
    return re.sub(r"[^a-z0-9]", "", last.lower())


@lru_cache(maxsize=500)
def _is_private(key: str) -> bool:
    if key in _NAMES_OF_THINGS:
        return False
    return (
        key in _PRIVATE_FIELDS
        or _PRIVATE_END.search(key) is not None
        or _PRIVATE_PART.search(key) is not None
    )


# ------------------------------------------------------------------------------------- text


def _free_text(text: str) -> str:
    if _WORD.fullmatch(text):
        return text
    return _numbers(_secrets(_named(text)))


def _named(text: str) -> str:
    """Remove what stands behind private names: in quotes, in escaped quotes, as `name=value`."""
    return _NAMED.sub(
        _plain_pair, _QUOTED.sub(_quoted_pair, _HEADER.sub(_header, _URL.sub(_url, text)))
    )


def _url(found: re.Match[str]) -> str:
    user = f"{REMOVED}@" if found["user"] else ""
    query = f"?{REMOVED}" if found["query"] else ""
    # A recording may be called like somebody, and an address may be signed in its path.
    path = _SOUND_FILE.sub(rf"{REMOVED}.\1", found["path"])
    parts = (part if _PLAIN_PART.fullmatch(part) else REMOVED for part in path.split("/"))
    return f"{found['scheme']}{user}{'/'.join(parts)}{query}"


def _header(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}{REMOVED}"


def _quoted_pair(found: re.Match[str]) -> str:
    part = next(name for name in ("plain", "escaped", "bare") if found[name] is not None)
    start, end = (place - found.start() for place in found.span(part))
    changed = _hidden(found[part], part) if _is_private(_normal(found["key"])) else found[part]
    if changed == found[part] != "" and part != "bare":
        changed = _named(found[part])
    return found.group()[:start] + changed + found.group()[end:]


def _hidden(value: str, part: str) -> str:
    is_plain = value in ("null", "true", "false") if part == "bare" else not value
    return value if is_plain or _CONSTANT.fullmatch(value) else REMOVED


def _plain_pair(found: re.Match[str]) -> str:
    private = _is_private(_normal(found["key"])) and not _CONSTANT.fullmatch(found["value"])
    return f"{found['start']}{REMOVED}" if private else found.group()


def _secrets(text: str) -> str:
    text = _QUERY.sub(rf"\1={REMOVED}", text)
    text = _BEARER.sub(rf"\1 {REMOVED}", _JWT.sub(REMOVED, text))
    text = _TYPED.sub(rf"\1{REMOVED}", _EMAIL.sub(REMOVED, text))
    text = _SPOKEN_SECRET.sub(rf"\1\2{REMOVED}", text)
    return _LONG.sub(_long_word, text)


def _long_word(found: re.Match[str]) -> str:
    """A token has letters and digits; a long name of an event has no digits."""
    word = found.group()
    has_both = any(map(str.isdigit, word)) and any(map(str.isalpha, word))
    return REMOVED if has_both else word


def _numbers(text: str) -> str:
    return _MAYBE_NUMBER.sub(lambda found: found["keep"] or REMOVED, text)


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))
