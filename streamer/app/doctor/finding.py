"""What a check has found."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. With a problem a daemon would not start, or would not keep what it learns."""

    check: str
    level: Level
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        line = f"{self.level:<8} {self.check:<18} {self.found}"
        return f"{line}\n{'':<28}do this: {self.remedy}" if self.remedy else line
