"""A producer in Python that needs only pyzmq and msgspec; streamer/wire/SPEC.md is what it follows.

    python producer.py tcp://127.0.0.1:15577 puzzle 20000

It publishes a puzzle: each x is 1 in one case of four, and y is the inverse of the x before. To publish a log of your
own, change EPOCH, INPUTS and `row`. What keeps the promise "each number once" is that `row(n)` is always the same.
"""

import secrets
import struct
import sys
import time
import zlib

import zmq
from msgspec import msgpack

HELLO, WELCOME, DATA, PROGRESS, RESEND, HELLO_AGAIN, REFUSED, PING, BYE, FLUSH = range(1, 11)
ENDLESS = 2**62
BATCH = 256
HELLO_SECONDS, PING_SECONDS, SILENCE_SECONDS = 1.0, 1.0, 5.0

EPOCH = b"puzzle-1".hex()  # the log's identity: another one as soon as a single row would be another
INPUTS = 1


def bit(n: int) -> int:
    """1 in one case of four: 32 bits of n, mixed (the last step of MurmurHash3), so that any n can be had at once."""
    h = n & 0xFFFFFFFF
    h = ((h ^ h >> 16) * 0x85EBCA6B) & 0xFFFFFFFF
    h = ((h ^ h >> 13) * 0xC2B2AE35) & 0xFFFFFFFF
    return int((h ^ h >> 16) < 2**30)


def row(n: int) -> tuple[float, float]:
    """Sample n of the log: x and y."""
    return bit(n), 1 - bit(n - 1)


def encode(kind: int, fields: list, payload: bytes = b"") -> bytes:
    """A message's frame."""
    header = msgpack.encode([1, kind, fields])
    content = struct.pack("<H", len(header)) + header + payload
    return struct.pack("<I", zlib.crc32(content)) + content


def decode(frame: bytes) -> tuple[int, list]:
    """Kind and fields; kind 0 for a frame that is damaged or of another version, which is to be ignored."""
    if len(frame) < 6 or struct.unpack("<I", frame[:4])[0] != zlib.crc32(frame[4:]):
        return 0, [0]
    (length,) = struct.unpack("<H", frame[4:6])
    version, kind, fields = msgpack.decode(frame[6 : 6 + length])
    return (kind, fields) if version == 1 else (0, [0])


class Producer:
    """One log on its way to one daemon."""

    def __init__(self, socket: zmq.Socket, stream: str, samples: int) -> None:
        self.socket, self.stream, self.samples = socket, stream, samples
        self.incarnation = secrets.randbits(63)
        self.session = 0  # none: a hello is to be sent
        self.position = self.limit = self.cursor = self.acknowledged = 0
        self.said_at, self.heard_at = float("-inf"), 0.0
        self.flushed = False

    def run(self) -> None:
        """Until everything is learned, and safe on the daemon's disk."""
        while self.session == 0 or self.acknowledged < self.samples:
            wait = 0 if self.may_send() else 100
            if self.socket.poll(wait):
                self.take(*decode(self.socket.recv()))
            self.send_what_is_due()
        self.send(BYE, [self.session])

    def may_send(self) -> bool:
        """Whether there are samples left and credit for them."""
        return self.session != 0 and self.position < min(self.limit, self.samples)

    def take(self, kind: int, fields: list) -> None:
        """Take a message from the daemon."""
        session, *rest = fields
        if kind == WELCOME and session != self.session:
            self.session, self.position, self.limit = session, rest[0], rest[1]
            self.flushed = False
        elif kind == REFUSED and session == self.session:
            reason, explanation, retry = rest[:3]
            if not retry:
                sys.exit(f"the daemon refused this stream: {reason}: {explanation}")
            self.session, self.said_at = 0, time.monotonic()
        elif session == 0 or session != self.session:
            return  # of a session that is over
        elif kind == PROGRESS:
            self.cursor, self.acknowledged, self.limit = rest[:3]
        elif kind == RESEND:
            self.position = rest[0]
        elif kind == HELLO_AGAIN:
            self.session = 0
        self.heard_at = time.monotonic()

    def send_what_is_due(self) -> None:
        """A hello, a block, or a sign of life."""
        now = time.monotonic()
        silent = now - self.said_at
        if self.session and now - self.heard_at > SILENCE_SECONDS:
            self.session = 0  # the daemon is gone
        if self.session == 0:
            if silent >= HELLO_SECONDS:
                self.send(HELLO, [0, self.stream, INPUTS, EPOCH, 0, ENDLESS, 0, self.incarnation])
        elif self.may_send():
            count = min(BATCH, self.limit - self.position, self.samples - self.position)
            rows = [number for n in range(self.position, self.position + count) for number in row(n)]
            payload = struct.pack(f"<{len(rows)}f", *rows)
            if self.send(DATA, [self.session, self.position, count, INPUTS], payload):
                self.position += count
        elif silent >= PING_SECONDS or (self.cursor >= self.samples and not self.flushed):
            self.flushed = self.cursor >= self.samples
            self.send(FLUSH if self.flushed else PING, [self.session, self.position])

    def send(self, kind: int, fields: list, payload: bytes = b"") -> bool:
        """False if the socket takes nothing now: there is no daemon, or it is slow."""
        try:
            self.socket.send(encode(kind, fields, payload), zmq.NOBLOCK)
        except zmq.Again:
            return False
        self.said_at = time.monotonic()
        return True


def main() -> None:
    """Endpoint, stream and number of samples from the command line."""
    if len(sys.argv) != 4 or not sys.argv[3].isdecimal():
        print("usage: producer.py ENDPOINT STREAM SAMPLES", file=sys.stderr)
        sys.exit(2)
    endpoint, stream, samples = sys.argv[1], sys.argv[2], int(sys.argv[3])
    socket = zmq.Context.instance().socket(zmq.DEALER)
    socket.set(zmq.IMMEDIATE, 1)  # queue nothing while there is no daemon
    socket.set(zmq.SNDHWM, 256)
    socket.set(zmq.RCVHWM, 256)
    socket.set(zmq.LINGER, 500)
    try:
        socket.connect(endpoint)
    except zmq.ZMQError as error:
        print(f"{endpoint}: {error.strerror}", file=sys.stderr)
        sys.exit(2)
    Producer(socket, stream, samples).run()
    print(f"{samples} samples learned, and safe on the daemon's disk")


if __name__ == "__main__":
    main()
