import pytest

from streamer.errors import FrameError
from streamer.wire.frames import decode, encode
from streamer.wire.messages import Hello


def hello(*, stream: str = "s", epoch: str = "0123456789abcdef", inputs: int = 1) -> Hello:
    return Hello(0, stream, inputs, epoch, 0, 10, 0, 9, False, 0)


@pytest.mark.parametrize("stream", ["a", "Z9", "a.b-c_d", "0", "x" * 64, "a..b", "CON.txt"])
def test_a_name_that_is_a_safe_folder_is_accepted(stream: str) -> None:
    assert decode(encode(hello(stream=stream)))[0] == hello(stream=stream)


@pytest.mark.parametrize(
    "stream",
    [
        "",
        ".",
        "..",
        ".hidden",
        "-option",
        "_x",
        "a/b",
        "/etc",
        "../up",
        "a\\b",
        "a b",
        "a\n",
        "a\0",
        "a:b",
        "a*",
        "~",
        "x" * 65,
        "x" * 4_000,
        "ström",
        "ａ",
        "٣",
        "a\u202eb",
    ],
)
def test_a_name_that_could_leave_its_folder_or_is_long_or_not_ascii_is_refused(stream: str) -> None:
    with pytest.raises(FrameError) as caught:
        decode(encode(hello(stream=stream)))
    assert caught.value.reason == "fields"


@pytest.mark.parametrize(
    "epoch", ["", "0" * 15, "0" * 65, "0123456789ABCDEF", "0123456789abcdeg", "0123456789abcdef\n"]
)
def test_an_epoch_that_is_not_16_to_64_hex_digits_is_refused(epoch: str) -> None:
    with pytest.raises(FrameError):
        decode(encode(hello(epoch=epoch)))


@pytest.mark.parametrize("inputs", [0, 65, -1])
def test_a_stream_of_no_inputs_or_too_many_is_refused(inputs: int) -> None:
    with pytest.raises(FrameError):
        decode(encode(hello(inputs=inputs)))
