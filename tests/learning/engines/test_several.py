import subprocess
import sys
from typing import Any

import numpy as np

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.choice import make_engine
from streamer.learning.engines.several import InTurn, make_several
from streamer.learning.network import initialise

SMALL = LearnerSettings(hidden=3, truncation=2, memory="none")


def made(*names: Any) -> list[Any]:
    return [make_engine(name, SMALL, initialise(1, 3, 0)) for name in names]


def test_fused_engines_step_in_one_call_and_others_in_turn() -> None:
    assert not isinstance(make_several(made("fused", "fused")), InTurn)
    for names in (("reference",), ("fused", "reference"), ()):
        assert isinstance(make_several(made(*names)), InTurn)


def test_engines_in_turn_are_what_each_is_on_its_own() -> None:
    names = ("fused", "reference")
    several, apart = make_several(made(*names)), made(*names)
    xs = [np.ones((4, 1), np.float32), np.zeros((2, 1), np.float32)]
    ys = [np.ones((4, 1), np.float32), np.full((2, 1), np.nan, np.float32)]
    for _ in range(2):
        predictions = several.predict([x[0] for x in xs])
        rows = several.step_many(xs, ys)
        for engine, x, y, prediction, row in zip(apart, xs, ys, predictions, rows, strict=True):
            assert engine.predict(x[0]).tobytes() == prediction.tobytes()
            assert engine.step_many(x, y).tobytes() == row.tobytes()


def test_where_numba_cannot_be_had_engines_step_in_turn() -> None:
    code = (
        "import sys; sys.modules['numba'] = None\n"
        "from streamer.config.learner import LearnerSettings\n"
        "from streamer.learning.engines.choice import make_engine\n"
        "from streamer.learning.engines.several import make_several\n"
        "from streamer.learning.network import initialise\n"
        "engine = make_engine('auto', LearnerSettings(hidden=3), initialise(33, 3, 0))\n"
        "print(type(make_several([engine, engine])).__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "InTurn"
