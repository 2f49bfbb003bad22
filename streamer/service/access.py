"""Whose frames are taken for which stream."""

from typing import Protocol

from streamer.config.allowlist import AllowList
from streamer.service.observer import Observer
from streamer.transport.seam import Peer, key_of


class Access(Protocol):
    """Asked at each hello, and when a session's frames come from another connection."""

    def may_feed(self, peer: Peer, stream: str) -> bool:
        """Whether a peer may feed a stream now."""
        ...

    def same_owner(self, peer: Peer, other: Peer) -> bool:
        """Whether two connections may belong to one producer."""
        ...


class OpenAccess:
    """Everyone who gets in may feed everything: without keys nobody can tell them apart."""

    def may_feed(self, peer: Peer, stream: str) -> bool:
        """Yes."""
        return True

    def same_owner(self, peer: Peer, other: Peer) -> bool:
        """Yes."""
        return True


class KeyAccess:
    """What the allow-list says, for peers of a listener with keys. The list may be replaced at any time."""

    def __init__(self, allowed: AllowList, observer: Observer) -> None:
        self.allowed = allowed
        self._observer = observer

    def admits(self, key: str) -> bool:
        """Whether a public key is listed. Asked from the doorkeeper's thread; who is not is told to the log."""
        if key in self.allowed:
            return True
        self._observer.warn("connection refused, its key is not on the list", reason="key", key=key)
        return False

    def may_feed(self, peer: Peer, stream: str) -> bool:
        """Whether the peer's key is listed with the stream."""
        return self.allowed.permits(key_of(peer), stream)

    def same_owner(self, peer: Peer, other: Peer) -> bool:
        """Whether both have proved to have the same key."""
        return key_of(peer) == key_of(other)
