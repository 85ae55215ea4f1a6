#!/usr/bin/env bash
# From a fresh clone on Debian 12 to names on photos: installs what is needed, builds Vultus, gets the models, enrols two
# people from one photo each and names everybody in eleven other photos. Asks nothing; what is done already is not done
# again. Results: results/quickstart/. Downloads: the cache folder (tools/setup cache-path).
#
# Exit codes: 0 done; those of tools/setup (3 Debian packages are missing and you may not install them, 4 a download
# failed, 5 a checksum is wrong, 6 the disk is full, 7 this machine is not supported); 8 the build failed; 9 Vultus failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
case ${1:-} in
  "") ;;
  -h|--help) sed -n '2,/^set /{/^#/{s/^# \{0,1\}//;p}}' "$0"; exit 0 ;;
  *) printf 'quickstart.sh takes no arguments (see --help)\n' >&2; exit 2 ;;
esac

here=$PWD
photos=$PWD
results=results/quickstart
vultus=build/release/bin/vultus
steps=6
step=0
begin_step() { step=$((step + 1)); printf '\n[%d/%d  %3d s] %s\n' $step $steps "$SECONDS" "$*"; }
stop() { local code=$1; shift; printf '\nquickstart.sh: %s\n' "$*" >&2; exit "$code"; }

# Compilers take up to 1 GB each: fewer side by side where memory is short.
jobs_for_this_machine() {
  local memory_gb; memory_gb=$(awk '/^MemAvailable/ {print int($2 / 1048576)}' /proc/meminfo)
  local processors; processors=$(nproc)
  if [ "$memory_gb" -lt "$processors" ]; then printf '%d' $((memory_gb > 0 ? memory_gb : 1)); else printf '%d' "$processors"; fi
}

# Runs a command with its output in a file, which is shown only when it fails.
quietly() { # LOG COMMAND...
  local log=$1; shift
  if ! "$@" >"$log" 2>&1; then
    tail -n 25 "$log" >&2
    if grep -qi 'no space left' "$log"; then stop 6 "the disk is full ($PWD)"; fi
    stop 8 "the build failed; all of its output is in $log"
  fi
}

build() {
  export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
  # Configured once, and again when the cache folder has moved.
  grep -qsF "$(tools/setup runtime-path)/" build/release/build.ninja ||
    quietly "$results/configure.log" cmake --preset release
  local jobs; jobs=$(jobs_for_this_machine)
  if [ -t 1 ]; then
    cmake --build build/release --target vultus -j "$jobs" || stop 8 "the build failed"
  else
    quietly "$results/build.log" cmake --build build/release --target vultus -j "$jobs"
  fi
}

# Runs Vultus in the folder of the photos, so that their names are short.
run_vultus() { (cd "$photos" && "$here/$vultus" "$@") || stop 9 "this command failed with exit code $?: $vultus $*"; }

# What the results are made from: when none of it has changed, they are not made again.
fingerprint() { cat "$vultus" "$0" tools/packages.json models/*.json models/presets/*.json | sha256sum | cut -d ' ' -f 1; }
results_are_current() {
  [ "$(cat "$results/made-from" 2>/dev/null)" = "$1" ] && [ -s "$results/people.txt" ] && [ -s "$results/report.html" ] &&
    [ -e "$results/people.vgal" ]
}

name_people() {
  local made_from; made_from=$(fingerprint)
  if results_are_current "$made_from"; then
    printf '  nothing has changed: the results of the last run stand\n\n'
    cat "$results/people.txt"
    return
  fi
  rm -rf "$results/named" "$results/people.vgal"* "$results/made-from"
  local gallery=$here/$results/people.vgal
  run_vultus enroll "$gallery" "$portraits/obama.jpg" --subject "Barack Obama" | tail -n 1
  run_vultus enroll "$gallery" "$portraits/biden.jpg" --subject "Joe Biden" | tail -n 1
  printf '\n'
  run_vultus identify "$gallery" "$portraits"/{obama2.jpg,obama3.jpg,obama_partial_face.jpg,obama_partial_face2.jpg,32bit.png} \
    "$groups"/sample{1..6}.jpg --annotate "$here/$results/named" --report "$here/$results/report.html" --quiet |
    tee "$results/people.txt"
  printf '%s\n' "$made_from" >"$results/made-from"
}

mkdir -p "$results" 2>/dev/null || stop 6 "cannot write in $PWD: clone Vultus where you may write"
free_mb=$(df -Pm . | awk 'NR == 2 {print $4}')
[ -e "$vultus" ] || [ "$free_mb" -ge 600 ] || stop 6 "the build needs 600 MB in $PWD, only $free_mb MB are free"

printf 'Vultus quick start: installs what is needed, builds, and names people in photos.\n'
begin_step "Debian packages"
tools/setup packages
begin_step "inference runtime, npm client"
tools/setup runtime
tools/setup npm
begin_step "building Vultus (preset release)"
build
begin_step "models: fetched, checked, kept in $(tools/setup cache-path)"
run_vultus models fetch --preset default
begin_step "sample photos"
tools/setup samples
portraits=$(tools/setup samples-path portraits)
groups=$(tools/setup samples-path groups)
photos=$(dirname "$portraits")
portraits=$(basename "$portraits")
groups=$(basename "$groups")
begin_step "enrolling Barack Obama and Joe Biden from one photo each, naming everybody in eleven others"
name_people

cat <<END

Done in $SECONDS s. Look at
  $results/report.html   the report page; works offline
  $results/named/        the photos with boxes and names

Try next
  $vultus enroll my.vgal FOLDER         a folder for each person, or a photo named after each
  $vultus identify my.vgal PHOTOS --annotate named/
  $vultus verify A.jpg B.jpg            the same person?
  $vultus --help                        everything else
  ./test.sh                              all tests
END
