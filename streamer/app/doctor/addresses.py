"""Whether the addresses that the daemon would bind are free."""

import os
import socket

from streamer.app.doctor.finding import Finding


def look_at_endpoint(endpoint: str) -> Finding:
    """`transport.listen`: tcp://host:port, where both may be *, or ipc://path."""
    scheme, _, rest = endpoint.partition("://")
    if scheme == "ipc":
        return _look_at_path(endpoint, rest)
    host, _, port = rest.rpartition(":")
    return _look("transport.listen", host.strip("[]").replace("*", "0.0.0.0"), 0 if port == "*" else int(port))


def look_at_port(host: str, port: int) -> Finding:
    """`telemetry.host` and `telemetry.port`."""
    return _look("telemetry.port", host, port)


def _look(check: str, host: str, port: int) -> Finding:
    address = f"{host}:{port}"
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(where)
            tried.listen()  # two may bind what nobody listens on
    except socket.gaierror as error:
        remedy = f"set {check.partition('.')[0]}'s address to one of this machine"
        return Finding(check, "problem", f"{address} is nowhere: {error.strerror}", remedy)
    except OSError as error:
        remedy = f"stop what has it, perhaps a daemon that runs already, or set {check} to another"
        return Finding(check, "problem", f"{address} cannot be had: {error.strerror}", remedy)
    return Finding(check, "ok", "any free port" if port == 0 else f"{address} is free")


def _look_at_path(endpoint: str, path: str) -> Finding:
    folder = os.path.dirname(path) or "."
    if not os.access(folder, os.W_OK | os.X_OK):
        remedy = "make that directory, or set transport.listen to a path in one that this user may write"
        return Finding("transport.listen", "problem", f"{endpoint}: no socket can be made in {folder}", remedy)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as tried:
        try:
            tried.connect(path)
        except OSError:
            return Finding("transport.listen", "ok", f"{endpoint} is free")
    remedy = "stop what has it, perhaps a daemon that runs already, or set transport.listen to another"
    return Finding("transport.listen", "problem", f"{endpoint}: somebody listens there", remedy)
