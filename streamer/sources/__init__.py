"""Where samples come from. A source is a replayable log: it gives any range of its numbered samples again.

May not know who reads it.
"""
