#!/usr/bin/env python3
"""What a search costs inside PostgreSQL: pgvector exact, as halfvec, and with an HNSW index, on one throw-away server.

  bench/gallery/pgvector.py [--sizes 2000,10000,50000 | --vectors FOLDER --dimension N] [--queries 20]

Prints one JSON object per method and size, with the fields of bench_gallery. The vectors are those that bench_gallery
--vectors wrote, else random ones of unit length, 512 values; there a probe is a stored vector with noise (cosine about
0.7). Recall is held against what the exact search over float32 answers. Times are told by the server's client
(psql \\timing), the least and the median of the queries.
"""
import argparse
import json
import pathlib
import re
import statistics
import struct
import subprocess
import sys
import tempfile
from array import array

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOP = 10
METHODS = {"pgvector_exact": ("float_of", "vector"), "pgvector_halfvec": ("half_of", "halfvec"),
           "pgvector_hnsw": ("half_of", "halfvec")}


def tool(*arguments, text=None):
    answer = subprocess.run([sys.executable, "-B", ROOT / "tools/postgres", *map(str, arguments)], input=text,
                            capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise SystemExit(answer.stderr)
    return answer.stdout



def write_copy(vectors, dimension, target, most=None):
    """Turns float32 values as they lie in memory here into what COPY reads. Returns how many vectors."""
    count = 0
    with open(vectors, "rb") as source, open(target, "wb") as file:
        file.write(b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0))
        while most is None or count < most:
            values = array("f")
            try:
                values.fromfile(source, dimension)
            except EOFError:
                break
            if sys.byteorder == "little":
                values.byteswap()
            count += 1
            file.write(struct.pack(">hiiihh", 2, 4, count, 4 + 4 * dimension, dimension, 0) + values.tobytes())
        file.write(struct.pack(">h", -1))
    pathlib.Path(target).chmod(0o644)  # the client may run as another user
    return count


def fill_from(folder, vectors, dimension, queries):
    with tempfile.TemporaryDirectory() as rows:
        pathlib.Path(rows).chmod(0o755)
        size = write_copy(vectors / "base.f32", dimension, f"{rows}/base")
        write_copy(vectors / "probes.f32", dimension, f"{rows}/probes", queries)
        tool("psql", folder, "-q", text=f"""
DROP TABLE IF EXISTS float_of, half_of, probes;
CREATE TABLE float_of(id int, v vector({dimension}));
CREATE TABLE probes(id int, v vector({dimension}));
\\copy float_of FROM '{rows}/base' WITH (FORMAT binary)
\\copy probes FROM '{rows}/probes' WITH (FORMAT binary)
CREATE TABLE half_of AS SELECT id, v::halfvec({dimension}) AS v FROM float_of;
VACUUM ANALYZE float_of, half_of;
""")
    return size


def fill(folder, size, dimension, queries):
    row = f"l2_normalize(ARRAY(SELECT random() - 0.5 + 0 * i FROM generate_series(1, {dimension}))::vector({dimension}))"
    # Noise as strong as the vector itself: a cosine of about 0.7.
    probe = (f"l2_normalize(v + l2_normalize(ARRAY(SELECT random() - 0.5 + 0 * id FROM generate_series(1, {dimension}))"
             f"::vector({dimension})))")
    tool("psql", folder, "-q", text=f"""
DROP TABLE IF EXISTS float_of, half_of, probes;
SELECT setseed(0.5);
CREATE TABLE float_of AS SELECT i AS id, {row} AS v FROM generate_series(1, {size}) AS i;
CREATE TABLE half_of AS SELECT id, v::halfvec({dimension}) AS v FROM float_of;
CREATE TABLE probes AS SELECT id, {probe} AS v FROM float_of ORDER BY id LIMIT {queries};
VACUUM ANALYZE float_of, half_of;
""")


def recall(truth, told, count):
    """Share of the first answers of the exact search that are among the first answers."""
    wanted = found = 0
    for right, answer in zip(truth, told):
        wanted += len(right[:count])
        found += len(set(right[:count]) & set(answer[:count]))
    return round(found / wanted, 4)


def measure(folder, method, size, dimension, queries, truth):
    """Prints the row of a method. Returns its answers."""
    table, kind = METHODS[method]
    if method == "pgvector_hnsw":
        tool("psql", folder, "-q", text=f"SET maintenance_work_mem = '512MB'; SET max_parallel_maintenance_workers = 0; "
                                        f"CREATE INDEX ON {table} USING hnsw (v halfvec_cosine_ops);")
    script = ["SET max_parallel_workers_per_gather = 0; SET hnsw.ef_search = 200; "
              f"SELECT v::{kind} AS p FROM probes ORDER BY id LIMIT 1 \\gset"]
    for number in range(queries):
        script.append(f"SELECT v::{kind}::text AS p FROM probes ORDER BY id OFFSET {number} LIMIT 1 \\gset\n"
                      f"\\timing on\nSELECT id FROM {table} ORDER BY v <=> :'p'::{kind}({dimension}) LIMIT {TOP};\n"
                      "\\timing off")
    output = tool("psql", folder, "-At", "-q", text="\n".join(script))
    times = [float(one) for one in re.findall(r"Time: ([0-9.]+) ms", output)]
    told = [[line for line in block.split("\n") if line.isdigit()]
            for block in re.split(r"Time: [^\n]*\n", output)[:len(times)]]
    truth = told if truth is None else truth
    print(json.dumps({"method": method, "size": size, "dimension": dimension, "batch": 1, "latency_ms": round(min(times), 2),
                      "median_ms": round(statistics.median(times), 2),
                      "queries_per_second": round(1000 / min(times), 1), "recall_at_1": recall(truth, told, 1),
                      "recall_at_10": recall(truth, told, TOP)}), flush=True)
    return told


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="2000,10000,50000")
    parser.add_argument("--vectors", type=pathlib.Path, help="folder with base.f32 and probes.f32")
    parser.add_argument("--dimension", type=int, default=512)
    parser.add_argument("--queries", type=int, default=20)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tool("start", folder, "--with-process", "parent", "--set", "shared_buffers=1GB")
        try:
            tool("psql", folder, "-q", text="CREATE EXTENSION vector;")
            for size in [None] if arguments.vectors else map(int, arguments.sizes.split(",")):
                if arguments.vectors:
                    size = fill_from(folder, arguments.vectors, arguments.dimension, arguments.queries)
                else:
                    fill(folder, size, arguments.dimension, arguments.queries)
                truth = None
                for method in METHODS:
                    told = measure(folder, method, size, arguments.dimension, arguments.queries, truth)
                    truth = truth or told
        finally:
            tool("remove", folder)


if __name__ == "__main__":
    main()
