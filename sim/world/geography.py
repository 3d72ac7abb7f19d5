"""Where areas and blocks lie: streets are compact patches of areas, blocks fill the disc around an area's centre."""

from __future__ import annotations

import numpy as np

from sim.draws import Draws
from sim.scenario.frame import PlaceFrame


def area_centres(frame: PlaceFrame, density: float, draws: Draws) -> tuple[np.ndarray, np.ndarray]:
    """Return x, y of every area centre in km, float64 (n_areas,).

    Areas stand in frame order along a snake through a square grid sized by the population density, so that areas
    of one street are neighbours; a keyed jitter of up to a third of a cell keeps the map from looking ruled.
    """
    n = frame.n_areas
    side = int(np.ceil(np.sqrt(n)))
    cell = np.sqrt(frame.residents_of_area.sum() / density / n)
    order = np.arange(n)
    row, column = order // side, order % side
    column = np.where(row % 2 == 1, side - 1 - column, column)
    jitter_x = (draws.uniforms("populate.area_x", 0, order.astype(np.uint64)) - 0.5) * 0.66
    jitter_y = (draws.uniforms("populate.area_y", 0, order.astype(np.uint64)) - 0.5) * 0.66
    return (column + 0.5 + jitter_x) * cell, (row + 0.5 + jitter_y) * cell


def block_positions(
    area: np.ndarray, block_id: np.ndarray, x: np.ndarray, y: np.ndarray, radius: np.ndarray, draws: Draws
) -> tuple[np.ndarray, np.ndarray]:
    """Return x, y of every block in km: uniform on the disc of its area's radius (n_areas,) around the centre."""
    angle = 2 * np.pi * draws.uniforms("populate.block_angle", 0, block_id)
    reach = radius[area] * np.sqrt(draws.uniforms("populate.block_reach", 0, block_id))
    return x[area] + reach * np.cos(angle), y[area] + reach * np.sin(angle)
