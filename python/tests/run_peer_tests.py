#!/usr/bin/env python3
"""Runs the test suite of the package face_recognition against vultus.face_recognition, and prints a table of its tests.

    pip download --no-deps --no-binary :all: face_recognition==1.3.0 && tar xf face_recognition-1.3.0.tar.gz
    python python/tests/run_peer_tests.py face_recognition-1.3.0 [--json]

The suite is that package's own, unchanged; only the name face_recognition is given to Vultus. Needs '.[compat]'.
"""
import argparse
import importlib
import json
import pathlib
import sys
import unittest


class Collector(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.rows = {}

    def addSuccess(self, test):
        super().addSuccess(test)
        self.rows[test._testMethodName] = ("passes", "")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.rows[test._testMethodName] = ("differs", str(err[1]).split("\n", 1)[0])

    def addError(self, test, err):
        super().addError(test, err)
        self.rows[test._testMethodName] = ("fails", f"{err[0].__name__}: {err[1]}")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=pathlib.Path, help="the unpacked source archive")
    options.add_argument("--json", action="store_true")
    options = options.parse_args()
    for name in ("", ".api", ".face_recognition_cli", ".face_detection_cli"):
        sys.modules["face_recognition" + name] = importlib.import_module("vultus.face_recognition" + name)
    sys.path.insert(0, str(options.folder))
    suite = unittest.defaultTestLoader.loadTestsFromName("tests.test_face_recognition")
    result = Collector()
    suite.run(result)
    if options.json:
        print(json.dumps(result.rows))
    else:
        print("| test | outcome | what it says |\n|---|---|---|")
        for name, (outcome, why) in result.rows.items():
            print(f"| `{name}` | {outcome} | {why} |")
    return 0 if result.rows and not any(outcome == "fails" for outcome, _ in result.rows.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
