"""Made-up records: what the daemon would publish with a stream at work, and with one that has seen nothing yet."""

import math
from dataclasses import replace

import numpy as np

from streamer.evaluation.binary import BinaryScores
from streamer.evaluation.card import Answers, Errors, ScoreCard
from streamer.evaluation.skill import Gain, SkillCard
from streamer.learning.insight import Insight
from streamer.learning.standing import Standing, Standings
from streamer.telemetry.histogram import DELAY_BOUNDS, STEP_BOUNDS, Histogram
from streamer.telemetry.record import Recent, ServiceRecord, StreamRecord

FRESH = StreamRecord(
    name="fresh",
    engine="reference",
    connected=False,
    epoch=None,
    next_sequence=0,
    acknowledged=0,
    queued=0,
    credit=None,
    lag=None,
    lag_seconds=0.0,
    samples=0,
    skipped_updates=0,
    skipped={"not_finite": 0},
    scores=BinaryScores(window=10, fading=0.9).card(),
    outcomes={"learned": 0, "unlabelled": 0, "duplicate": 0, "rejected": 0},
    rejected={},
    missing=0,
    predictions=0,
    correct=0,
    step_seconds=0.0,
    steps=0,
    step_times=Histogram(STEP_BOUNDS).read(),
    delays=Histogram(DELAY_BOUNDS).read(),
    first_sample_at=None,
    last_sample_at=None,
    checkpoint_at=None,
    checkpoints=0,
    checkpoint_failures=0,
    checkpoint_seconds=None,
    state_hash="00",
)
TIMES = Histogram(STEP_BOUNDS)
TIMES.observe(1e-3, 406)
ROWS = np.array([[1, 0, 0.25], [0, np.nan, 0.5], [1, 1, 0.75]], np.float32)
ANSWERS = Answers(
    correct=300,
    accuracy=0.75,
    accuracy_windowed=0.9,
    accuracy_fading=0.85,
    log_loss_bits=0.5,
    log_loss_bits_windowed=0.25,
    baselines={"majority": 0.7, "last_value": 0.6},
    baselines_windowed={"majority": 0.72, "last_value": 0.62},
    solved_at=250,
    curve=[0.5, 1.0],
)
SKILL = SkillCard(
    unit="bits",
    samples=272,
    beside={
        "majority": Gain(0.5, 0.25, 0.75),
        "last_value": Gain(0.52, 0.27, 0.77),
        "markov": Gain(0.54, 0.29, 0.79),
        "tapped": Gain(0.125, -0.125, 0.375),
    },
    claim="learning",
)
CARD = ScoreCard("binary", 400, 400, SKILL, ANSWERS)
ERRORS = Errors(
    absolute=2.5,
    absolute_windowed=2.0,
    squared=3.5,
    squared_windowed=3.0,
    coverage=0.89,
    coverage_windowed=0.91,
    width_windowed=8.0,
    nulls={"mean": 9.0, "last_value": 5.0, "moving_average": 6.0, "tapped": 4.5},
    nulls_windowed={"mean": 9.5, "last_value": 5.5, "moving_average": 6.5, "tapped": 4.0},
)
NUMBERS = ScoreCard(
    "forecast",
    400,
    400,
    SkillCard("share", 272, {name: Gain(0.5, 0.25, 0.75) for name in ERRORS.nulls}, "learning"),
    errors={1: ERRORS, 6: replace(ERRORS, absolute_windowed=4.0)},
)
"""Of a task whose predictions are numbers."""
STANDINGS = Standings(
    (
        Standing("linear", 0.25, 0.5, benched=1),
        Standing("knn", 0.625, 0.375),
        Standing("gru_16", 0.125, 0.25, benched=3, out=True),
        Standing("markov_3", 0.0, math.nan),
    ),
    0.3125,
)
"""Of a committee whose best member by its losses is out."""
BUSY = replace(
    FRESH,
    name="busy",
    connected=True,
    epoch="e" * 16,
    next_sequence=410,
    acknowledged=200,
    queued=7,
    credit=100,
    lag=90,
    lag_seconds=0.25,
    samples=1410,
    skipped_updates=2,
    skipped={"not_finite": 1},
    scores=CARD,
    outcomes={"learned": 400, "unlabelled": 6, "duplicate": 3, "rejected": 4},
    rejected={"not_finite": 3, "target": 1},
    missing=5,
    predictions=400,
    correct=300,
    step_seconds=0.5,
    steps=406,
    step_times=TIMES.read(),
    delays=TIMES.read(),
    first_sample_at=1000.0,
    last_sample_at=1004.0,
    checkpoint_at=1003.0,
    checkpoints=9,
    checkpoint_failures=1,
    checkpoint_seconds=0.01,
    state_hash="ab",
    recent=Recent(np.array([405, 407, 409]), ROWS[:, :1], ROWS[:, 1], ROWS[:, 2]),
    insight=Insight(0.5, 4.0, np.array([[0.5, -0.5], [1.0, 0.0]], np.float32)),
    gap=12,
    frozen=True,
    build_differences=("numpy 2.0 there, 2.1 here",),
    standings=STANDINGS,
)
SERIES = replace(
    BUSY,
    name="series",
    scores=NUMBERS,
    frozen=False,
    recent=Recent(np.arange(3), ROWS[:, :1], ROWS[:, 1], ROWS[:, [2, 2, 2]] + np.array([0, -1, 1], np.float32)),
    columns=({"name": "price", "kind": "numeric"},),
)
SERVICE = ServiceRecord(
    state="ready",
    started_at=999.0,
    endpoint="tcp://127.0.0.1:15577",
    streams=(BUSY, FRESH, SERIES),
    refused_frames={"checksum": 2},
    refused_sessions={"held": 1},
    refused_publications={"json": 4},
    damaged_checkpoints=1,
    refused_handshakes={"key": 4},
    warnings={"frame refused": 3},
    restart_needed=("seed",),
    reloads={"done": 1},
)
