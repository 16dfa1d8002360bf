"""How long agents are left alone whom the switch could not reach."""

from datetime import UTC, datetime, timedelta

from server.contact_center.rests import FIRST_REST, LONGEST_REST, Rests
from server.entities import AgentKey

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ADA = AgentKey(tenant_id="00D000000000001AAA", agent_id="ada")
WHO = ("call-1", ADA)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_an_agent_rests_until_the_end_and_for_that_call_only() -> None:
    rests = Rests()
    assert rests.begin(WHO, NOW) == FIRST_REST
    assert rests.resting == {WHO}
    rests.end(WHO)
    assert rests.resting == frozenset()
    assert rests.begin(("call-2", ADA), NOW) == FIRST_REST


def test_each_rest_is_twice_as_long_up_to_the_longest() -> None:
    rests, now = Rests(), 0.0
    lengths: list[float] = []
    for _ in range(8):
        lengths.append(rests.begin(WHO, after(now)))
        now += lengths[-1]
        rests.end(WHO)
    assert lengths == [15, 30, 60, 120, 240, 480, LONGEST_REST, LONGEST_REST]


def test_a_rest_that_is_long_over_is_forgotten() -> None:
    rests = Rests()
    for number in range(1000):
        who = (f"call-{number}", ADA)
        rests.begin(who, after(number))
        rests.end(who)
    rests.begin(WHO, after(1000 + FIRST_REST + LONGEST_REST))
    assert len(rests) == 1
    assert rests.begin(WHO, after(2000)) == 2 * FIRST_REST, "a rest that is not over counts"
