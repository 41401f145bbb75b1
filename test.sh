#!/usr/bin/env bash
# Runs the tests: ./test.sh for all of them, ./test.sh NAME [RUNNER OPTION ...] for one project (./test.sh Cli -class '*Sweep*').
#
# The last line is "N passed, N failed, N skipped". The exit code is 0 only if everything was built, every test project ran
# to its end with at least one test, and none failed. With CI=true no test may be skipped either.
set -uo pipefail
export LC_ALL=C
cd "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" || exit 1

# Longest time that one test project may take.
limit=${FLEET_TEST_LIMIT:-30m}
results=$(mktemp -d) || exit 1
trap 'rm -rf -- "$results"' EXIT
trap 'exit 130' INT TERM
passed=0 failed=0 skipped=0

note() { printf '\n== %s\n' "$*"; }

finish() {
  local status=0
  if ((failed > 0)); then
    status=1
  elif [[ ${CI:-} == true ]] && ((skipped > 0)); then
    note "With CI=true a skipped test is a failure: the tools that it names must be there."
    status=1
  fi
  printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  exit "$status"
}

# What the tests need beside the SDK. A line: Debian package, the command or file that shows it is there, what it is for.
needed() {
  cat <<'LIST'
g++            g++                        the peer of the pruned product, compiled from Eigen
libeigen3-dev  /usr/include/eigen3/Eigen  the peer of the pruned product
prometheus     prometheus                 dashboards and alerts are tried against it
python3        python3                    draws the dashboards
systemd        systemd-analyze            checks the units
LIST
}

install_needed() {
  local package sign purpose missing=()
  while read -r package sign purpose; do
    type -P "$sign" >/dev/null || [[ -e $sign ]] || missing+=("$package")
  done < <(needed)
  ((${#missing[@]})) || return
  if ((EUID != 0)) || ! type -P apt-get >/dev/null; then
    note "Not installed, for that takes root and apt-get: ${missing[*]}. The tests that need them will be skipped:"
    needed | grep -E "^($(IFS='|'; printf '%s' "${missing[*]}" | sed 's/+/\\+/g'))[[:space:]]"
    return
  fi
  note "Installing ${missing[*]}"
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"; } >"$results/apt.log" 2>&1 || {
    cat -- "$results/apt.log"
    note "Installing failed (log above): the tests that need ${missing[*]} will be skipped."
  }
}

# Adds one project's counts. A project that died, or ran nothing, counts as one failure.
count() {
  local name=$1 status=$2 report=$3 line total
  line=$(grep -o '<assembly [^>]*>' "$report" 2>/dev/null | head -n 1)
  attribute() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$line"; }
  total=$(attribute total)
  if [[ -z $total ]]; then
    note "$name ended with code $status and left no results$( ((status == 124)) && printf ' (stopped after %s)' "$limit")."
    ((failed += 1))
    return
  fi
  ((passed += $(attribute passed), failed += $(attribute failed) + $(attribute errors), skipped += $(attribute skipped)))
  if ((total == 0)); then
    note "$name ran no tests."
    ((failed += 1))
  elif ((status != 0 && $(attribute failed) + $(attribute errors) == 0)); then
    note "$name passed its tests but ended with code $status."
    ((failed += 1))
  fi
}

run() {
  local project=$1 name
  shift
  name=$(basename -- "$project" .csproj)
  note "$name"
  timeout --foreground --kill-after=10s "$limit" \
    dotnet exec "$(dirname -- "$project")/bin/Release/net10.0/$name.dll" -noLogo -noColor -result-xml "$results/$name.xml" "$@" </dev/null
  count "$name" $? "$results/$name.xml"
}

projects=(tests/*/*.Tests.csproj)
target=Fleet.sln
if (($#)); then
  name=${1%.Tests}
  name=${name#Fleet.}
  shift
  projects=("tests/$name.Tests/Fleet.$name.Tests.csproj")
  target=${projects[0]}
  if [[ ! -f $target ]]; then
    printf 'There is no test project %s. There are: %s\n' "$name" "$(basename -a -- tests/*/ | sed -n 's/\.Tests$//p' | paste -sd' ' -)" >&2
    exit 2
  fi
fi

install_needed

note "Building $target"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build "$target" --configuration Release --verbosity minimal --tl:off --nodeReuse:false -p:UseSharedCompilation=false -p:UseRazorBuildServer=false || {
  note "The build failed."
  failed=1
  finish
}

for project in "${projects[@]}"; do
  run "$project" "$@"
done
finish
