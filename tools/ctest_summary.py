#!/usr/bin/env python3
"""Sums up runs of ctest and pytest from their JUnit files.

  ctest_summary.py [--extra-failed N] FILE...

Prints why tests were skipped and which failed, and as last line `N passed, N failed, N skipped`. A test may be skipped
because the folder `shared` is missing, or for what this processor or this user cannot do. Any other skip (a missing
model, a missing package), a test that did not start, and a run without tests count as failures. Exit code 1 when
something failed.
"""
import argparse
import collections
import re
import sys
import xml.etree.ElementTree

# googletest prints "file:line: Skipped" and then the reason given to GTEST_SKIP().
# A test of another kind prints its reason last and exits with SKIP_RETURN_CODE.
ALLOWED = re.compile(r"\bshared\b|\bthis (CPU|processor|user|file system)\b|\bas root\b")
REASON = re.compile(r"^\S+:\d+: Skipped\n(.*)$", re.M)


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
        reason = reasons[0].strip()
        if ALLOWED.search(reason):
            return "skipped", reason
        return "failed", "skipped for a reason that is none: " + reason
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
            kind, reason = outcome(case)
            counts[kind] += 1
            if kind == "skipped":
                skips[reason] += 1
            elif kind == "failed":
                failures.append((case.get("name"), reason))
    for reason, count in skips.most_common():
        print(f"skipped {count}: {reason}")
    for name, reason in failures:
        print(f"failed: {name}: {reason}")
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
