"""The table of faults: every line of it with its full count. `python -m tests.faults` measures them in this order."""

from tests.faults import (
    checkpoint_crashes,
    coverage,
    daemon_kills,
    damage,
    disk_errors,
    overload,
    reloads,
    simulations,
    starts,
    terminations,
    throughput,
    watchdog,
)
from tests.faults.line import Line, by_program

LINES: tuple[Line, ...] = (
    Line(
        "kills",
        "`kill -9` of the daemon at random times, 1,000",
        "state hash as undisturbed, 0 lost, 0 twice",
        lambda: daemon_kills.measure(1_000),
    ),
    Line(
        "spool-kills",
        "`kill -9` of the spool, 200",
        "0 acknowledged samples lost",
        by_program("tests.faults.spool_kills", "--kills", "200"),
    ),
    Line(
        "crash-states",
        "every disk that a crash may leave of checkpoint writes, the newest one lost besides",
        "≥ 10,000; 0 unrecoverable, none older than acknowledged",
        lambda: checkpoint_crashes.measure(25_000),
    ),
    Line(
        "spool-crash-states",
        "every disk that a crash may leave of a spool's writes",
        "≥ 10,000; no acknowledged event lost",
        by_program("tests.faults.spool_crashes", "12000"),
    ),
    Line(
        "damage",
        "bit flips / truncations of a checkpoint file",
        "10,000 / 1,000 all detected, the previous one used",
        lambda: damage.measure(10_000, 1_000),
    ),
    Line(
        "disk-errors",
        "I/O error at the n-th operation, for every n, once and lasting",
        "the daemon lives, nothing false is acknowledged",
        disk_errors.measure,
    ),
    Line(
        "simulation",
        "simulation, 10,000 seeds",
        "0 violations",
        lambda: simulations.measure(10_000),
    ),
    Line(
        "mutated",
        "mutated frames, 1,000,000",
        "no uncaught exception, memory flat",
        by_program("tests.faults.mutated", "--frames", "1000000"),
    ),
    Line(
        "overload",
        "10 × overload, 60 s",
        "0 lost, growth ≤ 16 MB on either side",
        lambda: overload.measure(60),
    ),
    Line(
        "hostile",
        "wrong key, no key, garbage: 1,000 connections; a good client among 400 of them",
        "0 bytes delivered, each counted; served within 1 s",
        by_program("tests.faults.hostile", "--connections", "1000"),
    ),
    Line(
        "terminations",
        "SIGTERM under load, 100 times",
        "exit 0 with a fresh checkpoint, ≤ 2 s",
        lambda: terminations.measure(100),
    ),
    Line(
        "watchdog",
        "wedged learner, stopped or looping, 20 times",
        "the watchdog goes silent within one period, 20 of 20",
        lambda: watchdog.measure(20),
    ),
    Line(
        "reloads",
        "50 bad and 50 good reloads under load",
        "state untouched / applied, no sample lost",
        lambda: reloads.measure(50),
    ),
    Line("start-fused", "start to ready, fused", "≤ 1.5 s", lambda: starts.measure("fused", 7, 1.5)),
    Line("start-reference", "start to ready, reference (torch)", "≤ 4 s", lambda: starts.measure("reference", 5, 4.0)),
    Line(
        "throughput",
        "throughput, fused, daemon end to end over tcp loopback",
        "≥ 0.7 of in process at 256 samples a message; ≥ 60,000 a second at one; CURVE costs ≤ 15 %",
        lambda: throughput.measure(500_000, 5),
    ),
    Line(
        "coverage",
        "branch coverage of wire, transport, sessions and reception, checkpoints, spool",
        "100 %",
        coverage.measure,
    ),
)
