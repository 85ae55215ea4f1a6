"""The tables of docs/models.md say what the manifests say, and the check notices when they do not."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TOOL = ROOT / "tools/models_table.py"


def run(*arguments):
    return subprocess.run([sys.executable, "-B", TOOL, *map(str, arguments)], capture_output=True, text=True, check=False)


class Document(unittest.TestCase):
    def test_says_what_the_manifests_say(self):
        answer = run("--check")
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)

    def test_names_every_model_and_its_terms(self):
        text = (ROOT / "docs/models.md").read_text()
        for path in (ROOT / "models").glob("*.json"):
            row = json.loads(path.read_text())
            for part in (f"`{row['id']}`", row["licence"]["weights"], row["licence"]["package"]):
                self.assertIn(part, text)


class Check(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.document = self.folder / "models.md"
        self.document.write_text((ROOT / "docs/models.md").read_text())
        for path in (ROOT / "models").glob("*.json"):
            (self.folder / path.name).write_text(path.read_text())
        self.places = ("--models", self.folder, "--document", self.document)

    def change_licence(self):
        path = self.folder / "fr_detect.json"
        row = json.loads(path.read_text())
        row["licence"]["commercial"] = "no"
        path.write_text(json.dumps(row))

    def test_notices_a_changed_manifest(self):
        self.change_licence()
        answer = run("--check", *self.places)
        self.assertEqual(answer.returncode, 1)
        self.assertIn("tools/models_table.py", answer.stdout)

    def test_notices_a_changed_table(self):
        self.document.write_text(self.document.read_text().replace("Apache-2.0", "MIT"))
        self.assertEqual(run("--check", *self.places).returncode, 1)

    def test_leaves_the_text_around_the_tables_alone(self):
        before = self.document.read_text()
        self.change_licence()
        self.assertEqual(run(*self.places).returncode, 0)
        after = self.document.read_text()
        self.assertIn("**no**", after)
        self.assertEqual(before.split("<!-- tables")[0], after.split("<!-- tables")[0])
        self.assertEqual(before.split("<!-- end")[1], after.split("<!-- end")[1])
        self.assertEqual(run("--check", *self.places).returncode, 0)

    def test_refuses_a_document_without_its_marks(self):
        self.document.write_text("# Models\n")
        self.assertNotEqual(run("--check", *self.places).returncode, 0)


if __name__ == "__main__":
    unittest.main()
