"""Places in the array of counts."""

SAMPLES, UPDATES, SKIPPED, CLASSES = range(4)
"""The last: places of classes that targets have found."""
