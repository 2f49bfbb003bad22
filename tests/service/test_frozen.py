"""A stream that predicts and scores and does not learn."""

from tests.service.person import Person, at_work, chain_of, stepped, stream_of
from tests.service.world import HashChain, Producer, World


def test_a_frozen_stream_predicts_and_scores_and_is_told_no_target() -> None:
    world, producer, person = at_work()
    answer = person.commands("freeze", producer)
    at = int(answer.facts["next_sequence"])
    world.run(producer)
    expected = stepped(stepped(HashChain(), 0, at), at, 300, labels=False)
    assert chain_of(world).link == expected.link
    assert at < world.record().scores.labelled == world.record().predictions == 300


def test_what_a_frozen_stream_gets_is_accounted_as_unlabelled() -> None:
    world, producer, person = at_work()
    at = int(person.commands("freeze", producer).facts["next_sequence"])
    world.run(producer)
    outcomes = world.record().outcomes
    assert (outcomes["learned"], outcomes["unlabelled"]) == (at, 300 - at)


def test_a_thawed_stream_learns_again() -> None:
    world, producer, person = at_work()
    at = int(person.commands("freeze", producer).facts["next_sequence"])
    until = int(person.commands("thaw", producer).facts["next_sequence"])
    world.run(producer)
    assert at < until < 300
    expected = stepped(stepped(stepped(HashChain(), 0, at), at, until, labels=False), until, 300)
    assert chain_of(world).link == expected.link


def test_a_frozen_stream_is_frozen_after_a_restart_and_says_so() -> None:
    world, producer, person = at_work()
    person.commands("freeze", producer)
    world.kill()
    assert (stream_of(world).frozen, world.record().frozen) == (True, True)
    person.commands("thaw", producer)
    world.kill()
    assert not world.record().frozen


def test_whether_a_stream_is_frozen_is_part_of_its_hash() -> None:
    world = World()
    world.run(Producer(world))
    before = world.state_hash()
    Person(world).commands("freeze")
    frozen = world.state_hash()
    Person(world).commands("thaw")
    assert (frozen != before, world.state_hash()) == (True, before)
