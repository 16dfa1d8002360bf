"""What a log may tell outside, and what it may not."""

import json
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_py.api.redaction import REMOVED, redact

HEAD = "2024-05-06T07:08:09.123Z|INFO|SYSTEM|"
CALL_ID = "5f0c9a2b1d3e4f5061728394a5b6c7d8"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"

# ------------------------------------------------------------------------------- what goes


@pytest.mark.parametrize(
    "number",
    [
        "+12025550143",
        "12025550143",
        "(202) 555-0143",
        "202.555.0143",
        "555.0143",
        "+49 30 901820",
        "+49 (0)30 / 90 18 20",
        "4111 1111 1111 1111",
        "4111,1111,1111,1111",
        "4111_1111_1111_1111",
        "4, 1, 1, 1, 1, 1, 1, 1",
        "+1\u2011202\u2011555\u20110143",
        "\u0661\u0662\u0660\u0662\u0665\u0665\u0665\u0660\u0661\u0664\u0663",
    ],
)
@pytest.mark.parametrize(
    "line",
    [
        "dialled {}",
        "tel:{};phone-context=x",
        "<{}>",
        "call-{}",
        "x={},y",
        '{{"note":"{}"}}',
        '{{"id":"{}"}}',
        '{{"{}":1}}',
        "ext{}",
        "status 200 {} 2024-05-06T07:08:09Z",
    ],
)
def test_numbers_of_people_go_wherever_they_stand(number: str, line: str) -> None:
    told = redact(HEAD + line.format(number) + "\n")
    assert number not in told
    assert number.replace(" ", "")[-4:] not in told
    assert told.startswith(HEAD)
    assert told.endswith("\n")
    assert ("2024-05-06T07:08:09Z" in told) == ("2024-05-06T07:08:09Z" in line)


@pytest.mark.parametrize(
    "secret",
    [
        "ada@demo.example",
        "ada.lovelace+test@mail.demo.example",
        JWT,
        f"Bearer {JWT}",
        "Bearer abc-def",
        "Authorization: Basic YWRhOnNlY3JldA==",
        "authorization: Digest username=x, response=y",
        "Cookie: __Host-session=abc; other=def",
        "Set-Cookie: a=b; Secure",
        "https://ada:secret@files.demo.example/1.wav",
        "https://files.demo.example/1.wav?X-Amz-Signature=abc&Expires=12",
        "/api/v1/recordings/7?sig=abc",
        "wss://demo.example/link#ticket=abc",
        "token=abc",
        "password: abc",
        "A1" + "x" * 40,
        "SEND_DIGITS 12#",
        "sendDigits(1234)",
        "DTMF 12",
        "digit: 12, 12",
        "digits=3,12",
        "ticket abc-def-12",
        "https://demo.example/recordings/rec-1/AbCdEfGhIjKlMnOpQr12/audio.txt",
        "https://demo.example/rec/ada.lovelace.wav",
    ],
)
def test_secrets_go(secret: str) -> None:
    told = redact(f"before {secret}\nafter")
    assert REMOVED in told
    assert told.startswith("before ")
    assert told.endswith("\nafter")
    for part in ("ada", "abc", "def", "YWRh", "eyJ", "Secure", "username", "xxxx", "12", "AbCd"):
        assert part not in told


@pytest.mark.parametrize(
    "line",
    [
        '{"name":"Ada Lovelace"}',
        '{"contact":{"id":"003000000000001AAA","name":"Ada Lovelace"}}',
        '{"name":"Ada \\"Countess\\" Lovelace"}',
        '{"name":{"first":"Ada","last":"Lovelace"}}',
        '{"first":"Ada","last":"Lovelace"}',
        '{"names":1,"userFullName":"Ada Lovelace"}',
        '{"to":["Ada","Lovelace"]}',
        '{"payload":"{\\"name\\":\\"Ada Lovelace\\"}"}',
        '{"additionalFields":"{\\"FirstName__c\\":\\"Ada\\"}"}',
        'oops {"name":"Ada Lovelace","n":1',
        'oops {"n":1,"name":"Ada Lovel',
        'oops {\\"name\\":\\"Ada \\\\\\"L\\\\\\" Lovelace\\"}',
        "name: Ada Lovelace, next",
        "userName=Ada Lovelace state=on",
        '{"name":"nobody","name":"Ada"}',
        '{"payload":{"name":"Ada"},"payload":1}',
        '{"supervisorName":"Ada Lovelace"}',
        '{"eventType":"GET_PHONE_CONTACTS","filter":{"contains":"Ada"}}',
        '[{"audioDevices":[{"label":"Ada\'s headset"}]}]',
    ],
)
def test_values_of_private_fields_go(line: str) -> None:
    told = redact(HEAD + line)
    assert "Ada" not in told
    assert "Lovel" not in told
    assert REMOVED in told


@pytest.mark.parametrize(
    "line",
    [
        '{"eventType":"SEND_DIGITS","payload":"12#"}',
        '{"eventType":"SEND_DIGITS","payload":{"type":"SEND_DIGITS","digits":"12#"}}',
        '{"type":"SEND_DIGITS","digits":12}',
        'digits: "12#"',
        '{"digit":"12"}',
        '{"pressed":12}',
        '{"input":"12"}',
    ],
)
def test_typed_digits_go(line: str) -> None:
    assert "12" not in redact(line)


