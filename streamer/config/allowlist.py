"""Who may feed what: a file of public keys, one a line, each with the streams that it may feed.

    # key                                      streams; none given: all
    rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7   hall-*  door   # the house

A pattern is a stream's name in which `*` stands for any characters and `?` for one. A word that begins with `#`, and
what follows it, is a comment: no 32 bytes in Z85 begin so.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import takewhile

from streamer.config.keys import is_key, read_text
from streamer.errors import Fault, SettingsError

MOST_KEYS = 10_000
"""A longer list is taken for a mistake."""
ALL_STREAMS = ("*",)
_PATTERN = re.compile(r"[A-Za-z0-9._*?-]{1,64}\Z")


@dataclass(frozen=True, slots=True)
class AllowList:
    """Public keys, each with the patterns of the streams that it may feed.

    >>> listed = parse("0" * 40 + " hall-*", "allowed.keys")
    >>> listed.permits("0" * 40, "hall-1"), listed.permits("0" * 40, "door"), len(listed)
    (True, False, 1)
    """

    patterns: Mapping[str, Sequence[str]]

    def __len__(self) -> int:
        return len(self.patterns)

    def __contains__(self, key: object) -> bool:
        return key in self.patterns

    def permits(self, key: str, stream: str) -> bool:
        """Whether a key is listed and may feed a stream."""
        return any(fnmatchcase(stream, pattern) for pattern in self.patterns.get(key, ()))


def read_allow_list(path: str, setting: str = "transport.allow", origin: str = "") -> AllowList:
    """Read a list; SettingsError names every line that is wrong."""
    remedy = "make it; one public key a line, like those in the .pub files of `streamer keys new`"
    return parse(read_text(path, setting, origin, remedy=remedy), path)


def parse(text: str, name: str) -> AllowList:
    """A list from its text; `name` is the file's, for its faults."""
    patterns: dict[str, Sequence[str]] = {}
    lines: dict[str, int] = {}
    faults: list[Fault] = []
    for number, line in enumerate(text.splitlines(), 1):
        words = _without_comment(line.split())
        if not words:
            continue
        found = _faults(words, lines)
        faults += [Fault(f"{name} line {number}", problem, remedy) for problem, remedy in found]
        if not found:
            lines[words[0]] = number
            patterns[words[0]] = tuple(words[1:]) or ALL_STREAMS
    if len(patterns) > MOST_KEYS:
        faults.append(Fault(name, f"{len(patterns)} keys", f"list at most {MOST_KEYS}"))
    if faults:
        raise SettingsError(faults)
    return AllowList(patterns)


def _without_comment(words: list[str]) -> list[str]:
    return list(takewhile(lambda word: not word.startswith("#"), words))


def _faults(words: list[str], lines: Mapping[str, int]) -> list[tuple[str, str]]:
    """Problem and remedy of each thing wrong with a line; `lines` says where the keys before it are."""
    key, *patterns = words
    found = []
    if not is_key(key):
        found.append((f"{key[:60]!r} is not a public key", "begin the line with the 40 characters of one"))
    elif key in lines:
        found.append((f"the key is on line {lines[key]} too", "put all its streams on one line"))
    return found + [
        (f"{pattern[:80]!r} matches no stream's name", "use letters, digits, and . _ - with * and ?")
        for pattern in patterns
        if not _PATTERN.match(pattern)
    ]
