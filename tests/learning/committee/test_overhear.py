"""What a listener hears: each member's own predictions, and nothing that would change the stream."""

import numpy as np

from streamer.learning.committee.committee import Committee
from streamer.samples import Floats

MEMBERS = ("prior", "markov", "lagged")


def samples(count: int = 40) -> tuple[Floats, Floats]:
    bits = np.random.default_rng(0).integers(0, 2, (2, count)).astype(np.float32)
    return bits[0][:, None], bits[1]


def test_a_listener_hears_every_sample_of_every_member_and_changes_nothing() -> None:
    xs, ys = samples()
    plain, heard_of = (Committee(inputs=1, members=MEMBERS) for _ in range(2))
    heard: list[Floats] = []
    heard_of.overhear(heard.append)
    for first in range(0, len(ys), 7):
        part = slice(first, first + 7)
        assert heard_of.step_many(xs[part], ys[part]).tolist() == plain.step_many(xs[part], ys[part]).tolist()
    assert np.concatenate(heard).shape == (len(ys), len(heard_of.members), 1)
    assert heard_of.state_hash() == plain.state_hash()


def test_a_prediction_asked_for_is_not_heard_twice() -> None:
    xs, ys = samples()
    committee, heard = Committee(inputs=1, members=MEMBERS), list[Floats]()
    committee.overhear(heard.append)
    committee.predict_one(xs[0])
    assert heard == []
    committee.learn_one(xs[0], float(ys[0]))
    assert [one.shape for one in heard] == [(1, len(MEMBERS), 1)]
