"""Planted violations of the layers are found, each by its own rule, and a clean tree is not blamed."""
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_layers  # noqa: E402

CLEAN = {
    "vultus/CMakeLists.txt": "add_subdirectory(core)\nadd_subdirectory(media)\nadd_subdirectory(gallery)\n",
    "vultus/core/CMakeLists.txt": "vultus_add_library(core\n  SOURCES a.cpp\n  HEADERS a.hpp\n  TESTS a_test.cpp)\n",
    "vultus/core/a.hpp": "#pragma once\n#include <vector>\n",
    "vultus/core/a.cpp": "#include <vultus/core/a.hpp>\n",
    "vultus/core/a_test.cpp": "#include <vultus/core/a.hpp>\n#include <gtest/gtest.h>\n",
    "vultus/media/CMakeLists.txt": "vultus_add_library(media SOURCES m.cpp HEADERS m.hpp DEPS vultus::core)\n",
    "vultus/media/m.hpp": "#include <vultus/core/a.hpp>\n",
    "vultus/media/m.cpp": "#include <vultus/media/m.hpp>\n#include <opencv2/core.hpp>\n",
    "vultus/gallery/CMakeLists.txt": "vultus_add_library(gallery SOURCES g.cpp HEADERS g.hpp DEPS vultus::core)\n",
    "vultus/gallery/g.hpp": "#include <vultus/core/a.hpp>\n",
    "vultus/gallery/g.cpp": "#include <vultus/gallery/g.hpp>\n#include <sqlite3.h>\n",
    "apps/cli/main.cpp": "#include <vultus/gallery/g.hpp>\n#include <vultus/media/m.hpp>\n",
}


class Layers(unittest.TestCase):
    def problems(self, files=None):
        """What is said about the clean tree with some files added or replaced."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in {**CLEAN, **(files or {})}.items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return [problem.replace(f"{root}/", "") for problem in check_layers.check(root)]

    def one(self, name, text):
        problems = self.problems(files={name: text})
        self.assertEqual(len(problems), 1, problems)
        return problems[0]

    def test_a_clean_tree_has_none(self):
        self.assertEqual(self.problems(), [])

    def test_an_arrow_sideways(self):
        problem = self.one("vultus/gallery/g.cpp", "#include <vultus/gallery/g.hpp>\n#include <vultus/media/m.hpp>\n")
        self.assertIn("vultus/gallery/g.cpp:2: gallery may not use media", problem)

    def test_an_arrow_upwards(self):
        problem = self.one("vultus/media/m.cpp", "#include <vultus/engine/engine.hpp>\n")
        self.assertIn("media may not use engine", problem)

    def test_a_link_that_no_include_shows(self):
        problem = self.one("vultus/gallery/CMakeLists.txt",
                           "vultus_add_library(gallery SOURCES g.cpp HEADERS g.hpp\n  DEPS vultus::core vultus::media)\n")
        self.assertIn("gallery may not link vultus::media", problem)

    def test_a_library_in_an_installed_header(self):
        problem = self.one("vultus/gallery/g.hpp", "#include <vultus/core/a.hpp>\n#include <sqlite3.h>\n")
        self.assertIn("g.hpp:2: <sqlite3.h>: an installed header shows no library", problem)

    def test_a_private_header_may_show_one(self):
        self.assertEqual(self.problems(files={"vultus/gallery/private.hpp": "#include <sqlite3.h>\n"}), [])

    def test_a_library_in_core(self):
        problem = self.one("vultus/core/a.cpp", "#include <vultus/core/a.hpp>\n#include <fmt/format.h>\n")
        self.assertIn("core uses the standard library only", problem)

    def test_a_relative_include(self):
        problem = self.one("vultus/media/m.cpp", '#include "../gallery/g.hpp"\n')
        self.assertIn("include rooms as <vultus/room/file.hpp>", problem)

    def test_a_room_that_nobody_drew(self):
        problems = self.problems(files={"vultus/utils/u.cpp": "int u;\n"})
        self.assertTrue(any("no room of this name" in problem for problem in problems), problems)

    def test_a_room_that_is_not_built(self):
        problem = self.one("vultus/CMakeLists.txt", "add_subdirectory(core)\nadd_subdirectory(media)\n")
        self.assertIn("vultus/gallery is not listed", problem)

    def test_rooms_out_of_order(self):
        problem = self.one("vultus/CMakeLists.txt",
                           "add_subdirectory(media)\nadd_subdirectory(core)\nadd_subdirectory(gallery)\n")
        self.assertIn("media comes before core", problem)

    def test_an_application_that_names_no_room(self):
        problem = self.one("apps/cli/main.cpp", "#include <vultus/helpers/h.hpp>\n")
        self.assertIn("no room helpers", problem)


if __name__ == "__main__":
    unittest.main()
