"""Scores of call quality against published values and observed ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_py.call_model.voice_quality import (
    mean_opinion_score,
    score_of_rating,
    transmission_rating,
    vendor_mean_opinion_score,
)
from connector_py.entities import AudioStatsElement, StatsInfo


def stats(packets: float, lost: float, jitter: float, round_trip: float) -> StatsInfo:
    return StatsInfo(
        packets_count=packets,
        packets_lost=lost,
        jitter_buffer_millis=jitter,
        round_trip_time_millis=round_trip,
    )


def sample(
    incoming: StatsInfo | None = None, outgoing: StatsInfo | None = None
) -> AudioStatsElement:
    return AudioStatsElement(input_channel_stats=incoming, output_channel_stats=outgoing)


# ------------------------------------------------------------------------- the E-model's parts


@pytest.mark.parametrize(
    ("rating", "score"),
    [(100, 4.5), (93.2, 4.41), (90, 4.34), (80, 4.03), (70, 3.60), (60, 3.10), (50, 2.58), (0, 1)],
)
def test_scores_of_ratings_are_those_of_annex_b(rating: float, score: float) -> None:
    assert score_of_rating(rating) == pytest.approx(score, abs=0.011)


def test_without_delay_and_loss_the_rating_is_the_default_of_g107() -> None:
    assert transmission_rating(one_way_millis=0, loss_percent=0) == pytest.approx(93.2, abs=0.05)


@pytest.mark.parametrize(
    ("loss_percent", "impairment"),
    # 95 * Ppl / (Ppl + 25.1), G.113 appendix I for G.711 with concealment
    [(0, 0), (1, 3.64), (2, 7.01), (5, 15.78), (10, 27.07), (100, 75.94)],
)
def test_loss_is_a_percentage(loss_percent: float, impairment: float) -> None:
    best = transmission_rating(one_way_millis=0, loss_percent=0)
    rating = transmission_rating(one_way_millis=0, loss_percent=loss_percent)
    assert best - rating == pytest.approx(impairment, abs=0.01)


@pytest.mark.parametrize("one_way_millis", [0, 25, 50, 100, 150, 177.3, 200, 250, 300])
def test_delay_impairs_as_in_the_published_approximation(one_way_millis: float) -> None:
    # Cole and Rosenbluth, "Voice over IP performance monitoring" (2001): straight lines through
    # the curve of G.107, good to one point of R up to 300 ms.
    slow = 0.11 * max(0.0, one_way_millis - 177.3)
    rating = transmission_rating(one_way_millis=one_way_millis, loss_percent=0)
    assert rating == pytest.approx(93.2 - 0.024 * one_way_millis - slow, abs=1.0)


@pytest.mark.parametrize(("shorter", "longer"), [(0, 50), (100, 150), (300, 400), (400, 3000)])
def test_more_delay_never_sounds_better(shorter: float, longer: float) -> None:
    better = transmission_rating(one_way_millis=shorter, loss_percent=0)
    assert transmission_rating(one_way_millis=longer, loss_percent=0) < better


# --------------------------------------------------------------------------------- our score


def test_a_good_line_scores_what_the_codec_can_do() -> None:
    good = mean_opinion_score([sample(stats(100, 0, 10, 20), stats(100, 0, 10, 20))])
    assert good == pytest.approx(4.38, abs=0.02)


def test_the_way_is_half_the_round_trip_the_jitter_buffer_and_a_packet() -> None:
    expected = score_of_rating(transmission_rating(one_way_millis=150, loss_percent=2))
    assert mean_opinion_score([sample(stats(100, 2, 60, 140))]) == pytest.approx(expected)


def test_loss_is_heard_unlike_in_the_vendors_score() -> None:
    lossy = [sample(stats(100, 100, 10, 50))]
    ours = mean_opinion_score(lossy)
    assert ours is not None
    assert ours < 1.5
    assert vendor_mean_opinion_score(lossy) > 4.3


def test_the_worse_direction_counts() -> None:
    good, bad = stats(100, 0, 10, 20), stats(100, 10, 10, 20)
    only_bad = mean_opinion_score([sample(bad, bad)])
    assert mean_opinion_score([sample(good, bad)]) == only_bad
    assert mean_opinion_score([sample(bad, good)]) == only_bad
    assert mean_opinion_score([sample(good, good)]) != only_bad


def test_samples_are_averaged_and_packets_added_up() -> None:
    one = mean_opinion_score([sample(stats(200, 4, 20, 60))])
    two = mean_opinion_score([sample(stats(150, 4, 10, 20)), sample(stats(50, 0, 30, 100))])
    assert one == two


def test_without_packets_there_is_no_score() -> None:
    assert mean_opinion_score([]) is None
    assert mean_opinion_score([sample()]) is None
    assert mean_opinion_score([sample(StatsInfo())]) is None


def test_more_lost_than_counted_is_all_lost() -> None:
    assert mean_opinion_score([sample(stats(0, 5, 0, 0))]) == mean_opinion_score(
        [sample(stats(5, 9, 0, 0))]
    )


numbers = st.floats(min_value=0, max_value=1e300) | st.integers(min_value=0, max_value=10**12)
infos = st.builds(stats, numbers, numbers, numbers, numbers)
samples = st.lists(st.builds(sample, st.none() | infos, st.none() | infos), max_size=5)


@given(samples)
def test_every_score_is_on_the_scale(elements: list[AudioStatsElement]) -> None:
    score = mean_opinion_score(elements)
    assert score is None or 1 <= score <= 5


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 3000))
def test_more_loss_never_sounds_better(loss: float, more: float, delay: float) -> None:
    low, high = sorted((loss, more))
    better = transmission_rating(one_way_millis=delay, loss_percent=low)
    assert transmission_rating(one_way_millis=delay, loss_percent=high) <= better


# ------------------------------------------------------------------------- Salesforce's score


def test_the_vendors_sample_of_its_remote_page() -> None:
    elements = [
        sample(stats(20, 2, 300, 320), stats(30, 1, 270, 370)),
        sample(None, stats(30, 1, 270, 370)),
    ]
    assert vendor_mean_opinion_score(elements) == pytest.approx(1.064343370875, abs=1e-12)


@pytest.mark.parametrize(
    ("incoming", "score"),
    [(stats(100, 0, 10, 50), 4.3672791040000005), (stats(100, 100, 10, 50), 4.305864079)],
)
def test_the_vendors_observed_scores(incoming: StatsInfo, score: float) -> None:
    assert vendor_mean_opinion_score([sample(incoming)]) == pytest.approx(score, abs=1e-12)


def test_the_vendor_completes_without_statistics_as_nought() -> None:
    assert vendor_mean_opinion_score([]) == 0
    assert vendor_mean_opinion_score([sample(StatsInfo(), StatsInfo())]) == 0


def test_the_vendor_leaves_the_scale() -> None:
    assert vendor_mean_opinion_score([sample(stats(1, 0, 1000, 1000))]) > 5


def test_the_vendor_drops_fractions_and_wraps_at_32_bits() -> None:
    whole = vendor_mean_opinion_score([sample(stats(100, 0, 10, 50))])
    assert vendor_mean_opinion_score([sample(stats(100.9, 0.9, 10.9, 50.9))]) == whole
    assert vendor_mean_opinion_score([sample(stats(2**32 + 100, 0, 10, 50))]) == whole
