#!/usr/bin/env bash
# Installs and builds what is needed and runs all tests, also from a clean clone.
#
#   ./test.sh            checks, then every test: quick ones, and those that need models
#   ./test.sh --quick    checks, then only the tests without models (under a minute once built)
#   ./test.sh --asan     also the quick tests under AddressSanitizer and UndefinedBehaviourSanitizer
#   ./test.sh --tsan     also the quick tests of the rooms with threads under ThreadSanitizer
#   ./test.sh --coverage also the quick tests with line counts, and a table of them (tools/coverage)
#   ./test.sh --fuzz N   also every fuzz target for N seconds
#   ./test.sh --arm64    also builds for 64-bit ARM and runs quick tests of it in an emulator (tools/arm64)
#   ./test.sh --slow     also tests that take minutes, such as the memory of a video of 1,000 seconds
#   ./test.sh --tidy     also clang-tidy over every source that changed since it was last clean
#
# A missing package or model is a failure. Only the data folder ../shared may be missing: tests that need it are then
# skipped, and say so. The last line is `N passed, N failed, N skipped`; the exit code is 0 only when nothing failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

quick=0 arm64=0 asan=0 tidy=0 tsan=0 coverage=0 fuzz=0 slow=0
while [ $# -gt 0 ]; do
  option=$1; shift
  case $option in
    --quick) quick=1 ;;
    --asan) asan=1 ;;
    --slow) slow=1 ;;
    --arm64) arm64=1 ;;
    --tsan) tsan=1 ;;
    --coverage) coverage=1 ;;
    --fuzz)
      fuzz=${1:-}; shift || true
      [[ $fuzz =~ ^[1-9][0-9]*$ ]] || { printf 'test.sh: --fuzz needs a number of seconds\n' >&2; exit 2; } ;;
    --tidy) tidy=1 ;;
    -h|--help) sed -n '2,/^set /{/^#/{s/^# \{0,1\}//;p}}' "$0"; exit 0 ;;
    *) printf 'test.sh: unknown option %s (see ./test.sh --help)\n' "$option" >&2; exit 2 ;;
  esac
done

jobs=$(nproc)
# The compiler cache knows a source again in another clone.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
step() { printf '[%3d s] %s\n' "$SECONDS" "$*"; }
# Something ended the script before the tests were counted: that is a failure too, and the last line says so.
counted=0
trap 'code=$?; [ $counted = 1 ] || { printf "test.sh: stopped before the tests were counted\n0 passed, 1 failed, 0 skipped\n"; exit $((code ? code : 1)); }' EXIT

# A tree that is built here for the first time compiles several sources of a room at once, in two thirds of the time; a tree
# in which somebody works keeps its own way.
build() { # PRESET [TARGET...]
  local log first=(); log=$(mktemp)
  [ "$1" = coverage ] || [ -e "build/$1/CMakeCache.txt" ] || first=(-DVULTUS_UNITY=ON)
  if ! cmake --preset "$1" "${first[@]}" >"$log" 2>&1; then cat "$log"; rm -f "$log"; return 1; fi
  rm -f "$log"
  cmake --build --preset "$1" -j "$jobs" ${2:+--target "${@:2}"}
}

reports=()
run_tests() { # PRESET [ctest options]
  local preset=$1; shift
  local report=$PWD/build/$preset/tests.xml
  rm -rf "$report" "build/$preset/reports"
  # Many a test waits, for a database, a browser or a camera: two more than there are processors end sooner.
  ctest --test-dir "build/$preset" -j "$((jobs + 2))" --output-on-failure --no-tests=error --output-junit "$report" "$@" || true
  [ -s "$report" ] || printf '<testsuite/>' >"$report"
  reports+=("$report")
}

step "Debian packages, inference runtime, npm client"
tools/setup packages --test
tools/setup packages --learn
tools/setup runtime
tools/setup npm

step "checks (tools/check)"
failed=0
tools/check || failed=$((failed + 1))

