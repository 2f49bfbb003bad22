"""All settings of the daemon, in small groups; each field says what, in which unit, and why this default."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from streamer.config.change import LIVE, RESTART, STRUCTURAL
from streamer.config.committee import CommitteeChoices, CommitteeSettings
from streamer.config.endpoint import checked_endpoint, checked_feed, is_loopback
from streamer.config.group import Group
from streamer.config.learner import EngineName, LearnerSettings


class LearnerSection(LearnerSettings):
    """The learner of each stream, and what computes it."""

    scaling: Annotated[Literal["none", "standard"], Field(json_schema_extra=RESTART)] = "standard"
    """What is done to numbers before they are learned from: `none`; or `standard`: inputs are standardised by running
    statistics, but for those that are 0 or 1 only. A stream keeps what it began with."""
    engine: Annotated[EngineName, Field(json_schema_extra=RESTART)] = "auto"
    """What computes: `fused` (compiled), `reference` (torch), or `auto`, the fastest one that the machine has."""


def _one_or_more(value: object) -> object:
    """A list; or one text, from a variable or the command line, with an address or several and commas between."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


class TransportSettings(Group):
    """Where producers connect, and how much they may send ahead."""

    insecure: bool = False
    """Allow an address that other machines can reach, without keys. Anyone who reaches it can then feed the learner."""
    key: str = ""
    """File of the daemon's secret key, made by `streamer keys new`. With it all that producers send and get is
    encrypted, and only the keys in `transport.allow` get in; empty is neither."""
    allow: Annotated[str, Field(validate_default=True, json_schema_extra=LIVE)] = ""
    """File of the public keys that may feed streams, one a line, each with the stream names it may feed (`hall-*`;
    none is all). Read again on SIGHUP."""
    listen: Annotated[str, AfterValidator(checked_endpoint)] = "tcp://127.0.0.1:15577"
    """The ZeroMQ address that the daemon binds. Loopback, for without keys anyone who reaches it can feed the
    learner."""
    window: Annotated[int, Field(ge=1, le=1_000_000)] = 16_384
    """Samples a producer may be ahead of the learner, a stream. Bounds the daemon's memory; large enough that a
    producer never waits for a round trip."""
    session_seconds: Annotated[float, Field(ge=3, le=3600, json_schema_extra=LIVE)] = 10.0
    """Silence after which a producer is taken for dead and its stream is free for another. At least 3, for a producer
    that has nothing to send is heard once a second."""
    subscribe: Annotated[tuple[str, ...], BeforeValidator(_one_or_more), NoDecode] = ()
    """PUB feeds to learn from, best effort: what they lose is counted, and lost. Feeds are not
    encrypted: an address that others can reach needs `insecure`. In a variable, addresses are separated by commas."""

    publish: str = ""
    """Address of a PUB socket for predictions, one JSON message each with the stream's name as topic, as they are made;
    empty is none. Not encrypted, and who is slow misses some: an address that others can reach needs `insecure`."""

    @field_validator("allow")
    @classmethod
    def _need_each_other(cls, allow: str, info: ValidationInfo) -> str:
        key = info.data.get("key", "")
        if key and not allow:
            raise ValueError("missing, though transport.key is set; do this: give the file of the keys that may enter")
        if allow and not key:
            raise ValueError(f"got {allow!r} without a key of the daemon's; do this: set transport.key as well")
        return allow

    @field_validator("listen")
    @classmethod
    def _refuse_the_network(cls, listen: str, info: ValidationInfo) -> str:
        if not info.data.get("insecure") and not info.data.get("key") and not is_loopback(listen):
            raise ValueError(
                f"got {listen!r}, which other machines can reach without a key; do this: "
                "make keys with `streamer keys new` and set transport.key and transport.allow, "
                "or listen on 127.0.0.1, or set transport.insecure = true if the network is yours alone"
            )
        return listen

    @field_validator("publish")
    @classmethod
    def _keep_at_home(cls, publish: str, info: ValidationInfo) -> str:
        if publish and not info.data.get("insecure") and not is_loopback(checked_endpoint(publish)):
            raise ValueError(
                f"got {publish!r}, where others can read predictions; do this: "
                "publish on 127.0.0.1, or set transport.insecure = true if the network is yours alone"
            )
        return publish

    @field_validator("subscribe")
    @classmethod
    def _refuse_strangers(cls, subscribe: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        for feed in map(checked_feed, subscribe):
            if not info.data.get("insecure") and not is_loopback(feed):
                raise ValueError(
                    f"got {feed!r}, on whose way here others can publish without a key; do this: "
                    "subscribe on 127.0.0.1, or set transport.insecure = true if the network is yours alone"
                )
        if len(set(subscribe)) < len(subscribe):
            raise ValueError(f"got {', '.join(subscribe)}, a feed twice; do this: give each feed once")
        return subscribe


class StreamsSettings(Group):
    """How many streams one daemon serves, and how long they may wait for labels."""

    limit: Annotated[int, Field(ge=1, le=10_000, json_schema_extra=LIVE)] = 16
    """Streams, each with its own learner. One more is refused: names come from the network, memory is bounded."""
    label_horizon: Annotated[int, Field(ge=1, le=1_000_000)] = 65_536
    """Events after a sample within which its label may come late; later ones are refused and counted. Costs 12 bytes
    of memory each for a stream that has samples without labels, besides what it takes to learn from them later."""
    default_label: float | None = None
    """The target of a sample whose label has not come within `label_horizon`, as "not clicked" is 0; by default there
    is none, and such a sample is never learned."""


class ScoresSettings(Group):
    """What the accuracy is taken over."""

    window: Annotated[int, Field(ge=1, le=100_000, json_schema_extra=STRUCTURAL)] = 1000
    """Samples in the sliding window of the windowed accuracy and loss."""
    fading: Annotated[float, Field(gt=0, lt=1, json_schema_extra=STRUCTURAL)] = 0.999
    """Factor by which the fading accuracy forgets at each sample; 0.999 looks back about 1,000 samples."""


class TelemetrySettings(Group):
    """Where metrics, health and status are served."""

    host: str = "127.0.0.1"
    """Address of the HTTP server. It has no login: put a proxy in front before opening it."""
    port: Annotated[int, Field(ge=0, le=65535)] = 19377
    """Port of the HTTP server; 0 takes a free one. Outside 9100-9999, which other exporters have taken."""


class CheckpointsSettings(Group):
    """Where and how often the whole state goes to disk."""

    directory: Annotated[str, Field(min_length=1)] = "checkpoints"
    """Directory of the checkpoints, one folder a stream; created if missing, relative to where the daemon starts."""
    interval_seconds: Annotated[float, Field(gt=0, le=86_400, json_schema_extra=LIVE)] = 10.0
    """Seconds between checkpoints. After a crash at most this much work is done again; nothing is lost."""
    keep: Annotated[int, Field(ge=2, le=1000, json_schema_extra=LIVE)] = 3
    """Checkpoints kept of each stream. At least 2: what the second newest covers is what producers may forget."""


class Settings(BaseSettings):
    """The whole configuration."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        env_prefix="STREAMER_",
        env_nested_delimiter="__",
    )

    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    """Seed of every stream's first weights. Without effect on a stream that goes on from a checkpoint."""
    predictor: Annotated[Literal["learner", "committee"], Field(json_schema_extra=STRUCTURAL)] = "learner"
    """What each stream gets: `learner`, one network of the settings below; `committee`, several networks, linear
    models, neighbours and simple rules, and a mixture of what they say. Of `learner.*` a committee takes `task`,
    `inputs`, `classes`, `horizons`, `coverage` and `engine`."""
    learner: LearnerSection = LearnerSection()
    committee: CommitteeChoices = CommitteeChoices()
    transport: TransportSettings = TransportSettings()
    streams: StreamsSettings = StreamsSettings()
    scores: ScoresSettings = ScoresSettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    checkpoints: CheckpointsSettings = CheckpointsSettings()

    def committee_settings(self) -> CommitteeSettings:
        """What a committee is made for here."""
        learner = self.learner
        return CommitteeSettings(
            task=learner.task,
            inputs=learner.inputs,
            classes=learner.classes,
            horizons=learner.horizons if learner.task == "forecast" else (1,),
            coverage=learner.coverage,
            **self.committee.model_dump(),
        )

    def structure(self) -> dict[str, object]:
        """What must be as it was for a stream to go on from its checkpoint, by the names of settings."""
        scores = {"scores.window": self.scores.window, "scores.fading": self.scores.fading}
        if self.predictor == "learner":
            return {f"learner.{name}": value for name, value in self.learner.structure().items()} | scores
        own = self.committee_settings().structure()
        groups = {name: "committee" if name in CommitteeChoices.model_fields else "learner" for name in own}
        named = {f"{groups[name]}.{name}": value for name, value in own.items()}
        return {"predictor": "committee"} | named | scores
