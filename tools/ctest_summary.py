#!/usr/bin/env python3
"""Sums up runs of ctest and pytest from their JUnit files.

  ctest_summary.py [--extra-failed N] FILE...

Where a test of ctest is a process that ran many tests, their own report is reports/NAME.xml beside FILE, and they are
counted instead of it.

Prints why tests were skipped and which failed, and as last line `N passed, N failed, N skipped`. A test may be skipped
because the folder `shared` is missing, or for what this processor or this user cannot do. Any other skip (a missing
model, a missing package), a test that did not start, and a run without tests count as failures. Exit code 1 when
something failed.
"""
import argparse
import collections
import pathlib
import re
import sys
import xml.etree.ElementTree

# googletest prints "file:line: Skipped" and then the reason given to GTEST_SKIP().
# A test of another kind prints its reason last and exits with SKIP_RETURN_CODE.
ALLOWED = re.compile(r"\bshared\b|\bthis (CPU|processor|user|file system)\b|\bas root\b")
REASON = re.compile(r"^\S+:\d+: Skipped\n(.*)$", re.M)


def own_outcome(case):
    """(passed | failed | skipped, reason) of one test of googletest, from its own report."""
    failure, skip = case.find("failure"), case.find("skipped")
    if failure is not None:
        return "failed", " ".join(failure.get("message", "").split())[:300]
    if skip is not None:
        return allowed(skip.get("message", "").partition("\n")[2].strip() or "no reason given")
    return ("passed", "") if case.get("status") == "run" else ("failed", "did not run")


def outcomes(case, reports):
    """(name, passed | failed | skipped, reason) of each test that ran as this case."""
    kind, reason = outcome(case)
    report = reports / f"{case.get('name')}.xml"
    if not report.exists():
        return [(case.get("name"), kind, reason)]
    cases = xml.etree.ElementTree.parse(report).getroot().iter("testcase")
    own = [(f"{one.get('classname')}.{one.get('name')}", *own_outcome(one)) for one in cases]
    # A process can fail when its tests have passed: a sanitizer found something at its end.
    if not own or (kind == "failed" and all(row[1] != "failed" for row in own)):
        own.append((case.get("name"), "failed", reason or "a process without tests"))
    return own


def allowed(reason):
    if ALLOWED.search(reason):
        return "skipped", reason
    return "failed", "skipped for a reason that is none: " + reason


def outcome(case):
    """(passed | failed | skipped, reason) of one test case."""
    status = case.get("status", "run")  # pytest writes none
    skipped = case.find("skipped")
    if status == "run" and case.find("failure") is None and case.find("error") is None and skipped is None:
        return "passed", ""
    message = skipped.get("message", "") if skipped is not None else ""
    if skipped is not None and message.startswith("SKIP_"):
        output = case.findtext("system-out") or ""
        reasons = REASON.findall(output) or output.strip().splitlines()[-1:] or ["no reason given"]
        return allowed(reasons[0].strip())
    failure = case.find("failure")
    return "failed", (failure.get("message", "") if failure is not None else message) or status or "did not run"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extra-failed", type=int, default=0)
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    counts = collections.Counter(failed=arguments.extra_failed)
    skips, failures = collections.Counter(), []
    for name in arguments.files:
        cases = list(xml.etree.ElementTree.parse(name).getroot().iter("testcase"))
        if not cases:
            failures.append((name, "this run had no tests"))
            counts["failed"] += 1
        for case in cases:
            for test, kind, reason in outcomes(case, pathlib.Path(name).parent / "reports"):
                counts[kind] += 1
                if kind == "skipped":
                    skips[reason] += 1
                elif kind == "failed":
                    failures.append((test, reason))
    for reason, count in skips.most_common():
        print(f"skipped {count}: {reason}")
    for name, reason in failures:
        print(f"failed: {name}: {reason}")
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
