#!/usr/bin/env python3
"""What a search costs inside PostgreSQL: pgvector exact, as halfvec, and with an HNSW index, on one throw-away server.

  bench/gallery/pgvector.py [--sizes 2000,10000,50000] [--queries 20]

Prints one JSON object per method and size, with the fields of bench_gallery. The vectors are random, of unit length, 512
values; a probe is a stored vector with noise (cosine about 0.7), so recall@1 means that its origin was found. Times are
told by the server's client (psql \\timing), the least and the median of the queries.
"""
import argparse
import json
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIMENSION = 512
METHODS = {"pgvector_exact": ("float_of", "vector"), "pgvector_halfvec": ("half_of", "halfvec"),
           "pgvector_hnsw": ("half_of", "halfvec")}


def tool(*arguments, text=None):
    answer = subprocess.run([sys.executable, "-B", ROOT / "tools/postgres", *map(str, arguments)], input=text,
                            capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise SystemExit(answer.stderr)
    return answer.stdout



def fill(folder, size, queries):
    row = f"l2_normalize(ARRAY(SELECT random() - 0.5 + 0 * i FROM generate_series(1, {DIMENSION}))::vector({DIMENSION}))"
    # Noise as strong as the vector itself: a cosine of about 0.7.
    probe = (f"l2_normalize(v + l2_normalize(ARRAY(SELECT random() - 0.5 + 0 * id FROM generate_series(1, {DIMENSION}))"
             f"::vector({DIMENSION})))")
    tool("psql", folder, "-q", text=f"""
DROP TABLE IF EXISTS float_of, half_of, probes;
SELECT setseed(0.5);
CREATE TABLE float_of AS SELECT i AS id, {row} AS v FROM generate_series(1, {size}) AS i;
CREATE TABLE half_of AS SELECT id, v::halfvec({DIMENSION}) AS v FROM float_of;
CREATE TABLE probes AS SELECT id, {probe} AS v FROM float_of ORDER BY id LIMIT {queries};
VACUUM ANALYZE float_of, half_of;
""")


def measure(folder, method, size, queries):
    table, kind = METHODS[method]
    if method == "pgvector_hnsw":
        tool("psql", folder, "-q", text=f"SET maintenance_work_mem = '512MB'; SET max_parallel_maintenance_workers = 0; "
                                        f"CREATE INDEX ON {table} USING hnsw (v halfvec_cosine_ops);")
    script = ["SET max_parallel_workers_per_gather = 0; SET hnsw.ef_search = 200; "
              f"SELECT v::{kind} AS p, id AS wanted FROM probes ORDER BY id LIMIT 1 \\gset"]
    for number in range(queries):
        script.append(f"SELECT v::{kind}::text AS p, id AS wanted FROM probes ORDER BY id OFFSET {number} LIMIT 1 \\gset\n"
                      f"\\timing on\nSELECT id FROM {table} ORDER BY v <=> :'p'::{kind}({DIMENSION}) LIMIT 10;\n"
                      "\\timing off\n\\echo wanted :wanted")
    output = tool("psql", folder, "-At", "-q", text="\n".join(script))
    times = [float(one) for one in re.findall(r"Time: ([0-9.]+) ms", output)]
    answers = [block for block in re.split(r"Time: [^\n]*\n", output)]
    first = 0
    for answer, wanted in zip(answers, re.findall(r"wanted (\d+)", output)):
        found = [line for line in answer.split("\n") if line.isdigit()]
        first += bool(found) and found[0] == wanted
    print(json.dumps({"method": method, "size": size, "batch": 1, "latency_ms": round(min(times), 2),
                      "median_ms": round(statistics.median(times), 2),
                      "queries_per_second": round(1000 / min(times), 1), "recall_at_1": first / len(times)}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="2000,10000,50000")
    parser.add_argument("--queries", type=int, default=20)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tool("start", folder, "--with-process", "parent", "--set", "shared_buffers=1GB")
        try:
            tool("psql", folder, "-q", text="CREATE EXTENSION vector;")
            for size in map(int, arguments.sizes.split(",")):
                fill(folder, size, arguments.queries)
                for method in METHODS:
                    measure(folder, method, size, arguments.queries)
        finally:
            tool("remove", folder)


if __name__ == "__main__":
    main()
