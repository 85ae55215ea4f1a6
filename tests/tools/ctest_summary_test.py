"""The summary counts what ctest wrote, and lets no failure look like a skip."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools/ctest_summary.py"
PASSED = '<testcase name="a" status="run"/>'
FAILED = '<testcase name="b" status="fail"><failure message=""/></testcase>'
NOT_BUILT = '<testcase name="c" status="notrun"><skipped message="Unable to find executable"/></testcase>'
DISABLED = '<testcase name="d" status="disabled"/>'


def skipped(reason):
    return ('<testcase name="e" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/><system-out>'
            f"[ RUN ]\nx_test.cpp:12: Skipped\n{reason}\n[ SKIPPED ]\n</system-out></testcase>")


class Summary(unittest.TestCase):
    def summary(self, *cases, extra=0, own=None):
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder) / "tests.xml"
            for name, inside in (own or {}).items():
                (pathlib.Path(folder) / "reports").mkdir(exist_ok=True)
                (pathlib.Path(folder) / f"reports/{name}.xml").write_text("<testsuite>" + "".join(inside) + "</testsuite>")
            report.write_text("<testsuite>" + "".join(cases) + "</testsuite>")
            answer = subprocess.run([sys.executable, "-B", TOOL, "--extra-failed", str(extra), report],
                                    capture_output=True, text=True, check=False)
            return answer.returncode, answer.stdout.splitlines()[-1]

    def test_counts(self):
        self.assertEqual(self.summary(PASSED, PASSED), (0, "2 passed, 0 failed, 0 skipped"))
        self.assertEqual(self.summary(PASSED, FAILED), (1, "1 passed, 1 failed, 0 skipped"))

    def test_what_did_not_run_failed(self):
        self.assertEqual(self.summary(PASSED, NOT_BUILT), (1, "1 passed, 1 failed, 0 skipped"))
        self.assertEqual(self.summary(PASSED, DISABLED), (1, "1 passed, 1 failed, 0 skipped"))

    def test_a_run_without_tests_failed(self):
        self.assertEqual(self.summary(), (1, "0 passed, 1 failed, 0 skipped"))

    def test_only_missing_data_and_other_machines_are_skipped(self):
        self.assertEqual(self.summary(PASSED, skipped("no folder ../shared")), (0, "1 passed, 0 failed, 1 skipped"))
        self.assertEqual(self.summary(PASSED, skipped("this CPU has no bf16")), (0, "1 passed, 0 failed, 1 skipped"))
        self.assertEqual(self.summary(PASSED, skipped("model fr_detect missing")), (1, "1 passed, 1 failed, 0 skipped"))

    def test_tests_of_one_process_are_counted_one_by_one(self):
        run = '<testcase classname="A" name="B" status="run"/>'
        bad = '<testcase classname="A" name="C" status="run"><failure message="x"/></testcase>'
        no_data = ('<testcase classname="A" name="D" status="run"><skipped message="x_test.cpp:1&#x0A;no folder ../shared'
                   '&#x0A;"/></testcase>')
        no_model = no_data.replace("no folder ../shared", "no model")
        self.assertEqual(self.summary(PASSED, own={"a": [run, run, no_data]}), (0, "2 passed, 0 failed, 1 skipped"))
        self.assertEqual(self.summary(PASSED, own={"a": [run, no_model]}), (1, "1 passed, 1 failed, 0 skipped"))
        self.assertEqual(self.summary(FAILED, own={"b": [run, bad]}), (1, "1 passed, 1 failed, 0 skipped"))
        self.assertEqual(self.summary(PASSED, own={"a": []}), (1, "0 passed, 1 failed, 0 skipped"))
        # It failed though its tests passed, or ended before it could tell.
        self.assertEqual(self.summary(FAILED, own={"b": [run]}), (1, "1 passed, 1 failed, 0 skipped"))
        self.assertEqual(self.summary(PASSED, FAILED, own={"a": [run]}), (1, "1 passed, 1 failed, 0 skipped"))

    def test_failed_checks_count(self):
        self.assertEqual(self.summary(PASSED, extra=2), (1, "1 passed, 2 failed, 0 skipped"))


if __name__ == "__main__":
    unittest.main()
