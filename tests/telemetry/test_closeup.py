import json
from typing import Any

import numpy as np
import pytest

from streamer.telemetry.closeup import closeup, encoded
from streamer.telemetry.record import StreamRecord
from tests.telemetry.records import BUSY, FRESH, SERVICE


def told(stream: StreamRecord) -> Any:
    return json.loads(encoded(closeup(stream, SERVICE, 1004.0)))


def test_the_last_samples_and_the_hidden_state_behind_them_are_told() -> None:
    assert BUSY.recent is not None
    assert BUSY.insight is not None
    busy = told(BUSY)
    assert busy["recent"]["numbers"] == BUSY.recent.numbers.tolist()
    assert np.array(busy["recent"]["inputs"]).shape == BUSY.recent.inputs.shape
    assert busy["recent"]["predictions"] == pytest.approx(BUSY.recent.predictions.tolist(), abs=1e-6)
    assert busy["hidden"] == pytest.approx(np.round(BUSY.insight.hidden, 3))
    assert busy["accuracy"] == 0.9


def test_no_label_is_null() -> None:
    assert BUSY.recent is not None
    targets = told(BUSY)["recent"]["targets"]
    assert [target is None for target in targets] == np.isnan(BUSY.recent.targets).tolist()


def test_a_stream_that_has_learned_nothing_can_be_looked_at() -> None:
    fresh = told(FRESH)
    assert (fresh["recent"], fresh["hidden"]) == (None, [])


def test_numbers_take_no_more_room_than_they_need() -> None:
    assert len(encoded(closeup(BUSY, SERVICE, 0.0)["hidden"])) < 40
