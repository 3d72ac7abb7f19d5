"""How the dashboard looks: one style sheet. Contrast of every text is at least 4.5 to 1; nothing is said by colour alone."""

from __future__ import annotations

INK, QUIET, ACCENT, WARM = "#1c2733", "#4d5966", "#0b5f8a", "#b4531f"
STYLE = """
.v-application, .v-application--wrap { background: #f4f6f8; }
.shequ { font-family: "PingFang SC","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC",system-ui,sans-serif; color: #1c2733; width: 100%; max-width: 84rem; margin: 0 auto; padding: 1rem 1.25rem 3rem; }
.shequ h1 { font-size: 1.3rem; margin: 0; } .shequ h2 { font-size: 1.12rem; margin: .2rem 0 .4rem; } .shequ h3 { font-size: .98rem; margin: .9rem 0 .3rem; }
.shequ.shequ p, .shequ.shequ li { font-size: .9rem; line-height: 1.55; margin: .1rem 0; } .shequ.shequ ul { margin: 0; padding-left: 1.15rem; }
.shequ .quiet { color: #4d5966; } .shequ small { color: #4d5966; font-size: .8em; font-weight: 400; }
.shequ .note, .shequ .stale { padding: .5rem .8rem; margin: .4rem 0; border-radius: 0 4px 4px 0; background: #eef4f8; border-left: 4px solid #0b5f8a; }
.shequ .stale { background: #fdf1e7; border-left-color: #b4531f; white-space: pre-wrap; } .shequ ul.stale { padding-left: 2rem; } .shequ ul.stale:empty { display: none; }
.shequ table { border-collapse: collapse; width: 100%; font-size: .85rem; font-variant-numeric: tabular-nums; }
.shequ caption { text-align: left; font-weight: 600; padding: .3rem .5rem; }
.shequ th { text-align: left; border-bottom: 2px solid #8a94a0; padding: .3rem .5rem; vertical-align: bottom; }
.shequ td { border-bottom: 1px solid #e3e8ec; padding: .3rem .5rem; vertical-align: top; }
.shequ .wide { overflow-x: auto; } .shequ td.short { white-space: nowrap; } .shequ .card { border: 1px solid #d7dde2; border-radius: 8px; padding: .9rem 1.1rem; background: #fff; margin-bottom: .9rem; }
.shequ .assumed { border-style: dashed; background: #fbfaf6; } .shequ .inner { border: 1px solid #e3e8ec; border-radius: 6px; padding: .5rem .8rem; margin: .4rem 0; background: #fff; }
.shequ .inner.moved { border-left: 4px solid #b4531f; } .shequ .bar { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; } .shequ .apart { justify-content: space-between; }
.shequ .v-btn { text-transform: none; letter-spacing: 0; align-self: flex-start; } .shequ .v-btn:focus-visible, .shequ summary:focus-visible { outline: 2px solid #0b5f8a; outline-offset: 2px; }
.shequ .v-btn.v-btn--disabled.v-btn { color: #6b7580 !important; } .shequ .fold.v-btn { padding: 0 .3rem; color: #0b5f8a; }
.shequ .tabs { border-bottom: 1px solid #c9d1d8; margin: .7rem 0 1rem; gap: 0; } .shequ .tabs .v-btn { border: 0; border-radius: 0; border-bottom: 3px solid transparent; color: #1c2733; background: transparent; box-shadow: none; }
.shequ .tabs .v-btn.here { border-bottom-color: #0b5f8a; color: #0b5f8a; font-weight: 700; }
.shequ .side { display: grid; grid-template-columns: minmax(0,1.15fr) minmax(0,1fr); gap: 1rem; align-items: start; } .shequ .even { grid-template-columns: minmax(0,1fr) minmax(0,1fr); }
.shequ .sticky { position: sticky; top: .5rem; }
.shequ .forest { font-size: .86rem; font-variant-numeric: tabular-nums; }
.shequ .forest-head, .shequ .verdict > summary { display: grid; grid-template-columns: minmax(6rem,1fr) minmax(8.5rem,1.5fr) 224px minmax(2.6rem,.5fr); gap: .1rem .7rem; align-items: center; padding: .4rem .2rem .4rem 1.2rem; }
.shequ .forest-head { font-size: .76rem; color: #4d5966; border-bottom: 2px solid #8a94a0; } .shequ .verdict { border-bottom: 1px solid #e3e8ec; }
.shequ .verdict > summary { cursor: pointer; position: relative; list-style: none; } .shequ .verdict > summary:hover { background: #f4f8fa; } .shequ .verdict > summary::before { content: "▸"; position: absolute; left: .2rem; top: .45rem; color: #0b5f8a; } .shequ .verdict[open] > summary::before { content: "▾"; }
.shequ .verdict .what { grid-column: 1 / 4; } .shequ .verdict .grade { grid-column: 3 / 5; grid-row: 1; justify-self: end; text-align: right; } .shequ .verdict .what { grid-column: 1 / 3; grid-row: 1; }
.shequ .verdict > ul { background: #f4f8fa; padding: .5rem .8rem .5rem 2.2rem !important; } .shequ .verdict svg { max-width: 100%; }
.shequ svg .band { fill: #e4e8eb; } .shequ svg .zero { stroke: #6b7580; } .shequ svg .reach, .shequ svg polyline { stroke: #0b5f8a; stroke-width: 2.5; fill: none; } .shequ svg circle, .shequ svg polygon { fill: #0b5f8a; }
.shequ .grade.clear { font-weight: 700; } .shequ .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem,1fr)); gap: .6rem; }
.shequ .glance { display: grid; grid-template-columns: minmax(0,1fr) auto; gap: .15rem .8rem; font-size: .88rem; } .shequ .glance b { white-space: nowrap; }
.shequ .assumed > div, .shequ .assumed .v-sheet { background: transparent !important; }
@media (max-width: 1000px) { .shequ .side, .shequ .even { grid-template-columns: minmax(0,1fr); } .shequ .sticky { position: static; } }
"""
