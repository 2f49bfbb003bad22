"""Commands to a running daemon: what they change, what they leave, and when they are answered."""

import errno

import pytest

from streamer.errors import FrameError, StreamerError
from streamer.evaluation.binary import BinaryScores
from streamer.filesystem.memory import MemoryFileSystem
from streamer.service.commands import decode_answer
from tests.service.person import PLAN, Person, at_work, chain_of, stepped, stream_of
from tests.service.test_schedule import held_world
from tests.service.world import HashChain, Producer, World

# Beginning anew


def test_a_reset_stream_begins_anew_where_it_is() -> None:
    world, producer, person = at_work()
    at = int(person.commands("reset", producer).facts["next_sequence"])
    world.run(producer)
    record = world.record()
    assert chain_of(world).link == stepped(HashChain(), at, 300).link
    assert (record.next_sequence, record.scores.labelled) == (300, 300 - at)
    assert record.outcomes["duplicate"] == 0
    assert record.outcomes["learned"] == 300  # this process' counts go on


# Rolling back


def saved_cursors(world: World) -> dict[int, int]:
    """Serial → events, of what is on disk."""
    names = [name for name in world.files.names("checkpoints/s") if name.endswith(".ckpt")]
    serials = [int(name[:12]) for name in names]
    return {serial: next(iter(world.store.older("s", serial).positions.values())) for serial in serials}


@pytest.mark.parametrize("which", ["last but one", "oldest"])
def test_a_stream_rolled_back_goes_on_where_it_is_with_an_older_learner_and_its_scores(which: str) -> None:
    world, producer, person = at_work(turns=20)
    cursors = saved_cursors(world)
    target = sorted(cursors)[-2 if which == "last but one" else 0]
    # in one turn, so that no checkpoint is made before the command
    answer = person.commands("rollback", to=None if which == "last but one" else target)
    at = int(answer.facts["next_sequence"])
    assert answer.facts["to"] == target
    assert cursors[target] < at
    world.run(producer)
    assert chain_of(world).link == stepped(stepped(HashChain(), 0, cursors[target]), at, 300).link
    assert world.record().scores.labelled == cursors[target] + 300 - at
    assert world.record().next_sequence == 300


def test_a_checkpoint_that_is_not_there_is_named_with_those_that_are() -> None:
    world, _, person = at_work(turns=20)
    before = world.state_hash()
    answer = person.fails("rollback", to=999)
    assert "s 999; expected: one of: " in answer.error
    assert (answer.mistake, world.state_hash()) == (True, before)


def test_with_one_checkpoint_there_is_none_to_roll_back_to() -> None:
    world = World(interval_seconds=1e9)
    producer = Producer(world, plan=PLAN)
    for _ in range(4):
        world.turn(producer)
    assert "before the newest one" in Person(world).fails("rollback").error


def test_a_damaged_checkpoint_is_not_rolled_back_to() -> None:
    world, _, person = at_work(turns=20)
    serial = min(saved_cursors(world))
    world.files.write(f"checkpoints/s/{serial:012d}.ckpt", b"rubbish")
    before = world.state_hash()
    assert "not a checkpoint" in person.fails("rollback", to=serial).error
    assert world.state_hash() == before


def test_a_checkpoint_of_other_settings_is_not_rolled_back_to() -> None:
    world, _, person = at_work(turns=20)
    world.loop.streams.structure["learner.hidden"] = 4
    assert "learner.hidden = 3 there, 4 here" in person.fails("rollback").error


# Retiring


def test_a_retired_stream_is_forgotten_and_all_that_it_learned_is_in_its_folder_aside() -> None:
    world, producer, person = at_work(World(interval_seconds=1e9))
    world.loop.unreachable(producer.connection.peer)
    world.turn()
    learned = world.record().next_sequence
    answer = person.commands("retire")
    assert answer.facts["moved_to"] == "checkpoints/.retired-s-1"
    assert [name for name in world.files.names("checkpoints") if not name.startswith(".")] == []
    world.kill()
    assert list(world.loop.streams) == []
    world.files.rename("checkpoints/.retired-s-1", "checkpoints/s")  # a person changes his mind
    world.files.sync_directory("checkpoints")
    world.kill()
    assert world.record().next_sequence == learned


def test_a_producer_of_a_retired_name_begins_a_new_stream_and_so_again() -> None:
    world = World()
    for count in (1, 2):
        producer = Producer(world, plan=PLAN)
        world.run(producer)
        world.loop.unreachable(producer.connection.peer)
        assert world.record().outcomes["learned"] == 300
        assert Person(world).commands("retire").facts["moved_to"] == f"checkpoints/.retired-s-{count}"


def test_a_stream_that_a_producer_holds_is_not_retired() -> None:
    world, producer, person = at_work()
    assert "stop the producer first" in person.fails("retire", producer).error
    world.run(producer)
    assert world.record().next_sequence == 300


def test_a_stream_whose_producer_comes_back_while_it_is_saved_is_not_retired() -> None:
    world, writer = held_world(interval_seconds=1e9)
    producer = Producer(world, plan=PLAN)
    for _ in range(8):
        world.turn(producer)
    world.loop.unreachable(producer.connection.peer)
    person = Person(world)
    person.says("retire")
    world.turn()
    again = producer.restart()
    world.turn(again)
    writer.holds = False
    assert "stop the producer first" in person.hears(again).error
    world.run(again)
    assert world.record().next_sequence == 300


# Answers


