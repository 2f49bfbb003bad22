"""The learner as an estimator of River, the Python library for learning from streams: extra `river`.

May be used wherever River wants a classifier or a regressor; everything of River's own is imported here only.
"""

from streamer.errors import UnavailableError

try:
    from streamer.river.classifier import GRUClassifier
    from streamer.river.regressor import GRURegressor
except ModuleNotFoundError as error:
    if error.name is None or error.name.partition(".")[0] != "river":
        raise
    raise UnavailableError(
        "River's estimators are wanted, and River is not installed", remedy="install it: pip install 'streamer[river]'"
    ) from None

__all__ = ["GRUClassifier", "GRURegressor"]