def test_what_is_taken_out_leaves_the_rest_of_the_entry() -> None:
    payload = {
        "eventType": "CALL_STARTED",
        "payload": {"callId": CALL_ID, "phoneNumber": "+12025550143", "state": "ringing"},
        "isError": False,
    }
    told = json.loads(redact(HEAD + json.dumps(payload)).removeprefix(HEAD))
    payload["payload"]["phoneNumber"] = REMOVED  # type: ignore[index]
    assert told == payload


# ------------------------------------------------------------------------------- what stays


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\n",
        "The connector is ready.",
        "call_started took 12.345 ms",
        f"call {CALL_ID} ended",
        "call 123e4567-e89b-12d3-a456-426614174000 ended",
        "call 12345678-1234-1234-1234-123456789012 ended at 1700000000000",
        "VoiceCall 0LQ000000000001AAA of 00D000000000001AAA",
        '{"eventType":"CALL_STARTED","payload":{"callId":"1234567890","state":"ringing"}}',
        '{"event":"link_lost","code":"1006","attempt":2}',
        '{"event": "link_lost",  "at": "2024-05-06T07:08:09.123Z"}',
        '{"name":"CALL_STARTED","phones":["SOFT_PHONE"]}',
        '{"callInfo":{"isMuted":false,"callStateTimestamp":1700000000000,"queueName":"Support"}}',
        '{"labelName":"Line_Busy","namespace":"acme"}',
        "TypeError: Cannot read properties of undefined (reading 'name')",
        "at https://demo.example/bridge/events.js:12:34",
        "GET https://demo.example/api/v1/calls/5f0c9a2b1d3e4f5061728394a5b6c7d8/0LQ000000000001AAA",
        "GET /api/v1/connector-settings answered 503",
        "CAN_NOT_GET_SIGNED_RECORDING_URL_BECAUSE_OF_SOMETHING_VERY_LONG",
        "{ this is no JSON",
        "[1, 2.50, 3]",
    ],
)
def test_plain_lines_stay_as_they_are(line: str) -> None:
    assert redact(line) == line
    assert redact(HEAD + line) == HEAD + line


def test_a_whole_file_goes_entry_by_entry() -> None:
    first = HEAD + '{"name":"Ada"}\n'
    second = HEAD + "two\nlines\n"
    third = HEAD.replace("INFO", "ERROR") + '{"event":"x","to":"+12025550143"}\n'
    told = redact(first + second + third)
    assert told == redact(first) + second + redact(third)
    assert told.count(REMOVED) == 2


# ------------------------------------------------------------------------------- properties

digits = st.text("0123456789", min_size=7, max_size=15)
word = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)
surname = st.text("QXZ", min_size=8, max_size=12)
secrets = st.one_of(
    digits.map(lambda d: ("phoneNumber", f"+{d}", d)),
    surname.map(lambda n: ("name", f"Dr. {n}", n)),
    st.text("0123456789*#", min_size=8, max_size=16).map(lambda d: ("digits", d, d)),
    surname.map(lambda n: ("email", f"{n}@{n}.example", n)),
    surname.map(lambda n: ("ticket", n, n)),
    surname.map(lambda n: ("Authorization", f"Bearer {n}", n)),
    surname.map(lambda n: ("cookie", f"a={n}", n)),
    surname.map(lambda n: ("note", f"https://demo.example/1?Signature={n}", n)),
    surname.map(lambda n: ("note", f"eyJ{n}.{n}.{n}", n)),
)
junk = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=12), word)


@st.composite
def lines(draw: st.DrawFn) -> tuple[str, str]:
    """A line with a secret in it, and the secret."""
    key, value, secret = draw(secrets)
    before = draw(st.dictionaries(word, junk, max_size=3))
    payload = {**before, key: value, **draw(st.dictionaries(word, junk, max_size=3))}
    payload[key] = value
    for _ in range(draw(st.integers(0, 3))):
        payload = draw(
            st.sampled_from(
                [
                    {"payload": payload, "type": "MESSAGE"},
                    {"eventType": "CALL_STARTED", "payload": [payload]},
                    {"message": json.dumps(payload)},
                ]
            )
        )
    text = json.dumps(payload, ensure_ascii=draw(st.booleans()))
    wrap = draw(st.sampled_from(["{}", " {} ", "{}\n", "got {}", "{} twice {}"]))
    return HEAD + wrap.replace("{}", text), secret


@given(lines())
def test_no_secret_survives(made: tuple[str, str]) -> None:
    line, secret = made
    assert secret not in redact(line)


@given(st.lists(word, max_size=12), st.integers(0, 99_999), st.uuids())
def test_plain_words_and_small_numbers_stay(words: list[str], count: int, call_id: object) -> None:
    line = f"{HEAD}{' '.join(words)} count {count} call {call_id}\n"
    assert redact(line) == line


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    redact(text)


@pytest.mark.parametrize(
    "line",
    [
        "1" * 100_000,
        "a" * 100_000,
        "a1" * 50_000,
        "1 " * 50_000,
        "a b " * 25_000,
        "x@" * 50_000,
        "[" * 100_000,
        "name=" * 20_000,
        '"name":"' * 10_000,
        '"note":"' * 10_000,
        "\\" * 50_000,
        '\\"name\\":\\"' * 5_000,
        '\\"note\\":\\"' * 5_000,
        "name='" * 10_000,
    ],
    ids=lambda line: str(line)[:16],
)
def test_long_odd_lines_take_no_time(line: str) -> None:
    start = perf_counter()
    redact(line)
    assert perf_counter() - start < 10.0
