"""Random numbers by name. Scalars for kernels (u64, u01, u24, ...), arrays for numpy, `Draws` for the model."""

from sim.draws.choice import choose_by_logit
from sim.draws.mixer import (
    gamma_scalar,
    log_spread,
    lognormal_unit_mean,
    poisson_scalar,
    quick_normal,
    std_normal,
    stream_key,
    u01,
    u24,
    u64,
)
from sim.draws.stream import (
    Draws,
    decision_key,
    float_uniforms,
    gamma_unit_mean,
    log_spreads,
    lognormal_quantiles,
    poisson,
    row_keys,
    std_normals,
)

__all__ = [
    "Draws",
    "choose_by_logit",
    "decision_key",
    "float_uniforms",
    "gamma_scalar",
    "gamma_unit_mean",
    "log_spread",
    "log_spreads",
    "lognormal_quantiles",
    "lognormal_unit_mean",
    "poisson",
    "poisson_scalar",
    "quick_normal",
    "row_keys",
    "std_normal",
    "std_normals",
    "stream_key",
    "u01",
    "u24",
    "u64",
]
