"""What a calibration leaves behind: the set of assumptions it ships, its samples, and the page that tells of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from sim import MODEL_VERSION
from sim.base.text import Message, counted, pick, say
from sim.catalogue import assumptions
from sim.catalogue.targets import Target, calibration
from sim.experiment.calibrate import Calibrated
from sim.experiment.calibrate_runs import column
from sim.experiment.calibrate_targets import implausibility
from sim.experiment.environment import source_hash
from sim.scenario.calibrated_set import catalogue_hash
from sim.scenario.page import Page

NAME = "calibrated"
TITLE = {"en": "Assumptions calibrated on the reference community", "zh": "在参照社区上校准的假设"}
PINNED, OPEN = 0.6, 0.9
LOADING = 0.3
DEEPEST = 4


def write_set(found: Calibrated, folder: Path) -> tuple[Path, Path]:
    """Write `calibrated.yaml` and `calibrated.parquet` into a folder of assumption sets; returns both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    samples = folder / f"{NAME}.parquet"
    frame = pl.DataFrame(found.samples).with_columns(
        pl.Series(
            "implausibility", [implausibility(f, calibration().fitted, found.luck) for f in found.findings]
        ),
        *(pl.Series(f"found.{t.id}", column(found.findings, t.statistic)) for t in calibration().targets),
    )
    frame.write_parquet(samples)
    path = folder / f"{NAME}.yaml"
    write_lines(document(found), path)
    return path, samples


def write_lines(block: dict[str, Any], path: Path) -> None:
    """Write a set's document as its file."""
    path.write_text("\n".join(_lines(block)) + "\n", encoding="utf-8")


def _lines(block: dict[str, Any], indent: str = "") -> list[str]:
    """Return a block as YAML, one entry a line; entries of two levels down are written in flow style, which is JSON."""
    lines: list[str] = []
    for key, value in block.items():
        if isinstance(value, dict) and len(indent) < DEEPEST:
            lines += [f"{indent}{key}:", *_lines(value, indent + "  ")]
        else:
            lines.append(f"{indent}{key}: {json.dumps(value, ensure_ascii=False)}")
    return lines


def document(found: Calibrated) -> dict[str, Any]:
    """Return the set as a document of the scenario language."""
    return {
        "kind": "assumptions",
        "id": NAME,
        "title": TITLE,
        "note": "Written by `shequ calibrate`. What is not named here keeps its catalogue value and range.",
        "values": {name: _value(found, name) for name in sorted(found.fitted)},
        "samples": f"{NAME}.parquet",
        "calibration": provenance_of(found),
    }


def _value(found: Calibrated, name: str) -> dict[str, Any]:
    values = np.array([s[name] for s in found.samples])
    middle = found.centre[name]
    low, high = (float(f"{q:.4g}") for q in np.quantile(values, [0.05, 0.95]))
    value = float(f"{middle:.4g}")
    range_ = [min(low, value), max(high, value)]
    return {"value": value, "range": range_, "derived": "fitted to the targets of calibration/targets.yaml"}


def provenance_of(found: Calibrated) -> dict[str, Any]:
    """Return how the set was made and what it does and does not say."""
    effort = found.effort
    return {
        "derived": "counted in the runs of the calibration",
        "model_version": MODEL_VERSION,
        "catalogue": catalogue_hash(),
        "source": source_hash(),
        "place": calibration().place["scenario"],
        "runs": {
            "screen": effort.trajectories * (len(found.screen.factors) + 1),
            "waves": effort.wave * effort.waves,
            "last": found.tried,
        },
        "seed": effort.seed,
        "accepted": len(found.samples),
        "cutoff": float(f"{found.cutoff:.3g}"),
        "within_three": found.within,
        "space_left": [float(f"{share:.3g}") for share in found.left],
        "fitted": list(found.fitted),
        "range_kept": {name: round(share, 2) for name, share in found.kept.items()},
        "directions": directions_record(found),
        "targets": {t.id: _of_target(found, t) for t in calibration().targets},
    }


def _of_target(found: Calibrated, target: Target) -> dict[str, Any]:
    said = {
        "use": target.use,
        "published": target.value,
        "within": target.within,
        **figures_of(target.statistic, found.findings, found.centre_findings),
    }
    if target.id in found.noise:
        said["luck"] = float(f"{found.luck[target.id]:.3g}")
        said["run_spread"] = float(f"{found.noise[target.id]:.3g}")
        said["reached"] = [float(f"{v:.4g}") for v in found.reachable[target.id]]
    return said


