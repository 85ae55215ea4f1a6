#!/usr/bin/env python3
"""Rows of FAISS for bench/gallery/run.py, on the vectors that bench_gallery --vectors wrote. One thread.

    faiss_row.py --vectors FOLDER --dimension 512 [--batch 64] [--hnsw] [--name faiss]

HNSW takes long to make: without --hnsw only for 100,000 vectors and fewer.
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
import faiss  # noqa: E402
import numpy as np  # noqa: E402


FEW_FOR_HNSW = 100_000


def timed(search, probes, count, seconds):
    """Times by the clock, and on the processor: what other programs take in the meantime does not count."""
    times, processor, begin = [], [], time.perf_counter()
    while len(times) < 3 or (len(times) < count and time.perf_counter() - begin < seconds):
        some = probes(len(times))
        start, start_processor = time.perf_counter(), time.thread_time()
        search(some)
        processor.append(time.thread_time() - start_processor)
        times.append(time.perf_counter() - start)
    return times, statistics.median(processor)


def resident_mib():
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--vectors", required=True, type=pathlib.Path)
    options.add_argument("--dimension", type=int, default=512)
    options.add_argument("--batch", type=int, default=64)
    options.add_argument("--hnsw", action="store_true", help="also HNSW of many vectors, whose making takes long")
    options.add_argument("--name", default="faiss", help="how the rows begin")
    options = options.parse_args()
    faiss.omp_set_num_threads(1)
    base = np.fromfile(options.vectors / "base.f32", np.float32).reshape(-1, options.dimension)
    probes = np.fromfile(options.vectors / "probes.f32", np.float32).reshape(-1, options.dimension)
    inner = faiss.METRIC_INNER_PRODUCT
    makers = {"flat": lambda: faiss.IndexFlatIP(options.dimension),
              "sq8": lambda: faiss.IndexScalarQuantizer(options.dimension, faiss.ScalarQuantizer.QT_8bit, inner)}
    if options.hnsw or len(base) <= FEW_FOR_HNSW:
        makers["hnsw"] = lambda: faiss.IndexHNSWFlat(options.dimension, 32, inner)
    truth = None
    for name, make in makers.items():
        before, start = resident_mib(), time.thread_time()
        index = make()
        index.train(base)
        index.add(base)
        adding, memory = time.thread_time() - start, resident_mib() - before
        if name == "hnsw":
            index.hnsw.efSearch = 200
        found = index.search(probes, 10)[1]
        truth = found if truth is None else truth
        single, single_processor = timed(lambda some: index.search(some, 10), lambda i: probes[i % len(probes)][None], 200, 10)
        many = np.resize(probes, (options.batch, options.dimension))
        batches, batches_processor = timed(lambda some: index.search(some, 10), lambda i: many, 50, 5)
        print(json.dumps({
            "method": f"{options.name}_{name}", "version": faiss.__version__, "size": len(base), "dimension": options.dimension, "planted": True,
            "latency_ms": round(1e3 * statistics.median(single), 4), "latency_least_ms": round(1e3 * min(single), 4),
            "latency_cpu_ms": round(1e3 * single_processor, 4),
            "batch": options.batch, "queries_per_second": round(options.batch / statistics.median(batches), 1),
            "queries_per_second_most": round(options.batch / min(batches), 1),
            "queries_per_second_cpu": round(options.batch / batches_processor, 1),
            "recall_at_1": round(float(np.mean(found[:, 0] == truth[:, 0])), 4),
            "recall_at_10": round(float(np.mean([len(set(a) & set(b)) / 10 for a, b in zip(found, truth)])), 4),
            "rss_mib": round(memory), "add_cpu_s": round(adding, 2)}), flush=True)
        del index


if __name__ == "__main__":
    main()
