"""Runs a program under a list of system calls, as systemd does: any other fails with EPERM.

    python tests/deploy/confined.py '@system-service ~@privileged' program argument…

Words are systemd's: a call or a @set of them, allowed, or with ~ before it no longer.
"""

import ctypes
import errno
import os
import subprocess
import sys

ALLOW = 0x7FFF0000  # SCMP_ACT_ALLOW
REFUSE = 0x00050000 | errno.EPERM  # SCMP_ACT_ERRNO


def calls(word: str) -> set[str]:
    """The system calls of a set, with those of the sets in it."""
    if not word.startswith("@"):
        return {word}
    said = subprocess.run(["systemd-analyze", "syscall-filter", word], capture_output=True, text=True, check=True)
    members = [line.strip() for line in said.stdout.splitlines()[1:]]
    return {call for member in members if member and member[0] != "#" for call in calls(member)}


def allowed(words: list[str]) -> set[str]:
    """What is allowed after all words, in their order."""
    found: set[str] = set()
    for word in words:
        found = found - calls(word[1:]) if word.startswith("~") else found | calls(word)
    return found


def confine(names: set[str]) -> None:
    """Refuse every other call to this process, and to what it becomes."""
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_rule_add.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint]
    library.seccomp_load.argtypes = [ctypes.c_void_p]
    context = library.seccomp_init(REFUSE)
    for name in names:
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number >= 0 and library.seccomp_rule_add(context, ALLOW, number, 0):  # below 0: not of this machine
            raise OSError(f"no rule for {name}")
    if library.seccomp_load(context):
        raise OSError("the rules cannot be loaded")


if __name__ == "__main__":
    confine(allowed(sys.argv[1].split()))
    os.execv(sys.argv[2], sys.argv[2:])
