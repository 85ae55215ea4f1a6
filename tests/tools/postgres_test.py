"""Throw-away servers of PostgreSQL: started, crashed, started again, followed, and gone without a trace."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools/postgres"


def tool(*arguments, fails=False):
    answer = subprocess.run([sys.executable, "-B", TOOL, *map(str, arguments)], capture_output=True, text=True, check=False)
    if (answer.returncode != 0) != fails:
        raise AssertionError(f"{arguments}: exit code {answer.returncode}\n{answer.stdout}{answer.stderr}")
    return answer.stdout.strip() if not fails else answer.stderr


class Servers(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        self.names = []

    def tearDown(self):
        for name in self.names:
            tool("remove", self.root / name)
        self.folder.cleanup()

    def start(self, name, *options):
        self.names.append(name)
        return tool("start", self.root / name, *options)

    def ask(self, name, sql):
        return tool("psql", self.root / name, "-At", "-c", sql)

    def until(self, name, sql, answer):
        for _ in range(200):
            if self.ask(name, sql) == answer:
                return
            time.sleep(0.05)
        self.fail(f"{sql} never answered {answer}")

    def test_a_crashed_server_comes_back_with_what_was_committed(self):
        url = self.start("a")
        self.assertRegex(self.ask("a", "SHOW server_version"), r"^18\.")
        self.ask("a", "CREATE EXTENSION vector; CREATE TABLE t AS SELECT '[1,2]'::vector(2) AS v")
        tool("stop", self.root / "a", "--kill")
        tool("psql", self.root / "a", "-c", "SELECT 1", fails=True)
        self.assertEqual(tool("start", self.root / "a"), url)
        self.assertEqual(self.ask("a", "SELECT v <-> '[1,0]' FROM t"), "2")
        self.assertEqual(self.ask("a", "SHOW fsync"), "off")

    def test_a_standby_follows_and_takes_over(self):
        self.start("a", "--tcp", "--durable")
        self.assertEqual(self.ask("a", "SHOW fsync"), "on")
        self.start("b", "--standby-of", self.root / "a")
        self.ask("a", "CREATE TABLE t AS SELECT 7 AS n")
        self.until("b", "SELECT count(*) FROM pg_tables WHERE tablename = 't'", "1")
        tool("stop", self.root / "a", "--at-once")
        tool("promote", self.root / "b")
        self.assertEqual(self.ask("b", "INSERT INTO t VALUES(8); SELECT sum(n) FROM t").split()[-1], "15")

    def test_a_port_asks_for_the_password(self):
        url = self.start("a", "--tcp")
        password = url.split(":")[2].split("@")[0]
        self.assertGreater(len(password), 16)
        self.assertEqual((self.root / "a/server.json").stat().st_mode & 0o777, 0o600)
        wrong = subprocess.run(["psql", url.replace(password, "wrong"), "-c", "SELECT 1"], capture_output=True, text=True,
                               check=False) if self.has_client() else None
        if wrong is not None:
            self.assertNotEqual(wrong.returncode, 0)
            self.assertIn("password authentication failed", wrong.stderr)

    @staticmethod
    def has_client():
        return any(os.access(os.path.join(folder, "psql"), os.X_OK) for folder in os.environ["PATH"].split(":"))

    def test_an_older_server_can_be_had(self):
        self.start("a", "--version", "16")
        self.assertRegex(self.ask("a", "SHOW server_version"), r"^16\.")

    def test_a_server_ends_with_its_process_and_leaves_nothing(self):
        with subprocess.Popen(["sleep", "600"]) as owner:
            self.start("a", "--with-process", owner.pid)
            place = self.ask("a", "SHOW data_directory")
            owner.send_signal(signal.SIGKILL)
        for _ in range(200):
            if not (self.root / "a/server.json").exists():
                break
            time.sleep(0.05)
        self.assertFalse(pathlib.Path(place).exists())

    def test_where_no_server_is_that_is_said(self):
        self.assertIn("no server there", tool("url", self.root / "none", fails=True))


if __name__ == "__main__":
    unittest.main()
