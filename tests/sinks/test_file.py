"""A file of predictions: each number once, whatever was killed; never mixed with those of other data."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streamer.errors import DataError
from streamer.sinks.file import PredictionFile
from streamer.sinks.sink import Predicted

TARGETS = np.random.default_rng(0).random(500).astype(np.float32)
ROWS = np.random.default_rng(1).random((500, 1)).astype(np.float32)
TARGETS[7] = np.nan


def part(first: int, end: int) -> Predicted:
    return Predicted(first, ROWS[first:end], TARGETS[first:end])


def targets(first: int, count: int) -> Predicted:
    return part(first, first + count)


def numbers(path: Path) -> list[int]:
    lines = path.read_text().splitlines()
    if path.suffix == ".csv":
        return [int(line.split(",")[0]) for line in lines[1:]]
    return [json.loads(line)["number"] for line in lines]


each_format = pytest.mark.parametrize("name", ["out.csv", "out.ndjson"])


@each_format
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=st.lists(st.tuples(st.integers(0, 30), st.integers(1, 60), st.integers(0, 40)), min_size=1, max_size=6))
def test_no_number_is_written_twice_or_left_out_wherever_the_writer_was_killed(
    tmp_path: Path, name: str, lives: list[tuple[int, int, int]]
) -> None:
    path = tmp_path / name
    path.unlink(missing_ok=True)
    for back, count, cut in lives:
        file = PredictionFile(str(path))
        file.continues(targets)
        begin = max(0, file.next - back)
        file.write(part(begin, min(500, begin + count)))
        file.write(part(begin, min(500, begin + count)))
        file.close()
        if cut:
            path.write_bytes(path.read_bytes()[:-cut])
    end = PredictionFile(str(path))
    end.write(part(max(0, end.next - 3), 500))
    end.close()
    assert numbers(path) == list(range(500))


@each_format
def test_it_is_not_gone_on_with_for_other_data_nor_for_a_pipe(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    first = PredictionFile(str(path))
    first.write(part(0, 100))
    first.close()
    second = PredictionFile(str(path))
    assert second.next == 100
    second.continues(targets)
    with pytest.raises(DataError, match="it holds predictions of other data"):
        second.continues(lambda first, count: part(first + 1, first + 1 + count))
    with pytest.raises(DataError, match="it holds predictions of other data"):
        second.continues(None)
    second.close()


@each_format
def test_predictions_that_were_never_asked_for_leave_a_gap_and_no_doubt(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    file = PredictionFile(str(path))
    file.write(part(0, 10))
    file.write(part(20, 30))
    file.close()
    again = PredictionFile(str(path))
    again.continues(targets)
    assert again.next == 30
    again.close()


@each_format
def test_a_file_that_is_something_else_is_left_alone(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("my diary\nMonday\n")
    with pytest.raises(DataError, match="it is no file of predictions"):
        PredictionFile(str(path))
    assert path.read_text() == "my diary\nMonday\n"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="predictions cannot be written"):
        PredictionFile(str(tmp_path / "no" / "out.csv"))


def test_what_is_written_of_each_kind_of_prediction(tmp_path: Path) -> None:
    nan = math.nan
    kinds = {
        "binary": Predicted(0, np.array([[0.1], [nan]], np.float32), np.array([1, nan], np.float32)),
        "classes": Predicted(
            0,
            np.array([[0.25, 0.75, 0], [0, 0, 0]], np.float32),
            np.array([5, 7], np.float32),
            (5.0, 6.0),
            {5.0: "red", 6.0: "blue"},
        ),
        "value": Predicted(0, np.array([[2, 1, 3]], np.float32), np.array([2.5], np.float32)),
        "forecast": Predicted(
            0, np.array([[2, 1, 3, 4, 3, 5]], np.float32), np.array([2.5], np.float32), horizons=(1, 5)
        ),
    }
    found = {}
    for kind, predicted in kinds.items():
        for suffix in ("csv", "ndjson"):
            path = tmp_path / f"{kind}.{suffix}"
            file = PredictionFile(str(path))
            file.write(predicted)
            file.close()
            found[path.name] = path.read_text().splitlines()
    assert found == {
        "binary.csv": ["number,target,probability", "0,1.0,0.1", "1,,"],
        "binary.ndjson": [
            '{"number": 0, "target": 1.0, "probability": 0.1}',
            '{"number": 1, "target": null, "probability": null}',
        ],
        "classes.csv": ["number,target,prediction,probability", "0,red,blue,0.75", "1,7.0,,"],
        "classes.ndjson": [
            '{"number": 0, "target": "red", "prediction": "blue", "probability": 0.75, '
            '"probabilities": {"red": 0.25, "blue": 0.75}}',
            '{"number": 1, "target": 7.0, "prediction": null, "probability": null, '
            '"probabilities": {"red": 0.0, "blue": 0.0}}',
        ],
        "value.csv": ["number,target,value,lower,upper", "0,2.5,2.0,1.0,3.0"],
        "value.ndjson": ['{"number": 0, "target": 2.5, "value": 2.0, "lower": 1.0, "upper": 3.0}'],
        "forecast.csv": [
            "number,target,value_1,lower_1,upper_1,value_5,lower_5,upper_5",
            "0,2.5,2.0,1.0,3.0,4.0,3.0,5.0",
        ],
        "forecast.ndjson": [
            '{"number": 0, "target": 2.5, "value_1": 2.0, "lower_1": 1.0, "upper_1": 3.0, '
            '"value_5": 4.0, "lower_5": 3.0, "upper_5": 5.0}'
        ],
    }
