"""One cell: text, or a value of JSON, as a number, a moment or the name of a category."""

import math
from datetime import UTC, date, datetime

import numpy as np

Raw = str | int | float | bool | date | None
"""A cell as a format gives it; None is no value."""

LARGEST = float(np.finfo(np.float32).max)
"""The largest number that can travel."""
_BOOLEANS = {"true": 1.0, "false": 0.0}
_LATEST = 1e11
"""Year 5138: more seconds than this since 1970 are milliseconds."""


def is_missing(raw: Raw, missing: frozenset[str]) -> bool:
    """Whether a cell stands for no value.

    >>> [is_missing(raw, frozenset({"", "NA", "-1"})) for raw in (None, " NA ", -1, 0)]
    [True, True, True, False]
    """
    if isinstance(raw, str):
        return raw.strip() in missing
    return raw is None or raw != raw or str(raw) in missing


def number_of(raw: Raw) -> float:
    """A finite number that float32 can hold; true and false are 1 and 0; ValueError if it is none.

    >>> number_of(" 2.5 "), number_of("True"), number_of(False)
    (2.5, 1.0, 0.0)
    """
    if isinstance(raw, str):
        value = _BOOLEANS.get(raw.strip().lower(), math.nan) if raw.strip().isalpha() or "_" in raw else float(raw)
    elif isinstance(raw, int | float):
        value = float(raw) if abs(raw) <= LARGEST else math.nan
    else:
        value = math.nan
    if not abs(value) <= LARGEST:
        raise ValueError("not a finite number")
    return value


def is_number(raw: Raw) -> bool:
    """Whether `number_of` takes it."""
    try:
        number_of(raw)
    except ValueError:
        return False
    return True


def has_decimal_comma(raw: Raw) -> bool:
    """Whether it would be a number with a point for its comma: meant as one, and no category.

    >>> has_decimal_comma("1,5"), has_decimal_comma("a,b")
    (True, False)
    """
    return isinstance(raw, str) and raw.count(",") == 1 and is_number(raw.replace(",", "."))


def text_of(raw: Raw) -> str:
    """A category's text.

    >>> text_of(" red "), text_of(7), text_of(True)
    ('red', '7', 'true')
    """
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return str(raw).strip()


def time_of(raw: Raw) -> float:
    """Seconds since 1970 of a date, a time or a number of seconds; UTC where no zone is said; ValueError if it is none.

    >>> time_of("1970-01-02"), time_of("1970-01-01T00:00:01+00:00"), time_of("12.5"), time_of("1970-02")
    (86400.0, 1.0, 12.5, 2678400.0)
    """
    if isinstance(raw, date):
        return _seconds(raw if isinstance(raw, datetime) else datetime(raw.year, raw.month, raw.day))
    try:
        seconds = number_of(raw) if not isinstance(raw, bool) else math.nan
    except ValueError:
        text = text_of(raw)
        seconds = _seconds(datetime.fromisoformat(f"{text}-01" if len(text) == len("1970-02") else text))
    if not abs(seconds) < _LATEST:
        raise ValueError("not seconds since 1970")
    return seconds


def _seconds(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
