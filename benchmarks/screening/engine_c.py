"""The limit: C by hand, one loop a measure over the columns, compiled with gcc -O3."""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from pathlib import Path

from flat_measures import FIELDS, FlatMeasure
from population import load
from printing import C, names_in
from task import Act, Task, Totals, in_threads
from whole_numbers import whole

_HEAD = """
#include <stdint.h>
static inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t greatest(int64_t a, int64_t b) { return a > b ? a : b; }
"""
_TYPES = {
    "yes_no": "uint8_t",
    "date": "int32_t",
    "choice": "int32_t",
    "industry": "int32_t",
    "region": "int32_t",
}
_NAMES = list(FIELDS)


def _source(measure: FlatMeasure, with_unknown: bool) -> str:
    """Return one function: `columns` in the order of the fields, then what is known of each."""
    amount = measure.amount
    used = sorted(frozenset().union(names_in(amount), *map(names_in, measure.when)) | {"region"})
    lines = []
    for name in used:
        kind = _TYPES.get(FIELDS[name].kind, "int64_t")
        place = _NAMES.index(name)
        lines.append(f"const {kind} *restrict {name} = columns[{place}];")
        if with_unknown and name != "region":
            lines.append(f"const uint8_t *restrict known_{name} = columns[{len(_NAMES) + place}];")
    pay = f"fen[region[i]] += {C.number(amount)};"
    if not with_unknown:
        test = " && ".join(C.condition(each) for each in measure.when)
        body = f"if ({test}) {{ eligible[region[i]]++; {pay} }}"
    else:

        def known(name: str) -> str:
            return "1" if name == "region" else f"known_{name}[i]"

        planes = [C.planes(each, known) for each in measure.when]
        fails = " || ".join(no for _, no in planes)
        holds = " && ".join(yes for yes, _ in planes)
        sure = " && ".join(known(name) for name in sorted(names_in(amount)))
        body = f"if ({fails}) continue; if ({holds}) {{ eligible[region[i]]++; if ({sure}) {pay} }} else open[region[i]]++;"
    declared = "\n  ".join(lines)
    return (
        f"void measure_{measure.number}(void **columns, int64_t first, int64_t stop, int64_t *restrict eligible, "
        f"int64_t *restrict open, int64_t *restrict fen) {{\n  {declared}\n"
        f"  for (int64_t i = first; i < stop; i++) {{ {body} }}\n}}\n"
    )


def prepared(task: Task) -> Act:
    """Compile, load the columns, return what screens them. `options.rows`: all measures over so many firms at a time."""
    firms = load(task.at / "columns", task.words)
    measures = [whole(each, task.words) for each in task.flat()]
    source = _HEAD + "".join(_source(each, task.unknown > 0) for each in measures)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "measures.c"
        path.write_text(source, encoding="utf-8")
        command = [
            "gcc",
            *task.options.get("flags", "-O3").split(),
            "-shared",
            "-fPIC",
            "-o",
            f"{folder}/measures.so",
            str(path),
        ]
        subprocess.run(command, check=True)
        library = ctypes.CDLL(f"{folder}/measures.so")
    functions = [getattr(library, f"measure_{each.number}") for each in measures]
    for function in functions:
        function.argtypes = [ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64] + [ctypes.c_void_p] * 3
        function.restype = None
    pointers = (ctypes.c_void_p * (2 * len(_NAMES)))()
    for place, name in enumerate(_NAMES):
        pointers[place] = firms.values[name].ctypes.data
        if name in firms.known:
            pointers[len(_NAMES) + place] = firms.known[name].ctypes.data
    rows = int(task.options.get("rows", task.firms))

    def share(first: int, stop: int) -> Totals:
        made = Totals.none(task)
        places = [
            tuple(each[number].ctypes.data for each in (made.eligible, made.undetermined, made.fen))
            for number in range(len(functions))
        ]
        for begin in range(first, stop, rows):
            end = min(begin + rows, stop)
            for function, place in zip(functions, places, strict=True):
                function(pointers, begin, end, *place)
        return made

    def act(_keep: object = firms) -> Totals:
        return in_threads(task, share)

    return act
