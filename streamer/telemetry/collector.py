"""Prometheus' view of the record, made when it asks and not before."""

import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import version

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from streamer.telemetry.catalogue import COUNTER, SERVICE_METRICS, STREAM_METRICS, Metric, Reading, Record
from streamer.telemetry.record import Board

CONTENT_TYPE = CONTENT_TYPE_LATEST


class RecordCollector(Collector):
    """Reads the board once a scrape, so that all points of one scrape belong together."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def collect(self) -> Iterator[Family]:
        """One family for each metric of the catalogue, and the build."""
        record = self._board.record
        for of_stream in STREAM_METRICS:
            family = _family(of_stream, "stream")
            for stream in record.streams:
                _add(family, of_stream.read(stream), stream.name)
            yield family
        for of_service in SERVICE_METRICS:
            family = _family(of_service)
            _add(family, of_service.read(record))
            yield family
        yield InfoMetricFamily("streamer_build", "The running build.", value=_build())


def exposition(board: Board) -> bytes:
    """The text of a scrape."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(RecordCollector(board))
    return generate_latest(registry)


def _family(metric: Metric[Record], *labels: str) -> CounterMetricFamily | GaugeMetricFamily:
    family = CounterMetricFamily if metric.kind == COUNTER else GaugeMetricFamily
    return family(metric.name, metric.meaning, labels=(*labels, metric.by) if metric.by else labels)


def _add(family: CounterMetricFamily | GaugeMetricFamily, reading: Reading, *labels: str) -> None:
    if isinstance(reading, Mapping):
        for key, value in reading.items():
            family.add_metric((*labels, key), float(value))
    elif reading is not None:
        family.add_metric(labels, float(reading))


def _build() -> dict[str, str]:
    return {"version": version("streamer"), "python": platform.python_version()}
