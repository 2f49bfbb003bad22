"""Prometheus' view of the record, made when it asks and not before."""

import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import version

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from streamer.telemetry.catalogue import (
    COUNTER,
    GAUGE,
    HISTOGRAM,
    SERVICE_METRICS,
    SHOWN_STREAMS,
    STREAM_METRICS,
    Metric,
    Reading,
    Record,
)
from streamer.telemetry.histogram import Distribution
from streamer.telemetry.record import Board, ServiceRecord
from streamer.telemetry.status import judged

Points = CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily
_FAMILIES: dict[str, type[Points]] = {
    COUNTER: CounterMetricFamily,
    GAUGE: GaugeMetricFamily,
    HISTOGRAM: HistogramMetricFamily,
}


class RecordCollector(Collector):
    """One record, so that all points of one scrape belong together."""

    def __init__(self, record: ServiceRecord) -> None:
        self._record = record

    def collect(self) -> Iterator[Family]:
        """One family for each metric of the catalogue, and the build."""
        record = self._record
        for of_stream in STREAM_METRICS:
            family = _family(of_stream, "stream")
            for stream in record.streams[:SHOWN_STREAMS]:
                _add(family, of_stream.read(stream), stream.name)
            yield family
        for of_service in SERVICE_METRICS:
            family = _family(of_service)
            _add(family, of_service.read(record))
            yield family
        yield InfoMetricFamily("streamer_build", "The running build.", value=_build())


def exposition(board: Board, accept: str = "", now: float = 0.0) -> tuple[bytes, str]:
    """The text of a scrape and its content type: OpenMetrics for who accepts it, else Prometheus' own format.

    A record that is old at `now`, by the clock of `published_at`, is of no daemon that is ready.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(RecordCollector(judged(board.record, now)))
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


def _family(metric: Metric[Record], *labels: str) -> Points:
    return _FAMILIES[metric.kind](metric.name, metric.meaning, labels=(*labels, metric.by) if metric.by else labels)


def _add(family: Points, reading: Reading, *labels: str) -> None:
    if isinstance(family, HistogramMetricFamily):
        assert isinstance(reading, Distribution)
        family.add_metric(labels, list(reading.buckets), reading.total)
    elif isinstance(reading, Mapping):
        for key, value in reading.items():
            family.add_metric((*labels, key), float(value))
    elif isinstance(reading, int | float):
        family.add_metric(labels, float(reading))


def _build() -> dict[str, str]:
    return {"version": version("streamer"), "python": platform.python_version()}
