"""Looks into checkpoint files for `streamer checkpoint`, by the same reader that a restart uses."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from safetensors.numpy import save_file

from streamer.checkpoints.build import differences
from streamer.checkpoints.checkpoint import Checkpoint
from streamer.checkpoints.format import format_of, parse
from streamer.errors import CorruptError, IncompatibleError, UnavailableError
from streamer.learning.engines.build import build_of


def list_files(directory: str) -> list[dict[str, Any]]:
    """Stream, serial, size, path and whether the stream is retired, of each checkpoint file, newest first.

    A retired stream goes by the name of its folder.
    """
    listed = []
    for path in _files(directory):
        with suppress(FileNotFoundError):  # a running daemon has removed it meanwhile
            listed.append(
                {
                    "stream": path.parent.name,
                    "serial": int(path.stem),
                    "bytes": path.stat().st_size,
                    "path": str(path),
                    "retired": path.parent.name.startswith("."),
                }
            )
    return listed


def verify_files(directory: str) -> list[dict[str, Any]]:
    """Whether each file is whole, and what is wrong where it is not; a running daemon may remove one meanwhile."""
    verdicts = []
    for path in _files(directory):
        try:
            verdicts.append({"path": str(path), **_verdict(path)})
        except UnavailableError:
            if path.exists():
                raise
    return verdicts


def describe(file: str) -> dict[str, Any]:
    """What is in a checkpoint; CorruptError if it is damaged."""
    data = _bytes(Path(file))
    checkpoint = parse(data)
    return {
        "format": format_of(data),
        "stream": checkpoint.stream,
        "serial": checkpoint.serial,
        "written_at": checkpoint.written_at,
        "engine": checkpoint.engine,
        "frozen": checkpoint.frozen,
        "build": checkpoint.build,
        "build_differences": differences(checkpoint.build, build_of(checkpoint.engine)),
        "positions": checkpoint.positions,
        "structure": checkpoint.structure,
        "arrays": [
            {"name": name, "type": str(array.dtype), "shape": list(array.shape)}
            for name, array in sorted(checkpoint.arrays.items())
        ],
    }


def export_arrays(file: str, to: str) -> int:
    """Write the arrays as safetensors; returns how many."""
    arrays = _read(Path(file)).arrays
    try:
        save_file(arrays, to)
    except OSError as error:
        raise UnavailableError("the arrays cannot be written", got=f"{to} ({error.strerror})") from None
    return len(arrays)


def _files(directory: str) -> list[Path]:
    root = Path(directory)
    if not root.is_dir():
        raise UnavailableError(
            "there is no such directory", got=directory, remedy="give a daemon's checkpoints.directory"
        )
    folders = sorted(path for path in root.iterdir() if path.is_dir())
    files = [file for folder in folders for file in sorted(folder.glob("*.ckpt"), reverse=True)]
    return [file for file in files if file.stem.isdecimal()]


def _verdict(path: Path) -> dict[str, Any]:
    data = _bytes(path)
    try:
        checkpoint, version = parse(data), format_of(data)
    except (CorruptError, IncompatibleError) as error:
        return {"valid": False, "fault": str(error)}
    return {
        "valid": True,
        "format": version,
        "stream": checkpoint.stream,
        "serial": checkpoint.serial,
        "positions": checkpoint.positions,
        "frozen": checkpoint.frozen,
    }


def _read(path: Path) -> Checkpoint:
    return parse(_bytes(path))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnavailableError("a checkpoint cannot be read", got=f"{path} ({error.strerror})") from None
