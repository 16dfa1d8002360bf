import pytest

from connector_py.transport import full_jitter


@pytest.mark.parametrize(
    ("attempt", "limit"),
    [(0, 0.2), (1, 0.4), (2, 0.8), (3, 1.6), (4, 3.2), (5, 5.0), (6, 5.0), (100_000, 5.0)],
)
def test_upper_end_doubles_up_to_the_cap(attempt: int, limit: float):
    assert full_jitter(attempt, 1.0) == pytest.approx(limit)


def test_any_wait_below_the_upper_end_is_possible():
    assert full_jitter(3, 0.0) == 0.0
    assert full_jitter(3, 0.25) == pytest.approx(0.4)


def test_own_limits():
    assert full_jitter(1, 1.0, first_seconds=2.0, cap_seconds=3.0) == 3.0
    assert full_jitter(0, 1.0, first_seconds=2.0, cap_seconds=3.0) == 2.0
