"""tools/check finds what it says it finds."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Check(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        (self.root / "tools").mkdir()
        for name in ("check", "check_layers.py"):
            shutil.copy(ROOT / "tools" / name, self.root / "tools" / name)
        shutil.copy(ROOT / ".clang-format", self.root / ".clang-format")
        (self.root / "vultus").mkdir()
        (self.root / "vultus/CMakeLists.txt").write_text("")
        subprocess.run(["git", "init", "-q", self.root], check=True)

    def tearDown(self):
        self.folder.cleanup()

    def write(self, name, text, mode=0o644):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        path.chmod(mode)

    def check(self, *names):
        answer = subprocess.run([self.root / "tools/check", *names], capture_output=True, text=True, check=False)
        return answer.returncode, answer.stdout + answer.stderr

    def assert_found(self, name, text):
        code, output = self.check(name)
        self.assertEqual(code, 1, output)
        self.assertIn(text, output)

    def test_a_clean_tree_passes(self):
        self.write("docs/a.md", "# Title\n[self](#title) and [b](b.md#more-than-one-word)\n`[x](nowhere)`\n")
        self.write("docs/b.md", "## More than one word\n")
        self.write("a.cpp", "int main() { return 0; }\n")
        code, output = self.check()
        self.assertEqual(code, 0, output)

    def test_format(self):
        self.write("a.cpp", "int   main( ){return 0;}\n")
        self.assert_found("format", "a.cpp:1")

    def test_sizes(self):
        self.write("long.cpp", "int a;\n" * 601)
        self.assert_found("sizes", "long.cpp: 601 lines, the limit is 600")
        self.write("long.cpp", "int a;\n" * 401)
        self.write("made.py", "# Made from a document by tools/generate.py; changes belong there.\n" + "a = 1\n" * 601)
        code, output = self.check("sizes")
        self.assertEqual(code, 0, output)
        self.assertIn("warning: long.cpp: 401 lines", output)

    def test_big_files(self):
        self.write("weights.bin", b"\0" * ((2 << 20) + 1))
        self.assert_found("sizes", "weights.bin")

    def test_links(self):
        self.write("docs/a.md", "see [b](b.md)\n")
        self.assert_found("links", "docs/a.md:1: link to b.md, which is not there")
        self.write("docs/b.md", "# B\n")
        self.write("docs/a.md", "see [b](b.md#c)\n")
        self.assert_found("links", "no such heading")

    def test_scripts(self):
        self.write("run.sh", "#!/bin/sh\ntrue\n")
        self.assert_found("scripts", "not executable")
        self.write("run.sh", "#!/bin/sh\nif true\n", 0o755)
        self.assert_found("scripts", "run.sh")
        self.write("run.sh", "#!/bin/sh\ntrue\n", 0o755)
        self.write("a.json", "{\"a\": }")
        self.assert_found("scripts", "a.json")

    def test_text(self):
        self.write("a.py", "# TO" "DO later\n")
        self.assert_found("text", "an open note")
        self.write("a.py", "path = '/ho" "me/ada/photos'\n")
        self.assert_found("text", "a path of one machine")
        self.write("a.py", f"path = '{self.root}/photos'\n")
        self.assert_found("text", "a path of this machine")
        self.write("a.py", "a = 1 \n")
        self.assert_found("text", "trailing blanks")

    def test_an_unknown_check_is_wrong_use(self):
        self.assertEqual(self.check("colour")[0], 2)


if __name__ == "__main__":
    unittest.main()
