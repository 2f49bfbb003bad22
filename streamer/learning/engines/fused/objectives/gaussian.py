"""Normal likelihood, of each target a mean μ and a log-variance s; predicted are μ and σ² = e^s.

    L = σ^(2β) ½ (s + (y − μ)² / σ²),  the factor without slope, β = ½ (Seitzer et al. 2022)
    ∂L/∂μ = (μ − y) / σ,  ∂L/∂s = ½ (σ − (y − μ)² / σ)

With β = 0, the plain likelihood, an easy target would push the mean 1/σ² times as hard as a difficult one. s is held
within ±LOG_VARIANCE_LIMIT; beyond it a slope is followed only on the way back.
"""

import math
from typing import Any

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.net import Net, get, put
from streamer.learning.network import LOG_VARIANCE_LIMIT as LIMIT


@kernel
def predict(net: Net, counts: Any) -> None:
    """The means (M,), then the variances (M,)."""
    for m in range(net.targets):
        put(net, net.predictions + m, get(net, net.logits + m))
        s = min(max(get(net, net.logits + net.targets + m), -LIMIT), LIMIT)
        put(net, net.predictions + net.targets + m, math.exp(s))


@kernel
def _slopes(net: Net, m: int, y: float) -> None:
    """Those of one target's mean and log-variance."""
    s = get(net, net.logits + net.targets + m)
    error = get(net, net.predictions + m) - y
    deviation = math.sqrt(get(net, net.predictions + net.targets + m))
    slope = 0.5 * (deviation - error * error / deviation)
    if (s >= LIMIT and slope < 0) or (s <= -LIMIT and slope > 0):
        slope = 0.0
    put(net, net.output_slopes + m, error / deviation)
    put(net, net.output_slopes + net.targets + m, slope)


@kernel
def slopes(net: Net, counts: Any, y: Any) -> bool:
    """The slopes of the targets that have a label in y (M,); whether any has."""
    labelled = False
    for m in range(net.targets):
        if y[m] == y[m]:
            labelled = True
            _slopes(net, m, y[m])
    return labelled
