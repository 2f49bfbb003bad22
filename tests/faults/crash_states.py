"""Every disk that a crash may leave behind, from what a `Recorder` has seen.

For each moment: every choice of what each name stands for, and for each file left every content that it may have:
whole, cut at a block or anywhere, with some blocks still zero, with some blocks still those of before.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import count, pairwise, product
from math import prod
from typing import Any

from streamer.filesystem.memory import MemoryFileSystem
from tests.faults.recorder import Content, Moment, Recorder

BLOCK_BYTES = 512
CUTS = 16
"""Random places, beside the block boundaries, at which a content is cut."""
SUBSETS = 256
"""At most so many choices of which blocks have reached the disk; all of them if a content has up to eight blocks."""
MOST = 4096
"""At most so many disks a moment for one choice of names; beyond it they are drawn."""

SECOND_LIVES = 40
"""Disks, of those that a crash has left, on which a program is started again, to crash again."""
SECOND_LIFE = 0.01
"""Share of the disks of which those are taken."""

Disk = dict[str, bytes]
Live = Callable[[Recorder, Any, int], None]
"""What a program does with a disk: the recorder, what had been promised before, and which life it is. It promises."""
Check = Callable[[Disk, frozenset[str], Any], None]
"""AssertionError if a disk, with these directories, does not keep what was promised."""


def crash_everywhere(root: str, live: Live, check: Check, nothing: Any, most: int, *, seed: int = 0) -> int:
    """Crash a program at every moment of its lives under `root`, and check up to `most` different disks; how many.

    `nothing` is what is promised before the first life. AssertionError names the first disk that breaks a promise.
    """
    rng, seen = random.Random(seed), set[int]()
    lives = [(MemoryFileSystem(), nothing)]
    for life in count():
        if life == len(lives) or len(seen) >= most:
            break
        recorder = Recorder(root, *lives[life])
        live(recorder, lives[life][1], life)
        for moment, disk in _different(recorder.moments, rng, seen, most):
            files = mounted(disk, moment.directories)
            try:
                check(disk, moment.directories, moment.promised)
            except Exception as error:
                raise AssertionError(f"life {life}, after {moment.operation}: {error!r}") from error
            if len(lives) <= SECOND_LIVES and rng.random() < SECOND_LIFE:
                lives.append((files, moment.promised))
    return len(seen)


def _different(
    moments: Sequence[Moment], rng: random.Random, seen: set[int], most: int
) -> Iterator[tuple[Moment, Disk]]:
    """The disks not seen yet, up to `most` in all."""
    for moment in moments:
        for disk in disks(moment, rng):
            if len(seen) >= most:
                return
            key = hash((moment.directories, frozenset(disk.items()), repr(moment.promised)))
            if key not in seen:
                seen.add(key)
                yield moment, disk


def disks(moment: Moment, rng: random.Random) -> Iterator[Disk]:
    """The contents by path of each disk that a crash at this moment may leave. Some may come twice."""
    torn = {file: possible_contents(contents, rng) for file, contents in moment.contents.items()}
    choices = [[(path, file) for file in dict.fromkeys(files)] for path, files in moment.names.items()]
    for names in product(*choices):
        left = {path: file for path, file in names if file is not None}
        files = sorted(set(left.values()))
        for contents in _products([torn[file] for file in files], rng):
            of = dict(zip(files, contents, strict=True))
            yield {path: of[file] for path, file in left.items()}


def possible_contents(contents: Sequence[Content], rng: random.Random) -> list[bytes]:
    """What may be left of a file that had these contents since it was synced, the durable one first.

    >>> len(possible_contents([Content(b"synced", 6)], random.Random(0)))
    1
    """
    found = dict.fromkeys(content.data for content in contents)
    for old, new in pairwise(contents):
        found |= dict.fromkeys(_cut(new, rng))
        found |= dict.fromkeys(_patched(old.data, new, rng))
    return list(found)


def mounted(disk: Disk, directories: frozenset[str]) -> MemoryFileSystem:
    """A file system that holds just this, all of it durable."""
    files = MemoryFileSystem()
    for directory in sorted(directories):
        files.make_directory(directory)
    for path, data in disk.items():
        files.write(path, data)
        files.sync(path)
    for directory in directories:
        files.sync_directory(directory)
    return files


def _cut(new: Content, rng: random.Random) -> Iterator[bytes]:
    for length in range(0, len(new.data), BLOCK_BYTES):
        yield new.data[: max(length, new.kept)]
    for _ in range(CUTS if new.data else 0):
        yield new.data[: rng.randint(new.kept, len(new.data))]


def _patched(old: bytes, new: Content, rng: random.Random) -> Iterator[bytes]:
    """Some blocks are of the new content, the others of the old one, or zero; what is kept is kept."""
    data = new.data
    places = range(new.kept // BLOCK_BYTES, -(-len(data) // BLOCK_BYTES))
    few = 2 ** len(places) <= SUBSETS
    some = range(2 ** len(places)) if few else [rng.getrandbits(len(places)) for _ in range(SUBSETS)]
    for under in (old[: len(data)].ljust(len(data), b"\0"), bytes(len(data))):
        for landed in some:
            patched = bytearray(under)
            for place in [place for bit, place in enumerate(places) if landed >> bit & 1]:
                block = slice(place * BLOCK_BYTES, (place + 1) * BLOCK_BYTES)
                patched[block] = data[block]
            patched[: new.kept] = data[: new.kept]
            yield bytes(patched)


def _products(options: Sequence[Sequence[bytes]], rng: random.Random) -> Iterator[tuple[bytes, ...]]:
    if prod(map(len, options)) <= MOST:
        yield from product(*options)
        return
    for _ in range(MOST):
        yield tuple(rng.choice(contents) for contents in options)
