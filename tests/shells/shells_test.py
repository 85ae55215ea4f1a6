#!/usr/bin/env python3
"""Completion scripts in real shells, and the manual page through groff: shells_test.py PROGRAM"""
import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
FILES = ("people.vgal", "photo one.jpg", "photos/a.jpg")


def vultus(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=True).stdout


class Shell(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="vultus shell ")
        self.addCleanup(self.folder.cleanup)
        for name in FILES:
            path = pathlib.Path(self.folder.name, name)
            path.parent.mkdir(exist_ok=True)
            path.touch()

    def run_shell(self, command, **more):
        home = os.path.join(self.folder.name, "photos")
        environment = dict(os.environ, PATH=f"{PROGRAM.parent}:{os.environ['PATH']}", HOME=home, TERM="xterm", **more)
        answer = subprocess.run(command, cwd=self.folder.name, env=environment, capture_output=True, text=True,
                                stdin=subprocess.DEVNULL, timeout=60, check=False)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return answer.stdout


class Bash(Shell):
    def complete(self, *words):
        script = pathlib.Path(self.folder.name, ".completion")
        script.write_text(vultus("completion", "bash"))
        line = "source .completion; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _vultus; printf '%s\\n' \"${COMPREPLY[@]}\""
        return self.run_shell(["bash", "--norc", "-c", line, "bash", "vultus", *words]).splitlines()

    def test_commands_options_and_names(self):
        self.assertEqual(self.complete("iden"), ["identify"])
        self.assertEqual(self.complete("identify", "people.vgal", "--once"), ["--once-per-picture"])
        self.assertEqual(self.complete("identify", "--preset", "fa"), ["fast"])
        self.assertEqual(self.complete("identify", "--preset", "=", "fa"), ["fast"])
        self.assertIn("fr_detect", self.complete("models", "show", ""))

    def test_files_and_folders(self):
        self.assertEqual(self.complete("identify", "peo"), ["people.vgal"])
        self.assertEqual(sorted(self.complete("identify", "people.vgal", "photo")), ["photo one.jpg", "photos"])
        self.assertEqual(self.complete("identify", "--cache", "photo"), ["photos"])

    def test_it_is_registered(self):
        script = "source <(vultus completion bash); complete -p vultus"
        self.assertIn("_vultus", self.run_shell(["bash", "--norc", "-c", script]))


class Zsh(Shell):
    SETTINGS = """
PS1= RPS1=
fpath=($PWD $fpath)
autoload -Uz compinit && compinit -u -d dump
show() { print -r -- $BUFFER > written.new && mv written.new written; BUFFER= }
zle -N show
bindkey '^Xs' show
: > ready
"""

    def wait_for(self, name, terminal):
        """The text of a file that the shell makes, whose terminal is read meanwhile so that it never waits."""
        path = pathlib.Path(self.folder.name, name)
        end = time.monotonic() + 30
        while not path.exists():
            self.assertLess(time.monotonic(), end, f"zsh did not make {name}")
            if select.select([terminal], [], [], 0.02)[0]:
                os.read(terminal, 65536)
        text = path.read_text()
        path.unlink()
        return text

    def complete(self, *lines):
        """The lines as they stand after a tab: zsh completes only where it edits a line of a terminal."""
        pathlib.Path(self.folder.name, "_vultus").write_text(vultus("completion", "zsh"))
        pathlib.Path(self.folder.name, "settings").write_text(self.SETTINGS)
        try:
            child, terminal = pty.fork()
        except OSError as none:  # a bare root without /dev/pts; the scripts of the other shells are tried all the same
            self.skipTest(f"this system gives no terminal: {none}")
        if child == 0:
            os.chdir(self.folder.name)
            os.environ.update(PATH=f"{PROGRAM.parent}:{os.environ['PATH']}", TERM="xterm")
            os.execvp("zsh", ["zsh", "-f", "-i"])
        try:
            os.write(terminal, b"source ./settings\n")
            self.wait_for("ready", terminal)
            written = []
            for line in lines:
                os.write(terminal, line.encode() + b"\t\x18s")
                written.append(self.wait_for("written", terminal).strip())
            return written
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(terminal)

    def test_commands_options_names_and_files(self):
        lines = ("vultus iden", "vultus identify people.vgal --once", "vultus identify --preset fa", "vultus identify peo",
                 "vultus identify --preset=fa")
        self.assertEqual(self.complete(*lines),
                         ["vultus identify", "vultus identify people.vgal --once-per-picture",
                          "vultus identify --preset fast", "vultus identify people.vgal", "vultus identify --preset=fast"])


class Fish(Shell):
    def complete(self, line):
        pathlib.Path(self.folder.name, "vultus.fish").write_text(vultus("completion", "fish"))
        answer = self.run_shell(["fish", "--no-config", "-c", "source vultus.fish; complete -C $argv[1]", line])
        return [row.split("\t")[0] for row in answer.splitlines()]

    def test_commands_options_and_names(self):
        self.assertEqual(self.complete("vultus iden"), ["identify"])
        self.assertEqual(self.complete("vultus identify people.vgal --once"), ["--once-per-picture"])
        self.assertEqual(self.complete("vultus identify --preset fa"), ["fast"])
        self.assertEqual(self.complete("vultus identify --preset=fa"), ["--preset=fast"])

    def test_files_and_folders(self):
        self.assertEqual(self.complete("vultus identify peo"), ["people.vgal"])
        self.assertEqual(self.complete("vultus identify --cache photo"), ["photos/"])


class Manual(Shell):
    def test_groff_has_nothing_to_say_and_every_command_is_there(self):
        answer = subprocess.run(["groff", "-ww", "-man", "-Tutf8", "-P-c"], input=vultus("manual"), capture_output=True,
                                text=True, check=True)
        self.assertEqual(answer.stderr, "")
        page = " ".join(re.sub(".\b", "", answer.stdout).split())  # bold is written twice
        for name in ("enroll", "identify", "gallery show", "models fetch", "bench lfw", "doctor", "completion bash"):
            self.assertTrue("vultus " + name in page, f"the manual page does not speak of {name}")
        self.assertTrue("EXIT STATUS" in page)


if __name__ == "__main__":
    unittest.main()
