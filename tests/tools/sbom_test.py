"""tools/sbom names what a user gets, each part once and with its version."""
import json
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class Sbom(unittest.TestCase):
    def test_names_every_part_once(self):
        answer = subprocess.run([sys.executable, "-B", ROOT / "tools/sbom"], capture_output=True, text=True, check=False)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        document = json.loads(answer.stdout)
        self.assertEqual((document["bomFormat"], document["specVersion"]), ("CycloneDX", "1.5"))
        references = [one["bom-ref"] for one in document["components"]]
        self.assertEqual(len(references), len(set(references)))
        names = {one["name"]: one for one in document["components"]}
        for model in (ROOT / "models").glob("*.json"):
            self.assertEqual(names[model.stem]["type"], "machine-learning-model")
        for name in ("openvino", "libssl3", "libboost1.81-dev"):
            self.assertTrue(names[name]["version"], name)
        self.assertEqual(len(names["openvino"]["hashes"][0]["content"]), 64)


if __name__ == "__main__":
    unittest.main()
