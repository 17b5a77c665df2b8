"""Time the list of who is entitled to a measure over a synthetic file of many firms, with and without its index.

`python benchmarks/site/entitled.py FOLDER [FIRMS]`; each row is a process of its own, so that nothing was looked at before.
"""

import os
import subprocess
import sys
import time
import types
from pathlib import Path

COUNTIES = ["532501", "532502", "532503"]
CHARACTERS = "云岭虚构石榴米线餐饮服务有限公司蒙自个旧开远建水商贸科技加工食品文旅运输"


def make(path, firms):
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from huiqi.portal.screenings.list_index import write_index
    from huiqi.portal.screenings.store import GROUP, SCHEMA

    chance = np.random.default_rng(1)
    pool = ["".join(chance.choice(list(CHARACTERS), 10)) for _ in range(min(firms, 50_000))]
    made = {
        "pk": pa.array(chance.permutation(firms) + 1),
        "name": pa.array([f"{pool[each % len(pool)]}{each}" for each in range(firms)]),
        "code": pa.array([f"91532503MA6K{each:06}" for each in range(firms)]),
        "verdict": pa.array(np.sort(chance.integers(0, 3, firms)).astype(np.int8)),
        "county": pa.array(chance.choice(COUNTIES, firms)).dictionary_encode(),
        "amount_fen": pa.array(chance.integers(0, 10**6, firms)),
        "counted_fen": pa.array(chance.integers(0, 10**6, firms)),
    }
    columns = [
        made[each.name].cast(each.type) if each.name in made else pa.nulls(firms, each.type)
        for each in SCHEMA
    ]
    table = pa.table(columns, schema=SCHEMA)
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, row_group_size=GROUP, compression="zstd")
    write_index(path, table)


def look():
    from huiqi.portal.screenings import entitled

    results = [types.SimpleNamespace(run_id=1, county=each) for each in COUNTIES]
    for said, asked in (
        ("first page", {}),
        ("again", {}),
        ("of a county", {"county": COUNTIES[0]}),
        ("first search", {"q": "米线"}),
        ("its next page", {"q": "米线"}),
        ("another search", {"q": "石榴"}),
    ):
        began = time.perf_counter()
        found = entitled.Entitled(results, "m", entitled.asked_of(asked, COUNTIES))
        _ = found.counted_fen, found[0:20]
        print(f"  {said}: {(time.perf_counter() - began) * 1000:.0f} ms of {len(found):,}")


def main():
    folder, firms = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    os.environ.update(HUIQI_DATA=str(folder), DJANGO_SETTINGS_MODULE="huiqi.portal.settings")
    import django

    django.setup()
    if os.environ.get("HUIQI_LOOK"):
        return look()
    path = folder / "screenings" / "1" / "measures" / "m.parquet"
    make(path, firms)
    for said in ("with its index", "without"):
        print(said, flush=True)
        subprocess.run(
            [sys.executable, __file__, str(folder)], env={**os.environ, "HUIQI_LOOK": "1"}, check=True
        )
        path.with_suffix(".arrow").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