step "build, preset dev"
build dev

if [ $quick = 0 ]; then
  step "models and sample photos"
  tools/setup postgres
  tools/setup samples
  tools/setup test-networks
  tools/setup clients
  build/dev/bin/vultus models fetch
fi

if [ $tidy = 1 ]; then
  step "clang-tidy"
  tools/tidy || failed=$((failed + 1))
fi

# Tests that run the vendor's library stay out of sanitizers: it has not been compiled with them, and opens a helper with
# RTLD_DEEPBIND, which they refuse.
vendor='OpenVino.*:DlibBackend.*:OwnNetwork.*:Tfjs.*'

if [ $asan = 1 ]; then
  step "build, preset asan"
  build asan
  step "quick tests under sanitizers"
  GTEST_FILTER="-$vendor" run_tests asan -L '^quick$'
fi

if [ $arm64 = 1 ]; then
  step "64-bit ARM, preset arm64"
  tools/arm64 test || failed=$((failed + 1))
fi

if [ $tsan = 1 ]; then
  step "rooms with threads, preset tsan"
  targets=(engine_test evaluation_test gallery_test media_test runtime_test server_http_test)
  build tsan "${targets[@]}"
  # Whole programs, not ctest: tests of other rooms are not built. The engine runs on networks that are no networks.
  for target in "${targets[@]}"; do
    # Some tests start threads in a process that was forked, and kill it.
    TSAN_OPTIONS="suppressions=$PWD/tools/tsan-suppressions.txt halt_on_error=1 die_after_fork=0" \
      "build/tsan/bin/$target" --gtest_brief=1 --gtest_filter="-$vendor:MachineHere.*:DoctorPlaces.*" ||
      { printf '%s failed under ThreadSanitizer\n' "$target"; failed=$((failed + 1)); }
  done
fi

if [ $fuzz != 0 ]; then
  step "fuzz targets, $fuzz s each"
  names=$(sed -n 's/^vultus_add_fuzz_target(\([a-z_]*\) .*/\1/p' tests/fuzz/CMakeLists.txt)
  # shellcheck disable=SC2086  # a list of names
  build fuzz $(printf 'fuzz_%s ' $names)
  mkdir -p build/fuzz/found
  for name in $names; do
    step "fuzz $name"
    mkdir -p "build/fuzz/found/$name"
    if ! "build/fuzz/bin/fuzz_$name" -max_total_time="$fuzz" -timeout=20 -artifact_prefix="build/fuzz/found/$name-" \
        "build/fuzz/found/$name" "tests/fuzz/corpus/$name" >"build/fuzz/found/$name.log" 2>&1; then
      tail -n 30 "build/fuzz/found/$name.log"
      failed=$((failed + 1))
    fi
  done
fi

if [ $coverage = 1 ]; then
  step "quick tests with line counts, preset coverage"
  build coverage
  run_tests coverage -L '^quick$'
  tools/coverage || failed=$((failed + 1))
fi

if [ $quick = 1 ]; then
  step "quick tests"
  run_tests dev -L '^quick$'
else
  step "all tests"
  if [ $slow = 1 ]; then run_tests dev; else run_tests dev -LE '^slow$'; fi
  step "Python package: built with pip, its tests, its types"
  rm -f build/python-tests.xml
  tools/test_python build/python-tests.xml || failed=$((failed + 1))
  [ -s build/python-tests.xml ] && reports+=("$PWD/build/python-tests.xml")
  step "clients of the server: installed with pip, their tests, their types"
  rm -f build/client-tests.xml
  tools/test_clients build/client-tests.xml || failed=$((failed + 1))
  [ -s build/client-tests.xml ] && reports+=("$PWD/build/client-tests.xml")
fi

step "done"
[ $failed = 0 ] || printf 'failed: %d of the checks above\n' $failed
counted=1
python3 -B tools/ctest_summary.py --extra-failed $failed "${reports[@]}"
