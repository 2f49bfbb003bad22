"""`streamer …` whose learners never come back once the file that WEDGE names is there; all other threads go on."""

import os
import time

from streamer.cli.main import main
from streamer.learning.learner import Learner

learn = Learner.step_many


def step_many(learner, xs, ys):  # type: ignore[no-untyped-def]
    while os.path.exists(os.environ["WEDGE"]):
        time.sleep(0.01)  # it holds nothing that another thread may want
    return learn(learner, xs, ys)


if __name__ == "__main__":
    Learner.step_many = step_many  # type: ignore[method-assign]
    main()
