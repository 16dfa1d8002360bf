"""How good a call sounded: the E-model of ITU-T G.107, and Salesforce's own formula beside it.

Salesforce's base connector computes a score that hardly reacts to lost packets, as it takes loss
for a ratio where the E-model wants a percentage, and that may leave the scale (connector-api.md
4.7, weakness B25). Salesforce gets that one all the same: it computes it itself. Ours is kept with
the call.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from connector_py.entities import AudioStatsElement, StatsInfo

_BASIC_RATIO = 94.7688
"""Ro: signal to noise, all parameters of G.107 at their defaults."""
_SIMULTANEOUS_IMPAIRMENT = 1.4136
"""Is, all parameters of G.107 at their defaults."""
_TALKER_ECHO_LOUDNESS = 65.0
"""TELR, dB, default."""
_WEIGHTED_ECHO_PATH_LOSS = 110.0
"""WEPL, dB, default."""
_NOTICED_DELAY = 100.0
"""mT, milliseconds, default: below it nobody notices."""
_LOSS_ROBUSTNESS = 25.1
"""Bpl of G.711 with concealment of lost packets (ITU-T G.113, appendix I); its Ie is 0."""
_PACKET_MILLIS = 20.0
"""A packet of G.711 is on its way when it is full (RFC 3551, 4.2)."""
_LONGEST_DELAY = 60_000.0
"""Milliseconds: worse than that does not sound worse."""
_LOWEST_SCORE, _HIGHEST_SCORE = 1.0, 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Direction:
    """What was measured in one direction, over all samples."""

    loss_percent: float
    jitter_buffer_millis: float
    round_trip_millis: float


def mean_opinion_score(stats: Sequence[AudioStatsElement]) -> float | None:
    """Return how a call sounded, from 1 (bad) to 5: that of its worse direction.

    Args:
        stats: Its samples; `packetsCount` counts the packets that were lost too.

    Returns:
        The score, or None when no direction has a sample with packets.
    """
    directions = (_measured(_inputs(stats)), _measured(_outputs(stats)))
    scores = [_score(direction) for direction in directions if direction is not None]
    return min(scores, default=None)


def transmission_rating(*, one_way_millis: float, loss_percent: float) -> float:
    """Return R of ITU-T G.107 for G.711, everything else at its default; 93.2 is the best.

    Args:
        one_way_millis: From mouth to ear.
        loss_percent: Packets lost at random, 0 to 100.
    """
    delay = min(max(0.0, one_way_millis), _LONGEST_DELAY)
    impairments = (
        _SIMULTANEOUS_IMPAIRMENT + _delay_impairment(delay) + _loss_impairment(loss_percent)
    )
    return _BASIC_RATIO - impairments


def score_of_rating(rating: float) -> float:
    """Return the mean opinion score of an R (ITU-T G.107, annex B), from 1 to 5."""
    if rating <= 0:
        return _LOWEST_SCORE
    if rating >= 100:
        return 4.5
    return min(max(_curve(rating), _LOWEST_SCORE), _HIGHEST_SCORE)


def vendor_mean_opinion_score(stats: Sequence[AudioStatsElement]) -> float:
    """Return the score that Salesforce's base connector computes (connector-api.md 4.7).

    Exactly so, with its weaknesses: loss as a ratio, whole numbers only, not kept on the scale.

    Args:
        stats: All samples since the call was connected.

    Returns:
        The score of the worse direction; 0 when neither has one.
    """
    scores = (_vendor_score(_inputs(stats)), _vendor_score(_outputs(stats)))
    return min((score for score in scores if score is not None), default=0.0)


# ------------------------------------------------------------------------------ measurements


def _inputs(stats: Sequence[AudioStatsElement]) -> list[StatsInfo]:
    return [each.input_channel_stats for each in stats if each.input_channel_stats is not None]


def _outputs(stats: Sequence[AudioStatsElement]) -> list[StatsInfo]:
    return [each.output_channel_stats for each in stats if each.output_channel_stats is not None]


def _measured(samples: Sequence[StatsInfo]) -> _Direction | None:
    packets = sum(sample.packets_count for sample in samples)
    lost = sum(sample.packets_lost for sample in samples)
    if packets <= 0 and lost <= 0:
        return None
    jitter = sum(sample.jitter_buffer_millis for sample in samples)
    round_trip = sum(sample.round_trip_time_millis for sample in samples)
    return _Direction(
        loss_percent=100 * min(1.0, lost / packets) if packets > 0 else 100.0,
        jitter_buffer_millis=jitter / len(samples),
        round_trip_millis=round_trip / len(samples),
    )


def _score(direction: _Direction) -> float:
    one_way = direction.round_trip_millis / 2 + direction.jitter_buffer_millis + _PACKET_MILLIS
    rating = transmission_rating(one_way_millis=one_way, loss_percent=direction.loss_percent)
    return score_of_rating(rating)


# --------------------------------------------------------------------- ITU-T G.107, section 7


def _curve(rating: float) -> float:
    return 1 + 0.035 * rating + 7e-6 * rating * (rating - 60) * (100 - rating)


def _loss_impairment(loss_percent: float) -> float:
    """Ie-eff: what lost packets do (G.107, 7.5)."""
    return 95 * loss_percent / (loss_percent + _LOSS_ROBUSTNESS) if loss_percent > 0 else 0.0


def _delay_impairment(delay: float) -> float:
    """Id: talker echo, listener echo, and that the other one answers late (G.107, 7.4)."""
    return _talker_echo(delay) + _listener_echo(2 * delay) + _late_answers(delay)


def _talker_echo(delay: float) -> float:
    """Idte, for one-way delay in milliseconds."""
    rating = (
        _TALKER_ECHO_LOUDNESS
        - 40 * math.log10((1 + delay / 10) / (1 + delay / 150))
        + 6 * math.exp(-0.3 * delay**2)
    )
    half = (_BASIC_RATIO - (80 + 2.5 * (rating - 14))) / 2
    return (half + math.sqrt(half**2 + 100) - 1) * (1 - math.exp(-delay))


def _listener_echo(round_trip: float) -> float:
    """Idle, for a round trip in milliseconds."""
    rating = 10.5 * (_WEIGHTED_ECHO_PATH_LOSS + 7) * (round_trip + 1) ** -0.25
    half = (_BASIC_RATIO - rating) / 2
    return half + math.sqrt(half**2 + 169)


def _late_answers(delay: float) -> float:
    """Idd, for one-way delay in milliseconds."""
    if delay <= _NOTICED_DELAY:
        return 0.0
    doublings = math.log2(delay / _NOTICED_DELAY)
    return 25 * (_sixth_root(doublings) - 3 * _sixth_root(doublings / 3) + 2)


def _sixth_root(value: float) -> float:
    return (1 + value**6) ** (1 / 6)


# ------------------------------------------------------------------------ Salesforce's formula


def _vendor_score(samples: Sequence[StatsInfo]) -> float | None:
    """Return the score of one direction; None for JavaScript's NaN."""
    packets = sum(_int32(sample.packets_count) for sample in samples)
    if packets == 0:
        return None
    lost = sum(_int32(sample.packets_lost) for sample in samples)
    jitter = sum(_int32(sample.jitter_buffer_millis) for sample in samples) / len(samples)
    round_trip = sum(_int32(sample.round_trip_time_millis) for sample in samples) / len(samples)
    latency = round_trip + 2 * jitter + 10
    rating = 93.2 - (latency / 40 if latency < 160 else (latency - 120) / 10)
    return _curve(rating - lost / packets * 2.5)


def _int32(value: float) -> int:
    """JavaScript's `value | 0`: the whole part, in 32 bits."""
    return (math.trunc(value) + 2**31) % 2**32 - 2**31