@pytest.mark.parametrize("verb", ["freeze", "reset", "rollback"])
def test_what_was_answered_survives_the_loss_of_the_newest_checkpoint(verb: str) -> None:
    world, producer, person = at_work(turns=20)
    person.commands(verb, producer)
    after = stream_of(world).frozen, chain_of(world).samples
    newest = max(name for name in world.files.names("checkpoints/s") if name.endswith(".ckpt"))
    world.files.write(f"checkpoints/s/{newest}", b"rubbish")
    world.files.sync(f"checkpoints/s/{newest}")
    world.kill()
    world.run(producer)
    assert stream_of(world).frozen == after[0]
    assert chain_of(world).samples < 300 or verb == "freeze"


def test_a_checkpoint_that_was_under_way_does_not_count_for_the_answer() -> None:
    world, writer = held_world(interval_seconds=0.2)
    producer = Producer(world, plan=PLAN)
    for _ in range(8):
        world.turn(producer)
    assert writer.given
    person = Person(world)
    person.says("freeze")
    for _ in range(4):
        world.turn()
    writer.holds = False
    person.hears()
    assert all(checkpoint.frozen for checkpoint in world.store.find("s").valid)


class FullDisk(MemoryFileSystem):
    full = False

    def sync(self, path: str) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        super().sync(path)


def test_on_a_full_disk_a_command_is_in_force_and_the_answer_says_that_it_is_not_safe() -> None:
    disk = FullDisk()
    world, producer, person = at_work(World(disk, interval_seconds=0.2))
    disk.full = True
    answer = person.fails("freeze", producer)
    assert "it is in force, but a crash would undo it" in answer.error
    assert (answer.mistake, stream_of(world).frozen) == (False, True)
    disk.full = False
    world.run(producer)
    world.kill()
    assert world.record().frozen


def test_on_a_full_disk_nothing_is_retired() -> None:
    disk = FullDisk()
    world, producer, person = at_work(World(disk, interval_seconds=1e9))
    world.loop.unreachable(producer.connection.peer)
    disk.full = True
    assert "it is not done" in person.fails("retire").error
    assert stream_of(world).cursor(producer.source.epoch) > 0


def test_a_folder_that_cannot_be_moved_leaves_its_stream_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    producer = Producer(world, plan=PLAN)
    world.run(producer)
    world.loop.unreachable(producer.connection.peer)

    def refuse(path: str) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(world.files, "sync_directory", refuse)
    assert "Input/output error" in Person(world).fails("retire").error
    monkeypatch.undo()
    world.kill()
    assert world.record().next_sequence == 300


def test_an_unknown_stream_is_named_with_those_that_there_are() -> None:
    _, producer, person = at_work()
    answer = person.fails("freeze", producer, stream="other")
    assert answer.error == "there is no such stream; got: other; expected: one of: s"
    assert answer.mistake


@pytest.mark.parametrize(
    "data", [b"", b"rubbish", b'{"verb":"burn","stream":"s"}', b'{"verb":"freeze","stream":"../s"}']
)
def test_what_is_no_command_is_answered_and_changes_nothing(data: bytes) -> None:
    world, _, person = at_work()
    before = world.state_hash()
    person.connection.send([data])
    assert "not a command" in person.hears().error
    assert world.state_hash() == before


def test_a_daemon_that_stops_saves_what_was_commanded_and_answers() -> None:
    world, _, person = at_work(World(interval_seconds=1e9))
    person.says("freeze")
    world.clock.advance(1)
    world.daemon.turn()
    world.daemon.finish()
    [[part]] = person.connection.receive(0)
    assert decode_answer(part).facts["frozen"] is True
    world.kill()
    assert world.record().frozen


def test_a_daemon_that_stops_before_a_command_is_on_disk_says_that_it_is_not_done() -> None:
    disk = FullDisk()
    world, _, person = at_work(World(disk, interval_seconds=1e9))
    disk.full = True
    person.says("reset")
    world.clock.advance(1)
    world.daemon.turn()
    with pytest.raises(StreamerError, match="without its last checkpoint"):
        world.daemon.finish()
    [[part]] = person.connection.receive(0)
    assert "a crash would undo it" in decode_answer(part).error


def test_a_stream_that_is_safe_already_is_retired_without_another_checkpoint() -> None:
    world, producer, person = at_work()
    world.loop.unreachable(producer.connection.peer)
    for _ in range(40):
        world.turn()
    before = stream_of(world).durable.serial
    assert person.commands("retire").facts["serial"] == before


def test_what_is_no_answer_is_refused() -> None:
    with pytest.raises(FrameError, match="not an answer"):
        decode_answer(b"[]")


def test_commands_that_come_together_are_all_answered() -> None:
    world, producer, person = at_work()
    others = [Person(world) for _ in range(3)]
    for other, verb in zip(others, ["freeze", "reset", "thaw"], strict=True):
        other.says(verb)
    assert [other.hears(producer).facts["command"] for other in others[:1]] == ["freeze"]
    assert [decode_answer(part).facts["command"] for other in others[1:] for [part] in other.connection.receive(0)] == [
        "reset",
        "thaw",
    ]
    assert person.commands("freeze", producer).facts["frozen"] is True


def test_scores_of_a_reset_stream_are_those_of_a_new_one() -> None:
    world, _, person = at_work()
    person.commands("reset")
    fresh = BinaryScores(window=100, fading=0.99).export()
    assert {name: array.tolist() for name, array in stream_of(world).scores.export().items()} == {
        name: array.tolist() for name, array in fresh.items()
    }
