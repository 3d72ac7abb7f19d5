"""Files written by hand to be refused: what nobody would find by damaging a good file at random.

Each has a name, what it holds, the line that must be named and words of the message.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bad:
    """One bad file. line 0: any line will do, because the file as a whole is wrong."""

    name: str
    content: bytes
    line: int
    said: str


def text(name: str, content: str, line: int, said: str) -> Bad:
    """Make a bad file from text."""
    return Bad(name, content.encode("utf-8"), line, said)


HEAD = "kind: scenario\nid: small\ntitle: small\nplace: reference_community\n"
RUN = "run: {start: 2012-01, months: 24}\n"


def scenario(name: str, more: str, line: int, said: str) -> Bad:
    """Make a scenario with something wrong from line 5 on."""
    return text(name, f"{HEAD}{more}\n{RUN}", line, said)


def reforms(name: str, bodies: str, line: int, said: str, uses: str = "[one]") -> Bad:
    """Make a scenario with reforms of its own after it; they begin in line 8."""
    return text(name, f"{HEAD}reforms: {uses}\n{RUN}---\n{bodies}", line, said)


LAUGHS = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 10)}]\n" for i in range(8)
)
MAPS = "a: &a {x: 1, y: 2}\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} {{p: *{chr(97 + i)}, q: *{chr(97 + i)}}}\n" for i in range(20)
)
REFORM = "kind: reform\nid: one\ntitle: one\nfrom: 2012-06\n"

UNREADABLE = (
    Bad("empty", b"", 1, "holds no document"),
    Bad("blanks only", b"  \n\n   \n", 1, "holds no document"),
    Bad("comments only", b"# nothing\n# at all\n", 1, "holds no document"),
    Bad("document marks only", b"---\n---\n...\n", 1, "holds no document"),
    Bad("zero bytes", b"\x00" * 512, 1, "control character"),
    Bad("random bytes", bytes(range(128, 256)) * 8, 1, "not UTF-8"),
    Bad("a picture", b"\x89PNG\r\n\x1a\n" + b"\x00\xff" * 60, 1, "not UTF-8"),
    Bad("a zip", b"PK\x03\x04" + b"\x00" * 30 + b"\xfe", 1, "not UTF-8"),
    Bad("GBK", (HEAD + "note: 社区居民自治\n").encode("gbk"), 5, "not UTF-8"),
    Bad("Big5", (HEAD + "note: 社區居民自治\n").encode("big5"), 5, "not UTF-8"),
    Bad("UTF-16", (HEAD + RUN).encode("utf-16"), 1, "not UTF-8"),
    Bad("UTF-16 without a mark", (HEAD + RUN).encode("utf-16-le"), 1, "control character"),
    Bad("UTF-32", (HEAD + RUN).encode("utf-32"), 1, "not UTF-8"),
    Bad("Latin-1", "kind: scenario\nnote: café\n".encode("latin-1"), 2, "not UTF-8"),
    Bad("half a Chinese character", (HEAD + "note: 社").encode()[:-1], 5, "not UTF-8"),
    Bad("a lone surrogate", b"kind: scenario\nnote: \xed\xa0\x80\n", 2, "not UTF-8"),
    Bad("huge", (HEAD + RUN).encode() + b"# \xe7\xa4\xbe\xe5\x8c\xba\n" * 60_000, 0, "a file may have"),
    Bad("huge in one line", b"note: '" + b"a" * 2_000_000 + b"'\n", 0, "a file may have"),
    text("many values", "a: [" + "1, " * 70_000 + "1]\n", 1, "more than"),
    text("many documents", "--- {}\n" * 40_000, 0, "documents"),
    text("many aliases of a word", "a: &a x\nb: [" + "*a, " * 70_000 + "*a]\n", 2, "more than"),
    text("exploding anchors", LAUGHS, 0, "more than"),
    text("exploding mappings", MAPS, 0, "more than"),
    text("an anchor inside itself", "a: &a [*a]\n", 1, "points to nothing complete"),
    text("an anchor inside itself, deep", "a: &a {b: {c: [*a]}}\n", 1, "points to nothing complete"),
    text("an alias to nothing", "kind: scenario\na: *b\n", 2, "points to nothing complete"),
    text("an alias across documents", "a: &a 1\n---\nb: *a\n", 3, "points to nothing complete"),
    text("deep lists", "a: " + "[" * 200 + "]" * 200 + "\n", 1, "nested deeper"),
    text("deep mappings", "{a: " * 2000 + "1" + "}" * 2000 + "\n", 1, "nested deeper"),
    text("deep by indentation", "".join(" " * i + "a:\n" for i in range(200)), 0, "nested deeper"),
    text("deeper than the stack", "[" * 50_000, 1, "nested deeper"),
    text("a tab", "kind: scenario\n\tid: a\n", 2, "not readable"),
    text("a tab in a list", "a:\n\t- 1\n", 2, "not readable"),
    text("an object of Python", "a: !!python/object:os.system x\n", 1, "tags are not allowed"),
    text("a call of Python", "a: !!python/object/apply:os.system ['true']\n", 1, "tags are not allowed"),
    text("a name of Python", "a: !!python/name:os.system\n", 1, "tags are not allowed"),
    text("a tag of our own", "a: !place {b: 1}\n", 1, "tags are not allowed"),
    text("a tag of YAML", "a: !!binary aGVsbG8=\n", 1, "tags are not allowed"),
    text("a set", "a: !!set {b, c}\n", 1, "tags are not allowed"),
    text(
        "a merge key", f"{HEAD}base: &b {{months: 24}}\nrun: {{<<: *b, start: 2012-01}}\n", 5, "unknown key"
    ),
    text("a directive", "%YAML 9.9\n---\na: 1\n", 1, "not readable"),
    text("a list as key", "? [1, 2]\n: 3\n", 1, "a key must be a word"),
    text("a mapping as key", "? {a: 1}\n: 3\n", 1, "a key must be a word"),
    text("an open quote", "kind: scenario\nid: 'x\n", 0, "not readable"),
    text("an open list", "kind: scenario\nid: [x\n", 0, "not readable"),
    text("an open block", "kind: {\n", 0, "not readable"),
    text("a closing bracket alone", "kind: scenario\n]\n", 2, "not readable"),
    text("indentation that leaves", "a:\n    b: 1\n  c: 2\n", 3, "not readable"),
    text("a colon too many", "kind: scenario: x\n", 1, "not readable"),
    text("a bell", "kind: scenario\nid: \x07\n", 2, "control character"),
    text("an escape sequence", "kind: scenario\nid: \x1b[31mred\n", 2, "control character"),
    text("a marker that turns text round", "kind: scenario\nid: a\u202eb\n", 2, "invisible"),
    text("an invisible joiner", "kind: scen\u200bario\nid: a\n", 1, "invisible"),
    text("a no-break space for a blank", "kind:\u00a0scenario\n", 1, "`kind` says what"),
    text(
        "Windows line ends and a slip",
        "kind: scenario\r\nid: small\r\nplaec: x\r\n",
        3,
        "did you mean `place`",
    ),
    text("full-width colon", "kind： scenario\nid: small\n", 2, ""),
    text("JSON with a comment", '{"kind": "scenario", // a\n "id": "small"}\n', 0, ""),
    text("a bare word", "scenario\n", 1, "`kind` says what"),
    text("a bare number", "12\n", 1, "`kind` says what"),
    text("a list of documents", "- {kind: scenario}\n- {kind: place}\n", 1, "`kind` says what"),
    text("a kind that is none", "kind: scenarios\nid: a\n", 1, "did you mean `scenario`"),
    text("a kind that is a block", "kind: {scenario: a}\nid: a\n", 1, "`kind` says what"),
    text("HTML", "<!doctype html><html><body>404</body></html>\n", 1, "`kind` says what"),
    text("a second document that is none", f"{HEAD}{RUN}---\nhello\n", 7, "`kind` says what"),
)

REFERENCES = (
    scenario("extends itself", "extends: small", 5, "inherits from itself"),
    text(
        "extends in a ring",
        f"{HEAD}extends: b\n{RUN}---\nkind: scenario\nid: b\nextends: small\n",
        0,
        "inherits from itself",
    ),
    scenario("extends nothing", "extends: reference_comunity", 5, "did you mean `reference_community`"),
    scenario("extends a parent folder", "extends: ../reference_community", 5, "no scenario is called"),
    scenario("extends an absolute path", "extends: /etc/passwd", 5, "no scenario is called"),
    scenario("extends a number", "extends: 12", 5, "no scenario is called"),
    scenario("extends a list", "extends: [a, b]", 5, "short name"),
    text(
        "a place out of the folder",
        "kind: scenario\nid: a\ntitle: a\nplace: ../../secret\n" + RUN,
        4,
        "short name",
    ),
    text(
        "a place by absolute path",
        "kind: scenario\nid: a\ntitle: a\nplace: /etc/hosts\n" + RUN,
        4,
        "short name",
    ),
    text("a place by URL", "kind: scenario\nid: a\ntitle: a\nplace: https://a.b/c\n" + RUN, 4, "short name"),
    text("no place", f"kind: scenario\nid: a\ntitle: a\n{RUN}", 1, "`place` is missing"),
    text("no run", HEAD, 1, "`run` is missing"),
    text("no title", "kind: scenario\nid: a\nplace: reference_community\n" + RUN, 1, "`title` is missing"),
    scenario(
        "a reform nobody wrote",
        "reforms: [abolish_street_tongling]",
        5,
        "did you mean `abolish_streets_tongling`",
    ),
    scenario("a reform out of the folder", "reforms: [../x]", 5, "no reform is called"),
    scenario("a reform twice", "reforms: [admission_gate_jianye, admission_gate_jianye]", 5, "stands twice"),
    scenario("a reform that is a place", "reforms: [tongguanshan_2010]", 5, "no reform is called"),
    scenario(
        "values for a reform not used",
        "with: {admission_gate_jianye: {a: 1}}",
        5,
        "no reform of this scenario",
    ),
    scenario("assumptions nobody wrote", "assumptions: calibratd", 5, "did you mean `calibrated`"),
    scenario(
        "an assumption nobody has",
        "assumptions: {routing.misroted_share: 0.3}",
        5,
        "did you mean `routing.misrouted_share`",
    ),
    scenario("an assumption out of range", "assumptions: {routing.misrouted_share: 0.9}", 5, "[0.2, 0.4]"),
    scenario(
        "an assumption that is a word",
        "assumptions: {routing.misrouted_share: often}",
        5,
        "expected a number",
    ),
    scenario(
        "evidence nobody has",
        "changes: [{set: {protected_share: 0.1}, evidence: [tongling.merged]}]",
        5,
        "did you mean `tongling.merge`",
    ),
    scenario("a law that is none", "law_version: 1990", 5, "one of: 1989, 2026"),
    scenario("an unknown key", "reform: [admission_gate_jianye]", 5, "did you mean `reforms`"),
    scenario(
        "a lever nobody has", "changes: [{set: {protected_shre: 0.1}}]", 5, "did you mean `protected_share`"
    ),
    scenario(
        "a group nobody made", "changes: [{set: {protected_share: 0.1}, where: pilot}]", 5, "unknown group"
    ),
    scenario(
        "groups in a ring",
        "groups: {a: b, b: a}\nchanges: [{set: {protected_share: 0.1}, where: a}]",
        0,
        "made of itself",
    ),
    scenario(
        "a clause after nothing",
        "changes: [{set: {protected_share: 0.1}, after: stations}]",
        5,
        "no earlier clause",
    ),
)

DATES = (
    scenario(
        "a change before the start",
        "changes: [{set: {protected_share: 0.1}, at: 2011-12}]",
        5,
        "before the first reported month",
    ),
    scenario(
        "an end before the beginning",
        "changes: [{set: {protected_share: 0.1}, until: 2011-01}]",
        5,
        "ends before it begins",
    ),
    scenario(
        "a window turned round",
        "changes: [{set: {protected_share: 0.1}, at: {not_before: 2012-09, not_after: 2012-03, assumed: x}}]",
        5,
        "before",
    ),
    scenario(
        "a date by hazard without reason",
        "changes: [{set: {protected_share: 0.1}, until: {hazard_per_year: 0.1}}]",
        5,
        "`assumed` is missing",
    ),
    scenario(
        "a span that is none", "changes: [{add: {protected_share: 0.1}, over: a while}]", 5, "length of time"
    ),
    scenario(
        "a span of no time",
        "changes: [{add: {protected_share: 0.1}, over: 0 months}]",
        5,
        "length of time in",
    ),
    scenario(
        "a span beyond a lifetime",
        "changes: [{add: {protected_share: 0.1}, over: 9999999999 years}]",
        5,
        "length of time in",
    ),
    text("a start in another age", f"{HEAD}run: {{start: 1066-10, months: 24}}\n", 5, "1949"),
    text(
        "a start in Chinese digits",
        f"{HEAD}run: {{start: ２０１２-01, months: 24}}\n",
        5,
        "did you mean `2012-01`",
    ),
    text("no months", f"{HEAD}run: {{start: 2012-01, months: 0}}\n", 5, "length of time"),
    text("months without end", f"{HEAD}run: {{start: 2012-01, months: 1201}}\n", 5, "length of time"),
    text(
        "a spin-up below nothing",
        f"{HEAD}run: {{start: 2012-01, spin_up: -3, months: 24}}\n",
        5,
        "length of time",
    ),
    text(
        "a window outside the run",
        f"{HEAD}run: {{start: 2012-01, months: 24, windows: {{late: [48, 60]}}}}\n",
        5,
        "window",
    ),
    text(
        "a window turned round in the run",
        f"{HEAD}run: {{start: 2012-01, months: 24, windows: {{late: [20, 10]}}}}\n",
        5,
        "window",
    ),
    text(
        "a window of three",
        f"{HEAD}run: {{start: 2012-01, months: 24, windows: {{late: [1, 2, 3]}}}}\n",
        5,
        "window",
    ),
    text("pairs below nothing", f"{HEAD}run: {{start: 2012-01, months: 24, pairs: -5}}\n", 5, "whole number"),
    text("half a pair", f"{HEAD}run: {{start: 2012-01, months: 24, pairs: 2.5}}\n", 5, "whole number"),
    text(
        "a measure misspelt",
        f"{HEAD}run: {{start: 2012-01, months: 24, primary: [wait.medain]}}\n",
        5,
        "did you mean `wait.median`",
    ),
    text("no outcome", f"{HEAD}run: {{start: 2012-01, months: 24, primary: []}}\n", 5, "at least 1"),
    text(
        "an outcome twice",
        f"{HEAD}run: {{start: 2012-01, months: 24, primary: [wait.median, wait.median]}}\n",
        5,
        "twice",
    ),
    text(
        "a way of recording that is none",
        f"{HEAD}run: {{start: 2012-01, months: 24, record: all}}\n",
        5,
        "one of",
    ),
)

CONFLICTS = (
    scenario(
        "two values for one lever",
        "changes: [{id: a, set: {protected_share: 0.1}}, {id: b, set: {protected_share: 0.2}}]",
        5,
        "",
    ),
    reforms(
        "two reforms, one lever",
        f"{REFORM}changes: [{{set: {{protected_share: 0.1}}}}]\n---\nkind: reform\nid: two\ntitle: two\nfrom: 2012-06\nchanges: [{{set: {{protected_share: 0.3}}}}]\n",
        0,
        "",
        "[one, two]",
    ),
    scenario(
        "two operations in one change",
        "changes: [{set: {protected_share: 0.1}, hire: {to: department, count: 1}}]",
        5,
        "one operation",
    ),
    scenario("no operation in a change", "changes: [{at: 2012-03}]", 5, "one operation"),
    scenario("a word scaled", "changes: [{scale: {admission.rule: 2}}]", 5, "needs a number"),
    scenario(
        "beyond bounds together",
        "changes: [{set: {protected_share: 0.4}}, {add: {protected_share: 0.2}, at: 2012-06}]",
        5,
        "reaches 0.6",
    ),
    scenario("fewer than one office", "changes: [{merge: {into: 0}}]", 5, "expected a"),
    scenario("more offices by merging", "changes: [{merge: {into: 5}}]", 5, "cannot be merged"),
    scenario(
        "people below nothing",
        "changes: [{hire: {to: residents_committee, count: -2}}]",
        5,
        "expected a number",
    ),
    scenario(
        "duties to an office that is not there",
        "changes: [{transfer_duties: {from: residents_committee, to: service_station, in: [security]}}]",
        5,
        "there is no",
    ),
    scenario(
        "payers that leave a gap",
        "changes: [{fund: {id: f, amount: 1000, per: total, to: residents_committee, payers: {district: 0.5}}}]",
        5,
        "sum to",
    ),
    scenario(
        "a payer that is no layer",
        "changes: [{fund: {id: f, amount: 1000, per: total, to: residents_committee, payers: {distrct: 1}}}]",
        5,
        "did you mean `district`",
    ),
    scenario(
        "a winner that is not in conflict", "resolve: [{lever: protected_share, winner: nobody}]", 5, ""
    ),
    scenario("a layer that is not there", "changes: [{remove_layer: {layer: city}}]", 5, "layer"),
    reforms("a reform without a change", f"{REFORM}changes: []\n", 12, "at least 1"),
    reforms(
        "a reform announced too late",
        f"{REFORM}announced: 2013-01\nchanges: [{{set: {{protected_share: 0.1}}}}]\n",
        12,
        "announced after",
    ),
    reforms(
        "a parameter without value",
        f"{REFORM}parameters: {{n: {{unit: share}}}}\nchanges: [{{set: {{protected_share: {{parameter: n}}}}}}]\n",
        12,
        "no default",
    ),
    reforms(
        "a parameter nobody declared",
        f"{REFORM}changes: [{{set: {{protected_share: {{parameter: n}}}}}}]\n",
        12,
        "unknown parameter",
    ),
    reforms(
        "a clause that needs nothing",
        f"{REFORM}changes: [{{id: a, set: {{protected_share: 0.1}}, needs: [b]}}]\n",
        12,
        "needs the clause",
    ),
)

NUMBERS = tuple(
    scenario(f"{written} for a share", f"changes: [{{set: {{protected_share: {written}}}}}]", 5, said)
    for written, said in (
        (".nan", "finite"), (".inf", "finite"), ("-.inf", "finite"), ("1e400", "finite"), ("-1", "[0, 0.5]"), ("1e300", "[0, 0.5]"),
        ("99999999999999999999999999", "finite"), ("10 %", "a number"), ("0,1", ""), ("'0.1'", "a number"), ("0x10", "a number"),
        ("0o7", "a number"), ("1_0", "a number"), ("½", "a number"), ("０.１", "did you mean `0.1`"), ("1/3", "a number"), ("1:30", "a number"),
        ("null", "a number"), ("true", "a number"), ("[0.1]", "a number"), ("{value: x}", "a number"), ("{value: 0.1, range: [0.2, 0.1]}", "range"),
        ("{value: 0.3, range: [0.0, 0.2]}", "must lie in its range"), ("{value: 0.1, range: [0.1]}", "two numbers"),
        ("{value: 0.1, range: [0, .inf]}", "finite"), ("{value: 0.1, unit: hours}", "the unit `share`"), ("{value: 0.1, vlaue: 0.2}", "unknown key"),
        ("{range: [0, 0.1]}", "a block with `value`"), ("{value: 0.1, of: some}", "one of"), ("${HOME}", ""), ("'{{ 7*7 }}'", "a number"),
        ("'%(x)s'", "a number"), ("'{0.__class__}'", "a number"), ("'{n}'", "a number"),
    )
)  # fmt: skip

TABLE = {
    "unreadable": UNREADABLE,
    "references": REFERENCES,
    "dates and runs": DATES,
    "conflicts": CONFLICTS,
    "numbers": NUMBERS,
}
