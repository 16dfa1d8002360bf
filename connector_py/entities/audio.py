"""Audio quality as the MOS formula wants it (connector-api.md 2.7, 4.7)."""

from dataclasses import dataclass

from connector_py.entities.validation import VendorClass, is_number

_COUNTERS = (
    "stats_count",
    "packets_count",
    "packets_lost",
    "jitter_buffer_millis",
    "round_trip_time_millis",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatsInfo(VendorClass):
    """One direction of the audio at one moment. What is missing or negative counts as 0."""

    stats_count: float = 0
    packets_count: float = 0
    packets_lost: float = 0
    jitter_buffer_millis: float = 0
    round_trip_time_millis: float = 0

    def _complete(self) -> None:
        for name in _COUNTERS:
            value: float | None = getattr(self, name)
            if value is None or (is_number(value) and value < 0):
                self._set(name, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioStatsElement(VendorClass):
    """Both directions at one moment."""

    input_channel_stats: StatsInfo | None = None
    output_channel_stats: StatsInfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioStats(VendorClass):
    """Measurements of a call; the last ones are marked as completed."""

    call_id: str | None = None
    stats: tuple[AudioStatsElement, ...] | None = None
    is_audio_stats_completed: bool | None = None
