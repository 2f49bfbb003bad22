"""How many files and connections the process may have open."""

import resource
from contextlib import suppress

ENOUGH = 65_536


def raise_descriptor_limit() -> None:
    """Take what the operating system grants, up to `ENOUGH`.

    ZeroMQ takes every connection that is made, so that strangers could else use up the usual 1,024 in no time, and no
    checkpoint could be opened.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(ENOUGH, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
