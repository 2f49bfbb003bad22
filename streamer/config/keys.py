"""CURVE keys on disk: their printable form (Z85, as ZeroMQ has it), their files, and what is wrong with one.

A secret key is in a file of its own, one line, `streamer-secret-key` and the key, readable by its owner only. A public
key's file holds nothing else, so that it can be added to an allow-list as it is.
"""

import os
import stat
from dataclasses import dataclass

from streamer.errors import Fault, SettingsError

KEY_LENGTH = 40
"""Characters of a key: 32 bytes in Z85."""
SECRET_WORD = "streamer-secret-key"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
_LARGEST_FILE = 1_000_000


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a producer needs: its own secret key, and the public key that only the right daemon has the secret of."""

    secret: str
    daemon: str


def is_key(text: str) -> bool:
    """Whether a text is 32 bytes in Z85.

    >>> is_key("0" * 40), is_key("0" * 39), is_key("#" * 40)
    (True, False, False)
    """
    if len(text) != KEY_LENGTH or not set(text) <= set(_DIGITS):
        return False
    return all(_value(text[at : at + 5]) < 2**32 for at in range(0, KEY_LENGTH, 5))


def secret_text(secret: str) -> str:
    """What a secret key's file holds."""
    return f"{SECRET_WORD} {secret}\n"


def read_secret(path: str, setting: str, origin: str = "") -> str:
    """The secret key in a file; SettingsError if it cannot be had, or, as ssh has it, if others could read it too."""
    words = read_text(path, setting, origin, remedy=f"make one with `streamer keys new {path}`").split()
    if len(words) == 2 and words[0] == SECRET_WORD and is_key(words[1]):
        _check_private(path, setting, origin)
        return words[1]
    if len(words) == 1 and is_key(words[0]):
        problem, remedy = "holds a public key", "give the file of the secret key, without .pub"
    else:
        problem, remedy = "holds no secret key", "give a file that `streamer keys new` made"
    raise SettingsError([Fault(setting, f"{path} {problem}", remedy, origin)])


def read_public(key_or_path: str, setting: str) -> str:
    """A public key, given as it is or as the file that holds it."""
    if is_key(key_or_path):
        return key_or_path
    words = read_text(
        key_or_path, setting, remedy="give the daemon's public key, or the .pub file that holds it"
    ).split()
    if len(words) == 1 and is_key(words[0]):
        return words[0]
    problem = "holds a secret key" if words[:1] == [SECRET_WORD] else "holds no public key"
    raise SettingsError(
        [Fault(setting, f"{key_or_path} {problem}", "give the .pub file that `streamer keys new` made")]
    )


def credentials(key: str | None, daemon_key: str | None) -> Credentials | None:
    """A producer's keys from the file of its secret key and the daemon's public key or its file; None for neither.

    SettingsError lists everything that is wrong with either.
    """
    if key is None and daemon_key is None:
        return None
    faults: list[Fault] = []
    found: list[str] = []
    for setting, given, read in (("key", key, read_secret), ("daemon_key", daemon_key, read_public)):
        if given is None:
            other = "daemon_key" if setting == "key" else "key"
            faults.append(Fault(setting, f"missing, though {other} is given", "give both, or neither to send in clear"))
            continue
        try:
            found.append(read(given, setting))
        except SettingsError as error:
            faults += error.faults
    if faults:
        raise SettingsError(faults)
    return Credentials(*found)


def read_text(path: str, setting: str, origin: str = "", *, remedy: str) -> str:
    """A small text file; SettingsError with the remedy if there is none."""
    try:
        with open(path, "rb") as file:
            content = file.read(_LARGEST_FILE + 1)
        if len(content) <= _LARGEST_FILE:
            return content.decode()
        # a part of a list could say more than the whole: a key whose streams are cut off may feed all
        problem = f"{path} is larger than {_LARGEST_FILE:,} bytes"
    except OSError as error:
        problem = f"{path} cannot be read ({error.strerror})"
    except UnicodeDecodeError:
        problem = f"{path} is not text"
    raise SettingsError([Fault(setting, problem, remedy, origin)])


def _check_private(path: str, setting: str, origin: str) -> None:
    status = os.stat(path)
    if status.st_uid == os.getuid() and stat.S_IMODE(status.st_mode) & 0o077:
        problem = f"{path} may be read or written by others (mode {stat.S_IMODE(status.st_mode):04o})"
        raise SettingsError([Fault(setting, problem, f"chmod 600 {path}", origin)])


def _value(digits: str) -> int:
    value = 0
    for digit in digits:
        value = 85 * value + _DIGITS.index(digit)
    return value
