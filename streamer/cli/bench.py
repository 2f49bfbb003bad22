"""`streamer bench`: speed, reliability on tasks, scores on real data beside River's, the daemon's throughput."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from streamer.cli.bar import bar
from streamer.cli.options import Json
from streamer.cli.real import real

if TYPE_CHECKING:
    from streamer.bench.outcome import Row

application = typer.Typer(
    help="Measure the learner's speed, reliability and scores, and the daemon's throughput.", no_args_is_help=True
)


@application.command("learner")
def learner(
    samples: Annotated[int, typer.Option(min=1000, help="Samples a block, fused engine and C.")] = 100_000,
    few: Annotated[int, typer.Option(min=10, help="Samples of the reference engine, and single calls.")] = 1_000,
    repeats: Annotated[int, typer.Option(min=1, help="Times each case is measured; the median counts.")] = 5,
    as_json: Json = False,
) -> None:
    """Microseconds a sample of the engines, beside hand-written C; refuses to tell them if the engines disagree."""
    from streamer.bench.machine import machine_facts
    from streamer.bench.speed import measure_speed
    from streamer.bench.start import start_seconds
    from streamer.bench.tables import speed_table

    with bar() as progress:
        line = progress.add_task("measuring", total=1.0)
        rows = measure_speed(samples, few, repeats, lambda share: progress.update(line, completed=share))
        start = start_seconds(max(1, repeats // 2))
    if as_json:
        typer.echo(json.dumps({"machine": machine_facts(), "rows": [asdict(row) for row in rows], "start": start}))
        return
    typer.echo(speed_table(rows))
    typer.echo(
        f"\nfirst step of a fresh process: {start['cold_seconds']:.2f} s cold, {start['warm_seconds']:.2f} s warm"
    )
    typer.echo(", ".join(f"{name} {value}" for name, value in machine_facts().items()))


@application.command("tasks")
def tasks(
    seeds: Annotated[int, typer.Option(min=1, help="Seeds of each task.")] = 100,
    only: Annotated[list[str], typer.Option("--task", help="Only this task; may be given again.")] = [],  # noqa: B006
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
    as_json: Json = False,
) -> None:
    """Share of seeds that solve each task and hold it, samples to solve, and the rivals beside them."""
    from streamer.bench.machine import machine_facts
    from streamer.bench.suite import chosen, run_trial, steps_of
    from streamer.bench.tables import task_table

    trials = chosen(only)
    rows: list[Row] = []
    with bar() as progress:
        line = progress.add_task("", total=sum(map(steps_of, trials)))
        for trial in trials:
            progress.update(line, description=trial.task)
            rows += run_trial(trial, seeds, workers, lambda: progress.advance(line))
    if as_json:
        typer.echo(json.dumps({"machine": machine_facts(), "rows": [asdict(row) for row in rows]}))
    else:
        typer.echo(task_table(rows))


@application.command("transport")
def transport(
    samples: Annotated[int, typer.Option(min=1000, help="Samples a run; a third at one sample a message.")] = 500_000,
    repeats: Annotated[int, typer.Option(min=1, help="Times each case is measured; the median counts.")] = 5,
    as_json: Json = False,
) -> None:
    """Samples a second through a daemon, by transport and samples a message, beside the learner in process."""
    from streamer.app.throughput import measure_throughput
    from streamer.bench.machine import machine_facts
    from streamer.bench.tables import markdown

    with bar() as progress:
        line = progress.add_task("measuring", total=1.0)
        rows = measure_throughput(samples, repeats, lambda share: progress.update(line, completed=share))
    if as_json:
        typer.echo(json.dumps({"machine": machine_facts(), "rows": [asdict(row) for row in rows]}))
        return
    header = ["transport", "samples a message", "samples a second", "of in process"]
    cells = [[r.transport, str(r.batch), f"{r.samples_per_second:,.0f}", f"{r.ratio:.2f}"] for r in rows]
    typer.echo(markdown(header, cells))


@application.command("river")
def river(
    seeds: Annotated[int, typer.Option(min=1, help="Seeds of each model that draws from one.")] = 3,
    only: Annotated[list[str], typer.Option("--stream", help="Only this data set; may be given again.")] = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Scores and microseconds a sample on the data sets that come with River, its own models beside ours."""
    import streamer.river  # noqa: F401  # says what to do if River is not installed
    from streamer.bench.machine import machine_facts
    from streamer.bench.river import RiverRow, chosen, models_of, run_data_set, table

    sets = chosen(only)
    rows: list[RiverRow] = []
    with bar() as progress:
        line = progress.add_task("", total=sum(len(models_of(data.kind)) for data in sets))
        for data in sets:
            progress.update(line, description=data.name)
            rows += run_data_set(data, seeds, lambda: progress.advance(line))
    if as_json:
        typer.echo(json.dumps({"machine": machine_facts(), "rows": [asdict(row) for row in rows]}))
    else:
        typer.echo(table(rows))


application.command("real")(real)
