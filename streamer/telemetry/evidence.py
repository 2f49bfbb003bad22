"""What a verdict on learning rests on, in words: the gain over the best null model, and between which limits it is."""

from collections.abc import Mapping
from typing import Any

from streamer.evaluation.card import ScoreCard
from streamer.evaluation.skill import Gain, SkillCard

BASELINES = {
    "majority": "always saying the commoner answer",
    "last_value": "going by the last answer",
    "markov": "going by the last two answers",
    "mean": "always saying the mean",
    "moving_average": "the mean of the last ten",
    "tapped": "a linear model of the last inputs and answers",
}
"""Null models in plain words."""
NAMES = {
    "majority": "majority class",
    "last_value": "last value",
    "markov": "last two values",
    "mean": "mean",
    "moving_average": "moving average",
    "tapped": "linear model",
}
"""Null models in two words."""


def evidence(card: ScoreCard) -> str:
    """How well it does, beside what does best without a network."""
    if card.skill.best is None:
        return "nothing is scored yet"
    return f"{_figure(card)}; {_gained(card.skill)}{_linear(card.skill)}"


def percent(share: float | None) -> str:
    """A share for people.

    >>> percent(0.7512), percent(None)
    ('75.1 %', '–')
    """
    return "–" if share is None else f"{100 * share:.1f} %"


def number(value: float | None) -> str:
    """A number of no known size for people.

    >>> number(0.012345), number(98765.4), number(None)
    ('0.0123', '98,765', '–')
    """
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def headline(stream: Mapping[str, Any]) -> str:
    """The one figure of a stream, from its status: how much is right, or how far off it is.

    >>> headline({"accuracy": 0.75}), headline({"accuracy": None, "absolute_error": 2.5})
    ('75.0 %', '± 2.5')
    """
    error = stream.get("absolute_error")
    return percent(stream.get("accuracy")) if error is None else f"± {number(error)}"


def _figure(card: ScoreCard) -> str:
    if card.answers is not None:
        return f"{percent(card.answers.accuracy_windowed)} right"
    return f"off by {number(card.nearest.absolute_windowed if card.nearest else None)} on average"


def _gained(skill: SkillCard) -> str:
    """Over the best rule; over the best null model of all if it is not learning."""
    name = _shown(skill)
    gain = skill.beside[name]
    if gain.gain < 0:
        return (
            f"loses {_within(Gain(-gain.gain, -gain.high, -gain.low), skill, f'against {BASELINES.get(name, name)}')}"
        )
    return f"gains {_within(gain, skill, f'over {BASELINES.get(name, name)}')}"


def _within(gain: Gain, skill: SkillCard, other: str) -> str:
    amount, low, high = (_amount(value, skill) for value in (gain.gain, gain.low, gain.high))
    unit = " bits a sample" if skill.unit == "bits" else " of the error"
    return f"{amount}{unit} {other} ({low} to {high}, {skill.samples:,} samples)"


def _linear(skill: SkillCard) -> str:
    """A remark if the network is not needed for what it has learned."""
    gain = skill.beside.get("tapped")
    if skill.claim != "learning" or gain is None or gain.low > 0:
        return ""
    return f"; {BASELINES['tapped']} {'does better' if gain.high < 0 else 'may do as well'}"


def _shown(skill: SkillCard) -> str:
    beside = {name: gain for name, gain in skill.beside.items() if name != "tapped" or skill.claim != "learning"}
    return min(beside, key=lambda name: beside[name].gain)


def _amount(value: float, skill: SkillCard) -> str:
    return f"{value:.2f}" if skill.unit == "bits" else percent(value)
