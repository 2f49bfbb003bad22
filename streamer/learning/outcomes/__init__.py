"""What a task makes of targets and outputs: from a target to what the network learns, from its output to a prediction.

One file a kind. No engine is known here.
"""
