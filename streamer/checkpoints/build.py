"""Whether a checkpoint goes on under what it was made with.

The same numbers come out to the last bit only for the same code on the same kind of CPU. A difference is no fault: the
learner goes on, its rounding may not. So it is told, not refused.
"""


def differences(theirs: dict[str, str], ours: dict[str, str]) -> list[str]:
    """What differs, in words; nothing if a checkpoint does not say what it was made with.

    >>> differences({"numpy": "2.0", "cpu": "x86-64-v3"}, {"numpy": "2.1", "cpu": "x86-64-v3"})
    ['numpy 2.0 there, 2.1 here']
    """
    if not theirs:
        return []
    return [
        f"{name} {theirs.get(name, 'none')} there, {ours.get(name, 'none')} here"
        for name in sorted(theirs.keys() | ours.keys())
        if theirs.get(name) != ours.get(name)
    ]
