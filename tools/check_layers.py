#!/usr/bin/env python3
"""Checks that arrows between rooms point down only, as docs/architecture.md draws them.

  check_layers.py [ROOT]

- An #include of <vultus/ROOM/...> or a link to vultus::ROOM must be one that kMayUse allows.
- Installed headers (HEADERS of vultus_add_library) include the standard library and Vultus alone; core's sources too.
- Rooms are included as <vultus/room/file.hpp>, never by a relative path; a room's tests may include test-only headers
  of their own room the same way.
Prints `file:line: what is wrong` and exits with 1 when something is.
"""
import pathlib
import re
import sys

# room -> rooms it may use beside itself. The engine may use every room, an application every room and the engine.
ANALYSER_USES = {"core", "runtime", "face", "body", "learn"}
MAY_USE = {
    "core": set(),
    "sqlite": {"core"},
    "postgres": {"core"},
    "timeline": {"core", "sqlite"},
    "media": {"core"},
    "runtime": {"core"},
    "face": {"core", "media", "runtime"},
    "body": {"core", "media", "runtime"},
    "face3d": {"core", "media"},
    "gallery": {"core", "sqlite", "postgres"},
    "library": {"core", "sqlite"},
    "identity": {"core", "face", "gallery"},
    "sealed": {"core"},
    **{room: ANALYSER_USES for room in
       ("liveness", "expression", "micro", "physio", "affect", "sign", "generate")},
    "protect": ANALYSER_USES | {"face3d"},
    "audit": ANALYSER_USES | {"evaluation"},
    "learn": {"core", "runtime"},
    "evaluation": {"core"},
    "studio": {"core", "media", "face3d"},
}
MAY_USE["engine"] = set(MAY_USE)
EVERYTHING = set(MAY_USE)

# Headers of C++20 and of C that a file which may use the standard library alone can include.
STANDARD = set("""
algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv chrono cinttypes climits clocale
cmath codecvt compare complex concepts condition_variable coroutine csetjmp csignal cstdarg cstddef cstdint cstdio cstdlib
cstring ctime cuchar cwchar cwctype deque exception execution filesystem forward_list fstream functional future
initializer_list iomanip ios iosfwd iostream istream iterator latch limits list locale map memory memory_resource mutex new
numbers numeric optional ostream queue random ranges ratio regex scoped_allocator semaphore set shared_mutex
source_location span sstream stack stdexcept stop_token streambuf string string_view syncstream system_error thread tuple
type_traits typeindex typeinfo unordered_map unordered_set utility valarray variant vector version
""".split())
TEST_FRAMEWORK = ("gtest/", "gmock/", "benchmark/")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
LINK = re.compile(r"\bvultus::(\w+)")
CODE = {".hpp", ".cpp", ".h", ".hpp.in", ".inc"}


def is_code(path):
    return path.suffix in CODE or path.name.endswith(".hpp.in")


def is_test(path):
    return path.stem.endswith("_test") or "_test_" in path.name or "_golden_test" in path.name


def arguments_of(text, call, keyword):
    """Words after `keyword` in each call of `call`, up to the next ALL_CAPS keyword."""
    words = []
    for body in re.findall(re.escape(call) + r"\s*\((.*?)\)", text, re.S):
        current = None
        for word in re.sub(r"#.*", "", body).split():
            if re.fullmatch(r"[A-Z][A-Z_]+", word):
                current = word
            elif current == keyword:
                words.append(word)
    return words


def includes(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        found = INCLUDE.match(line)
        if found:
            yield number, found.group(1), found.group(2)


def check_file(path, room, allowed, installed):
    problems = []
    standard_only = room == "core" and not is_test(path)
    for number, quote, name in includes(path):
        where = f"{path}:{number}"
        if quote == '"':
            problems.append(f'{where}: "{name}": include rooms as <vultus/room/file.hpp>')
        elif name.startswith("vultus/"):
            other = name.split("/")[1]
            if other != room and other not in allowed:
                problems.append(f"{where}: {room} may not use {other} ({sentence(allowed)})")
        elif (installed or standard_only) and name not in STANDARD:
            what = "core uses the standard library only" if standard_only else "an installed header shows no library"
            problems.append(f"{where}: <{name}>: {what}")
    return problems


def sentence(allowed):
    return "it may use " + ", ".join(sorted(allowed)) if allowed else "it may use no room"


def check_links(path, room, allowed):
    problems = []
    text = re.sub(r"#.*", "", path.read_text(encoding="utf-8"))
    for other in sorted(set(LINK.findall(text))):
        if other != room and other not in allowed:
            problems.append(f"{path}: {room} may not link vultus::{other} ({sentence(allowed)})")
    return problems


def check_room(folder):
    room = folder.name
    if room not in MAY_USE:
        return [f"{folder}: no room of this name in the table of tools/check_layers.py"]
    allowed = MAY_USE[room]
    problems, headers = [], set()
    for cmake in sorted(folder.rglob("CMakeLists.txt")):
        problems += check_links(cmake, room, allowed)
        text = cmake.read_text(encoding="utf-8")
        headers |= {cmake.parent / name for name in arguments_of(text, "vultus_add_library", "HEADERS")}
        for header in sorted(headers):
            if not header.exists():
                problems.append(f"{cmake}: HEADERS names {header.name}, which is not there")
    for path in sorted(folder.rglob("*")):
        if path.is_file() and is_code(path):
            problems += check_file(path, room, allowed, path in headers)
    return problems


def check_outside(root):
    """apps, bench, examples and tests may use every room, by its full name."""
    problems = []
    for top in ("apps", "bench", "examples", "tests"):
        for path in sorted((root / top).rglob("*")):
            if not path.is_file() or not is_code(path):
                continue
            for number, _, name in includes(path):
                if name.startswith("vultus/") and name.split("/")[1] not in EVERYTHING:
                    problems.append(f"{path}:{number}: no room {name.split('/')[1]}")
                if name.startswith("../"):
                    problems.append(f'{path}:{number}: "{name}": include by a path from the root or the same folder')
    return problems


def check_order(root):
    """vultus/CMakeLists.txt lists rooms so that each comes after those it may use."""
    path = root / "vultus/CMakeLists.txt"
    rooms = re.findall(r"^\s*add_subdirectory\((\w+)", path.read_text(encoding="utf-8"), re.M)
    listed, problems = set(rooms), []
    for folder in sorted((root / "vultus").iterdir()):
        if folder.is_dir() and folder.name not in listed:
            problems.append(f"{path}: the folder vultus/{folder.name} is not listed")
    seen = set()
    for room in rooms:
        for late in sorted((MAY_USE.get(room, set()) & listed) - seen - {room}):
            problems.append(f"{path}: {room} comes before {late}, which it may use")
        seen.add(room)
    return problems


def check(root):
    problems = check_order(root)
    for folder in sorted((root / "vultus").iterdir()):
        if folder.is_dir():
            problems += check_room(folder)
    return problems + check_outside(root)


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent)
    problems = check(root)
    for problem in problems:
        print(problem.replace(f"{root}/", ""))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
