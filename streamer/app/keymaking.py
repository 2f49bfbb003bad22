"""Makes CURVE keys and writes their files."""

import os
import secrets
from dataclasses import dataclass

from streamer.config.keys import read_secret, secret_text
from streamer.errors import UnavailableError
from streamer.transport.curve import new_pair, public_of


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """A key pair on disk."""

    secret_file: str
    public_file: str
    public_key: str


def make_keys(path: str) -> KeyFiles:
    """A new pair: the secret key in `path`, for its owner only, the public one in `path`.pub.

    UnavailableError if either is there already, or cannot be written.
    """
    public, secret = new_pair()
    files = KeyFiles(path, f"{path}.pub", public)
    for file in (files.secret_file, files.public_file):  # looked at first: no secret without its public key
        if os.path.lexists(file):
            raise _taken(file)
    _write_new(files.secret_file, secret_text(secret), 0o600)
    _write_new(files.public_file, f"{public}\n", 0o644)
    return files


def public_key_of(path: str) -> str:
    """The public key that belongs to the secret one in a file; SettingsError if it holds none."""
    return public_of(read_secret(path, "FILE"))


def _write_new(path: str, text: str, mode: int) -> None:
    """A whole file under a new name, or none."""
    draft = f"{path}.{secrets.token_hex(4)}"
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with open(descriptor, "w") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)  # unlike a rename, it never replaces what is there
        finally:
            os.unlink(draft)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise UnavailableError(
            "the key cannot be written", got=f"{path} ({error.strerror})", remedy="give a file in a folder of yours"
        ) from None


def _taken(path: str) -> UnavailableError:
    return UnavailableError("the file is there already, and keys are never replaced", got=path, remedy="give another")