def figures_of(statistic: str, found: Sequence[dict[str, float]], centre: dict[str, float]) -> dict[str, Any]:
    """Return what accepted samples gave of one statistic: mean, 90 % interval, and what the set's own values give."""
    values = column(found, statistic)
    low, high = np.nanquantile(values, [0.05, 0.95])
    return {
        "mean": float(f"{np.nanmean(values):.4g}"),
        "interval": [float(f"{low:.4g}"), float(f"{high:.4g}")],
        "at_centre": float(f"{centre.get(statistic, float('nan')):.4g}"),
    }


def calibration_page(made: dict[str, Any]) -> Page:
    """Return a calibration's provenance as a page: what was fitted, how well, and what stays open."""
    page = Page(say("Calibration on the reference community"))
    runs = made["runs"]
    page.add(
        None,
        counted(
"{accepted} accepted sample of {last} run last; {screen} runs screened, {waves} in waves",
"{accepted} accepted samples of {last} run last; {screen} runs screened, {waves} in waves",
accepted=made["accepted"], last=runs["last"], screen=runs["screen"], waves=runs["waves"]
),
        say(
            "accepted: the sample's own run is within {cutoff:g} standard deviations of every fitted figure; "
            "within three: {within}",
            cutoff=made["cutoff"],
            within=made["within_three"],
        ),
        say("model version {version}, code {source}", version=made["model_version"], source=made["source"]),
        *_rechecked(made),
    )  # fmt: skip
    columns = [
        say("figure"),
        say("published"),
        say("accepted: mean [90 %]"),
        say("a run spreads by"),
        say("use"),
    ]
    by_id = {t.id: t for t in calibration().targets}
    rows = [_row(by_id[name], one) for name, one in made["targets"].items() if name in by_id]
    page.table(say("Figures"), columns, rows, spare=(3,))
    kept = [
        [assumptions()[name].text if name in assumptions() else name, name, f"{share:.0%}"]
        for name, share in sorted(made["range_kept"].items(), key=lambda pair: pair[1])
    ]
    page.table(say("Fitted parameters"), [say("assumption"), say("name"), say("spread kept")], kept)
    page.add(say("What the figures pin and what they leave open"), *directions_words(made))
    return page


def _rechecked(made: dict[str, Any]) -> list[Message]:
    """Return a sentence where the samples were searched with an earlier model and run again under this one."""
    again = made.get("rechecked")
    if not again:
        return []
    return [
        counted(
            "searched with model version {then}; of its {samples} sample {still} still matches when run again",
            "searched with model version {then}; of its {samples} samples {still} still match when run again",
            samples=again["samples"],
            then=again["searched_with_model"],
            still=again["still_match"],
        )
    ]


def _row(target: Target, one: dict[str, Any]) -> list[Any]:
    shown = f"{one['mean']:g} [{one['interval'][0]:g}, {one['interval'][1]:g}]"
    spread = f"{one['run_spread']:g}" if "run_spread" in one else ""
    use = say("fitted") if target.use == "fit" else say("only checked")
    return [target.text, f"{one['published']:g} ± {one['within']:g}", shown, spread, use]


def directions_words(made: dict[str, Any]) -> list[Message]:
    """Return sentences about the combinations that the targets pin best and least."""
    found = made.get("directions", [])
    pinned = [d for d in found if d["kept"] < PINNED][:4]
    open_ = [d for d in reversed(found) if d["kept"] > OPEN][:4]
    return [
        *(
            say("pinned to {kept} of its spread: {what}", kept=f"{d['kept']:.0%}", what=_combination(d))
            for d in pinned
        ),
        *(
            say("left open ({kept} of its spread): {what}", kept=f"{d['kept']:.0%}", what=_combination(d))
            for d in open_
        ),
    ]


def _combination(direction: dict[str, Any]) -> str:
    parts = [(n, w) for n, w in direction["of"].items() if abs(w) >= LOADING]
    return " ".join(f"{'+' if w >= 0 else '-'} {abs(w):.2f} {n}" for n, w in parts).removeprefix("+ ")


def directions_record(found: Calibrated) -> list[dict[str, Any]]:
    """Return the principal directions of the accepted samples as plain values."""
    return [
        {"kept": round(d.kept, 2), "of": {name: round(weight, 2) for name, weight in d.loadings}}
        for d in found.directions
    ]


def spoken_set(path: Path) -> Page:
    """Return the page of a shipped calibrated set."""
    from sim.scenario.documents import cached_documents

    made = cached_documents(path).documents[0].get("calibration")
    return calibration_page(made.plain()) if made is not None else Page(pick(TITLE))
