"""`python -m tests.faults`: the table of faults, each line measured and printed as it comes.

Exit code 0 if every line is as it should be, 1 if one falls short, 2 if there is no such line.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.faults.line import Line
from tests.faults.table import LINES


def main(arguments: Sequence[str] | None = None, lines: Sequence[Line] = LINES) -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Measure the table of faults.")
    names = [line.name for line in lines]
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help=f"one of: {', '.join(names)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--markdown", action="store_true", help="print them as the README's table")
    given = parser.parse_args(arguments)
    if given.markdown:
        print("| test | asked | measured |\n|---|---|---|")
    facts = []
    for line in (line for line in lines if given.only is None or line.name in given.only):
        if not given.markdown:
            print(f"{line.name}: {line.test}\n  asked     {line.asked}", flush=True)
        facts.append(_facts(line))
        print(_row(facts[-1]) if given.markdown else _verdict(facts[-1]), flush=True)
    if given.json is not None:
        given.json.write_text(json.dumps(facts, indent=2) + "\n")
    return 0 if all(fact["ok"] for fact in facts) else 1


def _facts(line: Line) -> dict[str, Any]:
    started = time.monotonic()
    figure = line.figure()
    return {
        "name": line.name,
        "test": line.test,
        "asked": line.asked,
        "measured": figure.measured,
        "ok": figure.ok,
        "seconds": round(time.monotonic() - started, 1),
    }


def _verdict(fact: dict[str, Any]) -> str:
    return f"  measured  {fact['measured']}\n  {'ok' if fact['ok'] else 'FALLS SHORT'}, {fact['seconds']:.0f} s"


def _row(fact: dict[str, Any]) -> str:
    return f"| {fact['test']} | {fact['asked']} | {fact['measured']}{'' if fact['ok'] else ' (**falls short**)'} |"


if __name__ == "__main__":
    sys.exit(main())
