"""The figures of the originals, and where each comes from.

The question and its answer are public (SOURCE). The answer prints the batch system's losses. Of the online systems it
says in words how they fared; the figures for those are from running the originals again.
"""

from typing import Any, Final

SOURCE: Final = "https://ai.stackexchange.com/questions/33995/is-my-intuition-about-rnn-wrong"

QUESTION: Final[dict[str, Any]] = {
    "source": SOURCE,
    "claim": "RNN cells can not cope with this simple task",
    "figures_from": "the question's set-up run again, 3 seeds, after 3,000 samples",
    "same": {"loss": [0.024], "accuracy": [0.993, 0.997]},
    "not_same": {"loss": [0.18, 0.19], "accuracy": [0.74, 0.77]},
}

BATCH_EPOCHS: Final = [*range(1, 11), *range(41, 51)]
BATCH_LOSS: Final = [
    *(1.137, 0.97, 0.832, 0.718, 0.625, 0.546, 0.479, 0.422, 0.372, 0.329),
    *(0.026, 0.023, 0.021, 0.019, 0.017, 0.016, 0.014, 0.013, 0.011, 0.01),
]
BATCH_VAL_LOSS: Final = [
    *(1.041, 0.891, 0.767, 0.665, 0.58, 0.508, 0.447, 0.394, 0.348, 0.307),
    *(0.024, 0.022, 0.02, 0.018, 0.016, 0.015, 0.013, 0.012, 0.011, 0.009),
]
EIGHT_UNITS_AFTER_10: Final = 0.1

ANSWER_BATCH: Final[dict[str, Any]] = {
    "source": SOURCE,
    "units_2": {"parameters": 33, "epochs": BATCH_EPOCHS, "loss": BATCH_LOSS, "val_loss": BATCH_VAL_LOSS},
    "units_8": {"after_10_epochs": "about 0.1"},
    "rerun": {
        "figures_from": "Three seeds run again in Keras",
        "units_2": {"loss_after_10": [0.213, 0.303], "loss_after_50": [0.005, 0.007]},
        "units_8": {"loss_after_10": [0.073, 0.107]},
    },
}

ANSWER_ONLINE: Final[dict[str, Any]] = {
    "source": SOURCE,
    "claim": "seems to fix it, although the learning is quite unreliable",
    "figures_from": "the question's script with the head added, run in Keras, 8 seeds",
    "adam_0.001": {"solved_at": [670, 910]},
    "adam_0.01": {"solved_at": [259, 336], "accuracy": [0.75, 0.91]},
    "of_300_seeds": {
        "figures_from": "an equivalent model in C",
        "adam_0.001": {"solve": 0.88, "hold": 0.76},
        "adam_0.01": {"solve": 0.38, "hold": 0.02},
    },
}
