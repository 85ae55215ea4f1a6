#!/usr/bin/env python3
"""The row face_recognition of the pipeline benchmark: JPEG to encoding with that package and dlib, its own defaults.

run.py starts it with the Python of the environment that setup_face_recognition.sh made; it prints one JSON object of the
same form as bench_pipeline. Each worker is a process, as in that package's own command line; OpenBLAS has one thread.
"""
import argparse
import json
import multiprocessing
import os
import resource
import sys
import time

START = time.perf_counter()
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"


def look(path):
    import face_recognition
    began = time.perf_counter()
    image = face_recognition.load_image_file(path)
    decoded = time.perf_counter()
    boxes = face_recognition.face_locations(image)
    detected = time.perf_counter()
    encodings = face_recognition.face_encodings(image, boxes)
    return len(encodings), decoded - began, detected - decoded, time.perf_counter() - detected


def cpu_seconds(who):
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def process(pictures, queue, answers):
    """One worker: warms up once, then looks at what it is sent, and tells times and CPU."""
    look(pictures[0])
    answers.put(("ready", None))
    queue.get()
    before = cpu_seconds(resource.RUSAGE_SELF)
    rows = [look(path) for path in pictures]
    used = cpu_seconds(resource.RUSAGE_SELF) - before
    answers.put(("done", (rows, used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--list", required=True)
    options.add_argument("--threads", type=int, default=1)
    options = options.parse_args()
    with open(options.list, encoding="utf-8") as lines:
        pictures = lines.read().split("\n")
    pictures = [p for p in pictures if p]
    context = multiprocessing.get_context("spawn")
    queue, answers = context.Queue(), context.Queue()
    shares = [pictures[w::options.threads] for w in range(options.threads)]
    workers = [context.Process(target=process, args=(share, queue, answers)) for share in shares]
    for worker in workers:
        worker.start()
    first = None
    for _ in workers:
        answers.get()
        first = first or time.perf_counter() - START
    began = time.perf_counter()
    for _ in workers:
        queue.put("go")
    results = [answers.get()[1] for _ in workers]
    seconds = time.perf_counter() - began
    for worker in workers:
        worker.join()
    import dlib
    rows = [row for result in results for row in result[0]]

    def ms(column):
        return 1000 * sum(row[column] for row in rows) / len(rows)

    what = (f"face_recognition 1.3.0, dlib {dlib.__version__}, AVX {'yes' if dlib.USE_AVX_INSTRUCTIONS else 'no'}, "
            f"BLAS {'yes' if dlib.DLIB_USE_BLAS else 'no'}, its defaults (HOG, upsampled once, 5 points)")
    json.dump({"row": "face_recognition", "what": what, "threads": options.threads, "pictures": len(pictures),
               "pictures_per_second": [len(pictures) / seconds],
               "cpu_ms": 1000 * sum(result[1] for result in results) / len(pictures),
               "stages_ms": {"decode": ms(1), "detect": ms(2), "describe": 0, "embed": ms(3), "search": 0},
               "first_answer_ms": 1000 * first, "memory_mb": sum(result[2] for result in results),
               "faces": sum(row[0] for row in rows)}, sys.stdout)


if __name__ == "__main__":
    main()
