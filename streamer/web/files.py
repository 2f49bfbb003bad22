"""The page's files, read once and kept in memory, compressed too: nothing that comes from outside is ever a path."""

import gzip
import hashlib
from dataclasses import dataclass
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent."""

    media_type: str
    tag: str
    """Changes with the content, so that a browser asks and need not load again."""
    content: bytes
    compressed: bytes


def static_files() -> dict[str, File]:
    """All files of the page by name."""
    found = {}
    for path in files("streamer.web").joinpath("static").iterdir():
        media_type = TYPES.get("." + path.name.rpartition(".")[2])
        if media_type is not None:
            found[path.name] = _file(media_type, path.read_bytes())
    return found


def answer(file: File, request: Request) -> Response:
    """The file, compressed if the reader can, or that it has not changed."""
    headers = {"ETag": file.tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if file.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return packed(file.content, file.media_type, request, file.compressed, headers)


def packed(
    content: bytes,
    media_type: str,
    request: Request,
    compressed: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Content, compressed if the reader can."""
    headers = {"Cache-Control": "no-store"} if headers is None else headers
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(content, media_type=media_type, headers=headers)
    body = gzip.compress(content, 5, mtime=0) if compressed is None else compressed
    return Response(body, media_type=media_type, headers=headers | {"Content-Encoding": "gzip"})


def _file(media_type: str, content: bytes) -> File:
    tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    return File(media_type, tag, content, gzip.compress(content, 9, mtime=0))
