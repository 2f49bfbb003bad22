from streamer.learning.standing import ALONE, Standing, Standings
from tests.service.world import HashChains, Producer, World

PAIR = Standings((Standing("linear", 0.25, 0.5, benched=2), Standing("knn", 0.75, 0.375)), 0.3125)


def test_the_record_tells_how_a_committee_stands_before_and_after_a_restart() -> None:
    world = World(predictors=HashChains(PAIR))
    producer = Producer(world)
    world.run(producer)
    assert world.record().standings == PAIR
    world.kill()
    assert world.record().standings == PAIR


def test_the_record_of_a_learner_has_no_members() -> None:
    world = World()
    world.run(Producer(world))
    assert world.record().standings is ALONE
