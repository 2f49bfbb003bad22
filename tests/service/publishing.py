"""What feeds say to a daemon, and what a chain is that has learned it."""

import json
from typing import Any

import numpy as np

from streamer.client.feed import Plan
from tests.service.world import HashChain, Producer, World

A, B = "tcp://127.0.0.1:5556", "tcp://127.0.0.1:5557"
SILENCE_SECONDS = 11.0


def say(world: World, feed: str = A, **fields: Any) -> None:
    world.subscription.publish(feed, [json.dumps({"stream": "s", **fields}).encode()])


def say_all(world: World, *numbers: int, feed: str = A, stream: str = "s") -> None:
    """One sample for each number, the same whenever the number is said again."""
    for number in numbers:
        say(world, feed, stream=stream, n=number, x=number % 7, y=number % 2)


def learned(*numbers: int) -> bytes:
    """What a chain is that was given these samples in order."""
    chain = HashChain()
    if numbers:
        xs = np.array([[number % 7] for number in numbers], np.float32)
        chain.step_many(xs, np.array([number % 2 for number in numbers], np.float32))
    return chain.link


def link(world: World, stream: str = "s") -> bytes:
    predictor = world.loop.streams.existing(stream).predictor
    assert isinstance(predictor, HashChain)
    return predictor.link


def settle(world: World) -> None:
    """Learn all that is queued."""
    world.turn()
    while world.loop.busy:
        world.turn()


def hello_of(world: World, stream: str = "s") -> Producer:
    """A producer that has said hello and been answered."""
    producer = Producer(world, plan=Plan(stream, batch=7, samples=300))
    world.turn(producer)
    return producer
