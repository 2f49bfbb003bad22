"""From settings and schema to what encodes the rows of a stream."""

from streamer.columns import Column, Schema
from streamer.config.learner import BankName, LearnerSettings
from streamer.learning.inputs.encoder import Encoder, Encoding, Plain
from streamer.samples import Arrays

CLASSES, NUMBERS = 2.0, 1.0
"""What standardised inputs are multiplied by where classes, or numbers, are predicted: 2 made rows of a table easier
to tell apart (Bananas 75 → 79 % right), and forecasts a few hundredths worse."""

SYMBOL = Column("symbol", "category")
"""What a plain number is to the task `next`."""


def make_encoding(settings: LearnerSettings, schema: Schema) -> Encoding:
    """The encoding of a stream that begins."""
    standard = settings.scaling == "standard"
    gain = NUMBERS if settings.task in ("regression", "forecast") else CLASSES
    if schema.columns:
        return Encoder(schema.columns, standard=standard, named=True, gain=gain)
    if settings.task == "next":
        return Encoder([SYMBOL], standard=standard)
    if standard:
        return Encoder([Column(f"x{place}") for place in range(1, settings.inputs + 1)], standard=True, gain=gain)
    return Plain(settings.inputs)


def restored_encoding(settings: LearnerSettings, arrays: Arrays) -> Encoding:
    """The encoding that a stream began with, whatever the settings say by now."""
    if not arrays:
        return Plain(settings.inputs)
    encoder = Encoder([], standard=True)
    encoder.load(arrays)
    return encoder


def bank_of(settings: LearnerSettings, encoding: Encoding) -> BankName:
    """The memory in front of the network: `auto` is none for named columns, which are rows of a table."""
    if settings.memory == "auto" and (encoding.named or settings.task == "next"):
        return "none"
    return settings.bank


def anneals(settings: LearnerSettings, encoding: Encoding) -> bool:
    """Whether the step size of a stream that begins does, if left to us: rows of a table and numbers, standardised.

    Bits and symbols, in which there is little noise to average out, keep the full step.
    """
    table = encoding.named and settings.task != "next"
    return settings.scaling == "standard" and (table or settings.task in ("regression", "forecast"))
