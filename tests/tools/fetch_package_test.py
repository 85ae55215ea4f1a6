"""Fetching a package: verified, whole or not at all, once; with a stand-in for the npm client."""
import hashlib
import io
import json
import os
import pathlib
import platform
import subprocess
import sys
import tarfile
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools/fetch_package.py"
# Stands in for npm: notes that it was called, then copies an archive or fails as the real one does.
CLIENT = """#!/bin/sh
[ "$1" != --version ] || { echo 1; exit 0; }
echo called >> "$CALLS"
[ -e "$ARCHIVE" ] || { echo "npm ERR! code ENOTFOUND"; exit 1; }
while [ $# -gt 0 ]; do [ "$1" != --pack-destination ] || cp "$ARCHIVE" "$2"; shift; done
"""


class Fetch(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        self.archive = self.root / "p-1.tgz"
        self.pack({"package/a/one.txt": b"one", "package/b.txt": b"unwanted"})
        self.client = self.root / "client"
        self.client.write_text(CLIENT)
        self.client.chmod(0o755)

    def tearDown(self):
        self.folder.cleanup()

    def pack(self, files):
        with tarfile.open(self.archive, "w:gz") as tar:
            for name, data in files.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(data)
                tar.addfile(entry, io.BytesIO(data))

    def fetch(self, sha256=None, machine=(), **changes):
        package = {"id": "p", "what": "a test", "client": "npm", "package": "p", "version": "1", "folder": "x/p-1",
                   "needs_bytes": 1000, "keep": [{"from": "package/a/", "to": ""}],
                   "archives": {"any": {"bytes": 1, "sha256": sha256 or self.sum()}}, **changes}
        pins = self.root / "pins.json"
        pins.write_text(json.dumps({"packages": [package]}))
        environment = dict(os.environ, VULTUS_NPM=str(self.client), ARCHIVE=str(self.archive),
                           CALLS=str(self.root / "calls"))
        answer = subprocess.run([sys.executable, "-B", TOOL, "--pins", pins, "--cache", self.root / "cache", *machine, "p"],
                                capture_output=True, text=True, check=False, env=environment)
        return answer.returncode, answer.stdout + answer.stderr

    def sum(self):
        return hashlib.sha256(self.archive.read_bytes()).hexdigest() if self.archive.exists() else "0" * 64

    def calls(self):
        return len((self.root / "calls").read_text().split()) if (self.root / "calls").exists() else 0

    def kept(self):
        folder = self.root / "cache/x/p-1"
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else None

    def test_keeps_what_is_wanted_and_is_not_fetched_again(self):
        self.assertEqual(self.fetch()[0], 0)
        self.assertEqual(self.kept(), [".vultus-package", "one.txt"])
        code, output = self.fetch()
        self.assertEqual((code, self.calls()), (0, 1))
        self.assertIn("present", output)

    def test_another_pin_replaces_the_folder(self):
        self.fetch()
        self.pack({"package/a/two.txt": b"two"})
        self.assertEqual(self.fetch()[0], 0)
        self.assertEqual(self.kept(), [".vultus-package", "two.txt"])

    def test_an_altered_archive_is_not_unpacked(self):
        code, output = self.fetch(sha256="0" * 64)
        self.assertEqual(code, 5)
        self.assertIn(self.sum(), output)
        self.assertIn("0" * 64, output)
        self.assertIsNone(self.kept())

    def test_an_archive_without_the_wanted_files_is_refused(self):
        self.assertEqual(self.fetch(keep=[{"from": "package/c/"}])[0], 5)
        self.assertIsNone(self.kept())

    def test_a_name_that_leaves_the_folder_is_refused(self):
        self.pack({"package/a/../../../escaped.txt": b"x"})
        self.assertEqual(self.fetch()[0], 5)
        self.assertFalse((self.root / "cache/escaped.txt").exists())

    def test_no_network_is_tried_twice_and_explained(self):
        self.archive.unlink()
        code, output = self.fetch()
        self.assertEqual((code, self.calls()), (4, 2))
        self.assertIn("cannot be reached", output)
        self.assertEqual([path.name for path in (self.root / "cache").iterdir()], [".lock"])

    def test_a_disk_without_room_is_told_before_the_download(self):
        code, output = self.fetch(needs_bytes=10**18)
        self.assertEqual((code, self.calls()), (6, 0))
        self.assertIn("VULTUS_CACHE", output)

    def test_another_processor_is_unsupported(self):
        code, output = self.fetch(archives={"pdp11": {"bytes": 1, "sha256": "0"}})
        self.assertEqual(code, 7)
        self.assertIn("pdp11", output)

    def test_what_another_processor_needs_has_a_folder_of_its_own(self):
        self.assertEqual(self.fetch(machine=("--machine", "pdp11"), archives={
            "pdp11": {"bytes": 1, "sha256": self.sum()}, platform.machine(): {"bytes": 1, "sha256": "0"}})[0], 0)
        self.assertTrue((self.root / "cache/x/p-1-pdp11/one.txt").exists())
        self.assertFalse((self.root / "cache/x/p-1").exists())


if __name__ == "__main__":
    unittest.main()
