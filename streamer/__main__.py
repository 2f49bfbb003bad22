"""`python -m streamer` is the command `streamer`."""

from streamer.cli.main import main

main()
