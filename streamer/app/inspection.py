"""Looks into checkpoint files for `streamer checkpoint`, by the same reader that a restart uses."""

from pathlib import Path
from typing import Any

from safetensors.numpy import save_file

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.checkpoints.format import parse
from streamer.errors import CorruptError, IncompatibleError, UnavailableError


def list_files(directory: str) -> list[dict[str, Any]]:
    """Stream, serial, size and path of each checkpoint file, by stream, newest first."""
    return [
        {"stream": path.parent.name, "serial": int(path.stem), "bytes": path.stat().st_size, "path": str(path)}
        for path in _files(directory)
    ]


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
    checkpoint = _read(Path(file))
    return {
        "stream": checkpoint.stream,
        "serial": checkpoint.serial,
        "written_at": checkpoint.written_at,
        "engine": checkpoint.engine,
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
    return [file for folder in folders for file in sorted(folder.glob("[0-9]*.ckpt"), reverse=True)]


def _verdict(path: Path) -> dict[str, Any]:
    try:
        checkpoint = _read(path)
    except (CorruptError, IncompatibleError) as error:
        return {"valid": False, "fault": str(error)}
    return {"valid": True, "stream": checkpoint.stream, "serial": checkpoint.serial, "positions": checkpoint.positions}


def _read(path: Path) -> Checkpoint:
    try:
        return parse(path.read_bytes())
    except OSError as error:
        raise UnavailableError("a checkpoint cannot be read", got=f"{path} ({error.strerror})") from None
