"""The proxy, run: nobody without the login gets anything but /-/healthy, and the daemon never sees the login."""

import base64
import os
import socket
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from streamer.web.server import serving
from tests.deploy.tools import DEPLOY, passes, tool
from tests.end_to_end.processes import wait_for

LOGIN = "Basic " + base64.b64encode(b"you:secret").decode()


def echo(request: Request) -> JSONResponse:
    return JSONResponse({"path": request.url.path, "authorization": request.headers.get("authorization")})


BEHIND = Starlette(routes=[Route("/{path:path}", echo, methods=["GET", "POST"])])


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def configuration(folder: Path, behind: str, https: int, http: int) -> Path:
    """Ours, with the files and ports of a test, inside what a distribution has around it."""
    passes(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
        "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem",
    )  # fmt: skip
    (folder / "streamer.htpasswd").write_text("you:{PLAIN}secret\n")
    ours = (DEPLOY / "proxy" / "nginx.conf").read_text()
    for shipped, here in (
        ("/etc/ssl/streamer", str(folder)),
        ("/etc/nginx", str(folder)),
        ("server 127.0.0.1:19377", f"server {behind.removeprefix('http://')}"),
        ("    listen [::]:443 ssl;\n", ""),
        ("    listen [::]:80;\n", ""),
        ("listen 443 ssl", f"listen 127.0.0.1:{https} ssl"),
        ("listen 80", f"listen 127.0.0.1:{http}"),
    ):
        assert shipped in ours
        ours = ours.replace(shipped, here)
    paths = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.getuid() == 0 else ""  # a worker of another name could not read this folder
    main = folder / "nginx.conf"
    main.write_text(
        f"{user} pid {folder}/pid; daemon off; error_log stderr; worker_processes 1;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{paths}{ours}\n}}\n"
    )
    return main


@contextmanager
def proxy(folder: Path, behind: str) -> Iterator[tuple[str, str]]:
    """Its https and http addresses, while it runs."""
    https, http = free_port(), free_port()
    main = configuration(folder, behind, https, http)
    process = subprocess.Popen([tool("nginx"), "-p", str(folder), "-c", str(main)], stderr=subprocess.PIPE)
    try:
        seen = wait_for(lambda: {"open": is_open(https), "ended": process.poll()}, lambda seen: any(seen.values()))
        assert seen["open"], process.communicate()[1].decode()
        yield f"https://127.0.0.1:{https}", f"http://127.0.0.1:{http}"
    finally:
        process.terminate()
        process.communicate()


def is_open(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def status(url: str, method: str = "GET", **headers: str) -> int:
    return answer(url, method, **headers)[0]


def answer(url: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    trusting = ssl._create_unverified_context()
    request = urllib.request.Request(url, method=method, headers=headers)
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusting), StayHere()
    )
    try:
        with opener.open(request, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers.get("Location", "")


class StayHere(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *args: object) -> None:
        return None


@pytest.mark.timeout(120)
def test_only_a_login_gets_in_and_only_to_read(tmp_path: Path) -> None:
    tool("nginx")
    tool("openssl")
    with serving(BEHIND, "127.0.0.1", 0) as behind, proxy(tmp_path, behind) as (https, http):
        for path in ("/", "/metrics", "/api/v1/status", "/api/v1/events", "/-/ready"):
            assert status(https + path) == 401
            assert answer(https + path, Authorization=LOGIN) == (200, f'{{"path":"{path}","authorization":null}}')
        assert status(https + "/-/healthy") == 200
        assert status(https + "/metrics", "POST", Authorization=LOGIN) == 405
        assert answer(http + "/metrics") == (308, "https://127.0.0.1/metrics")
