"""When a failed request is sent again."""

import pytest

from server.salesforce import (
    AuthenticationError,
    InvalidRequestError,
    MalformedAnswerError,
    PermanentError,
    RateLimitedError,
    RetryableError,
    RetryPolicy,
    SalesforceError,
    UnreachableError,
    jitter_of,
)

POLICY = RetryPolicy()
FAILED = RetryableError("x", status=500)
LIMITED = RateLimitedError("x", status=429)


def quick_pauses(error: SalesforceError, time_left: float = 3.0) -> list[float | None]:
    return [POLICY.quick_pause(error, retries_done=n, time_left=time_left) for n in range(4)]


@pytest.mark.parametrize("error", [FAILED, UnreachableError("x"), MalformedAnswerError("x")])
def test_there_are_three_quick_retries(error: SalesforceError) -> None:
    assert quick_pauses(error) == [0.05, 0.1, 0.2, None]


@pytest.mark.parametrize(
    "error", [LIMITED, PermanentError("x"), InvalidRequestError("f", "r"), AuthenticationError("x")]
)
def test_what_cannot_work_at_once_is_not_retried_quickly(error: SalesforceError) -> None:
    assert quick_pauses(error) == [None] * 4


def test_a_pause_must_fit_into_the_time_left() -> None:
    assert quick_pauses(FAILED, time_left=0.08) == [0.05, None, None, None]


def test_a_silent_salesforce_leaves_time_for_every_retry() -> None:
    left = 3.0
    limits: list[float] = []
    for retries in range(4):
        limits.append(POLICY.quick_time_limit(retries_done=retries, time_left=left))
        left -= limits[-1]
    assert limits == [1.5, 0.75, 0.375, 0.375]
    assert left == 0


def test_waits_double_up_to_the_longest() -> None:
    waits = [POLICY.wait(FAILED, attempts=n, jitter=1.0) for n in range(1, 9)]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert POLICY.wait(FAILED, attempts=10_000, jitter=1.0) == 60
    assert POLICY.wait(FAILED, attempts=3, jitter=0.0) == 2


def test_a_rate_limit_waits_5_10_20() -> None:
    assert [POLICY.wait(LIMITED, attempts=n, jitter=0.0) for n in range(1, 6)] == [
        5,
        10,
        20,
        20,
        20,
    ]
    assert POLICY.wait(LIMITED, attempts=1, jitter=1.0) == pytest.approx(5.5)


def test_salesforces_own_wish_counts_when_it_is_longer() -> None:
    wish = RateLimitedError("x", status=429, retry_after=12)
    assert POLICY.wait(wish, attempts=1, jitter=0.0) == 12
    assert POLICY.wait(wish, attempts=3, jitter=0.0) == 20


def test_settings_that_an_admin_must_mend_are_tried_slowly() -> None:
    assert POLICY.wait(AuthenticationError("x", status=401), attempts=1, jitter=1.0) == 60


@pytest.mark.parametrize("error", [PermanentError("x"), InvalidRequestError("f", "r")])
def test_a_permanent_error_is_dead(error: SalesforceError) -> None:
    assert POLICY.wait(error, attempts=1, jitter=0.5) is None


def test_jitter_is_spread_and_repeatable() -> None:
    values = [jitter_of(f"entry{n}", 1) for n in range(200)]
    assert all(0 <= value < 1 for value in values)
    assert 0.4 < sum(values) / len(values) < 0.6
    assert values == [jitter_of(f"entry{n}", 1) for n in range(200)]
    assert jitter_of("entry1", 1) != jitter_of("entry1", 2)
