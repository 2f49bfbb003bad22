"""Serves the application in a thread of its own, so that no reader can hold up the learner."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from streamer.errors import UnavailableError
from streamer.web.connections import BoundedProtocol

BACKLOG = 64
KEEP_ALIVE_SECONDS = 5
GRACE_SECONDS = 1


@contextmanager
def serving(application: Starlette, host: str, port: int) -> Iterator[str]:
    """Serve while the body runs; gives the URL. UnavailableError if the port cannot be had."""
    listener = _bind(host, port)
    server = uvicorn.Server(
        uvicorn.Config(
            application,
            lifespan="on",
            log_config=None,
            access_log=False,
            http=BoundedProtocol,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="http", daemon=True)
    thread.start()
    try:
        yield f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(GRACE_SECONDS + 2)
        listener.close()


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise UnavailableError(
            "the address for metrics cannot be bound",
            got=f"{host}:{port} ({error.strerror})",
            remedy="stop the program that has it (perhaps another daemon), or set telemetry.port; 0 takes a free one",
        ) from None
    return listener
