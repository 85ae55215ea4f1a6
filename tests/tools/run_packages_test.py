"""packaging/debian-packages-run.txt names every package whose library the program is linked with or loads, and no other."""
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = sys.argv.pop(1)
LOADED_WHEN_NEEDED = {"libavdevice59"}
OF_EVERY_SYSTEM = {"libc6", "libgcc-s1", "libstdc++6"}


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def package_of(library):
    """The Debian package of a library; None = it is the inference runtime's own."""
    for line in run("/sbin/ldconfig", "-p").splitlines():
        name, _, place = line.strip().partition(" => ")
        if name.split(" ")[0] == library:
            # A path may be known by its place before /usr was merged.
            for path in {place, str(pathlib.Path(place).resolve()), place.removeprefix("/usr")}:
                answer = subprocess.run(["dpkg-query", "-S", path], capture_output=True, text=True, check=False)
                if answer.returncode == 0:
                    return answer.stdout.split(":")[0]
    return None


class RunPackages(unittest.TestCase):
    def test_are_those_of_the_libraries(self):
        needed = re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", PROGRAM))
        self.assertGreater(len(needed), 10)
        owners = {library: package_of(library) for library in needed if not library.startswith(("ld-linux", "libopenvino"))}
        self.assertNotIn(None, owners.values(), owners)
        listed = {line.split("#")[0].strip() for line in
                  (ROOT / "packaging/debian-packages-run.txt").read_text().splitlines()} - {""}
        self.assertEqual(set(owners.values()) & LOADED_WHEN_NEEDED, set())
        self.assertEqual(listed, (set(owners.values()) | LOADED_WHEN_NEEDED) - OF_EVERY_SYSTEM)


if __name__ == "__main__":
    unittest.main()
