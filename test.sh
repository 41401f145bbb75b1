#!/usr/bin/env bash
# Runs the tests: ./test.sh for all of them, ./test.sh NAME [RUNNER OPTION ...] for one project (./test.sh Cli -class '*Sweep*').
#
# The last line is "N passed, N failed, N skipped"; before it stands once more what failed. The exit code is 0 only if everything was built, every test project ran
# to its end with at least one test, and none failed. With CI=true no test may be skipped either.
set -uo pipefail
export LC_ALL=C
cd "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" || exit 1

# Longest time that one test project may take.
limit=${FLEET_TEST_LIMIT:-60m}
results=$(mktemp -d) || exit 1
trap 'rm -rf -- "$results"' EXIT
trap 'exit 130' INT TERM HUP
passed=0 failed=0 skipped=0
failures=()
times=()

note() { printf '\n== %s\n' "$*"; }

finish() {
  local status=0
  if ((failed > 0)); then
    status=1
  elif [[ ${CI:-} == true ]] && ((skipped > 0)); then
    note "With CI=true a skipped test is a failure: the tools that it names must be there."
    status=1
  fi
  # Where the time goes: the projects, and the tests of more than 20 seconds.
  if ((${#times[@]} > 1)); then
    note "Seconds:"
    printf '%s\n' "${times[@]}" | sort -rn
  fi
  # Again, because who reads the end of a long log reads this.
  if ((${#failures[@]} > 0)); then
    note "Failed:"
    printf '  %s\n' "${failures[@]}"
  fi
  printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  exit "$status"
}

# What the tests need beside the SDK. A line: Debian package, the command or file that shows it is there, what it is for.
needed() {
  cat <<'LIST'
g++                         g++                                        the peer of the pruned product, compiled from Eigen
libeigen3-dev               /usr/include/eigen3/Eigen                  the peer of the pruned product
clang                       clang                                      linking the agent for boards
gcc-aarch64-linux-gnu       aarch64-linux-gnu-gcc                      linking the agent for ARM64
binutils-aarch64-linux-gnu  aarch64-linux-gnu-objcopy                  linking the agent for ARM64
libc6-dev-arm64-cross       /usr/aarch64-linux-gnu/lib/Scrt1.o         linking the agent for ARM64
qemu-user-static            qemu-aarch64-static                        running ARM64 programs
libc6:arm64                 /lib/ld-linux-aarch64.so.1                 what ARM64 programs load
libgcc-s1:arm64             /lib/aarch64-linux-gnu/libgcc_s.so.1       what ARM64 programs load
libstdc++6:arm64            /usr/lib/aarch64-linux-gnu/libstdc++.so.6  what ARM64 programs load
libssl3:arm64               /usr/lib/aarch64-linux-gnu/libssl.so.3     what ARM64 programs load
chromium                    chromium                                   a web page tries to call a silo
prometheus                  prometheus                                 dashboards and alerts are tried against it
python3                     python3                                    draws the dashboards
systemd                     systemd-analyze                            checks the units
python3-torch               /usr/lib/python3/dist-packages/torch       training steps are compared with PyTorch's
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
  (
    # Packages of another architecture (NAME:ARCH) are found once dpkg knows of it.
    for package in "${missing[@]}"; do
      [[ $package != *:* ]] || dpkg --add-architecture "${package#*:}" || exit
    done
    # A machine that has just started may be updating itself.
    apt-get -o DPkg::Lock::Timeout=300 update -q &&
      DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -q -y --no-install-recommends "${missing[@]}" || exit
    # Debian starts a server of its own with the package.
    if [[ " ${missing[*]} " == *" prometheus "* && -d /run/systemd/system ]]; then systemctl disable --quiet --now prometheus; fi
  ) >"$results/apt.log" 2>&1 || {
    cat -- "$results/apt.log"
    note "Installing failed (log above): the tests that need ${missing[*]} will be skipped."
  }
}

# Says that something went wrong which is no test of its own, and counts it as a failure.
fail() {
  note "$1"
  failures+=("$1")
  ((failed += 1))
}

# The failed tests of a report, one a line: name, and the first line of its message.
failed_tests() {
  awk '
    BEGIN { RS = "<test |<error " }
    {
      tag = " " substr($0, 1, index($0, ">"))
      if (NR == 1 || (tag ~ / result="/ && tag !~ / result="Fail"/) || !match(tag, / name="[^"]*"/)) next
      name = substr(tag, RSTART + 7, RLENGTH - 8)
      message = ""
      if (from = index($0, "<message>")) {
        message = substr($0, from + 9)
        message = substr(message, 1, index(message "</message>", "</message>") - 1)
        sub(/^<!\[CDATA\[/, "", message)
        sub(/\]\]>$/, "", message)
        split(message, lines, /\r?\n|\\r\\n|\\n/)
        message = ": " substr(lines[1], 1, 300)
      }
      line = name message
      gsub(/&quot;/, "\"", line); gsub(/&apos;/, "\047", line); gsub(/&lt;/, "<", line); gsub(/&gt;/, ">", line); gsub(/&#x[0-9A-Fa-f]+;/, " ", line); gsub(/&amp;/, "\\&", line)
      print line
    }' "$1"
}

# How long a report's tests took, one a line as "seconds name": all of them together under the project's name, and each slow one.
spent() {
  awk -v project="$1" '
    function attribute(name) { return match(tag, " " name "=\"[^\"]*\"") ? substr(tag, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : "" }
    BEGIN { RS = "<" }
    {
      tag = " " substr($0, 1, index($0, ">"))
      if (tag ~ /^ assembly /) printf "%7.0f %s\n", attribute("time"), project
      if (tag ~ /^ test / && attribute("time") + 0 > 20) {
        name = attribute("name")
        sub(/^Fleet\.[^(]*\.Tests\./, "", name)
        gsub(/\\?&quot;/, "\"", name)
        printf "%7.0f   %s\n", attribute("time"), substr(name, 1, 120)
      }
    }' "$2"
}

# Adds one project's counts. A project that died, or ran nothing, counts as one failure.
count() {
  local name=$1 status=$2 report=$3 line total failure line_of_time
  line=$(grep -o '<assembly [^>]*>' "$report" 2>/dev/null | head -n 1)
  attribute() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$line"; }
  total=$(attribute total)
  if [[ -z $total ]]; then
    fail "$name ended with code $status and left no results$( ((status == 124)) && printf ' (stopped after %s)' "$limit")."
    return
  fi
  while IFS= read -r line_of_time; do
    times+=("$line_of_time")
  done < <(spent "$name" "$report")
  ((passed += $(attribute passed), failed += $(attribute failed) + $(attribute errors), skipped += $(attribute skipped)))
  while read -r failure; do
    failures+=("$name: $failure")
  done < <(failed_tests "$report")
  if ((total == 0)); then
    fail "$name ran no tests."
  elif ((status != 0 && $(attribute failed) + $(attribute errors) == 0)); then
    fail "$name passed its tests but ended with code $status."
  fi
}

# Tests of a project once more, as an ARM64 program with NEON: the same sources on ARM64's runtime, under an emulator. With tiering
# off, all of it is compiled as a board has it. The other settings, and one test at a time, keep the runtime from what QEMU 7.2
# stumbles over: code pages mapped twice, a heap reserved beforehand, threads stopped by signals.
run_on_arm() {
  local project=$1 name arm missing
  shift
  name=Fleet.$project.Tests
  arm=$results/arm64
  note "$name on ARM64"
  missing=$(needed | while read -r package sign _; do
    case $package in qemu-user-static | *:arm64) type -P "$sign" >/dev/null || [[ -e $sign ]] || printf '%s ' "$package" ;; esac
  done)
  if [[ -n $missing ]]; then
    note "Skipped: $missing must be installed."
    ((skipped += 1))
    return
  fi
  dotnet publish "tests/$project.Tests" --configuration Release --runtime linux-arm64 --self-contained --output "$arm/$project" \
    --verbosity quiet --tl:off --nodeReuse:false -p:FleetOut="$arm/bin" -p:FleetObj="$arm/obj" -p:UseSharedCompilation=false -p:RunAnalyzers=false || {
    fail "Building $name for ARM64 failed."
    return
  }
  # The published program lies outside of the checkout, and looks for the real data from there.
  FLEET_DATA=$(realpath -m -- "${FLEET_DATA:-../shared/data}") \
    DOTNET_TieredCompilation=0 DOTNET_EnableWriteXorExecute=0 DOTNET_GCHeapHardLimit=0x20000000 DOTNET_gcConcurrent=0 \
    timeout --foreground --kill-after=10s "$limit" \
    qemu-aarch64-static "$arm/$project/$name" -noLogo -noColor -maxThreads 1 -result-xml "$results/$name.arm64.xml" "$@" </dev/null
  count "$name on ARM64" $? "$results/$name.arm64.xml"
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
  fail "The build failed."
  finish
}

for project in "${projects[@]}"; do
  run "$project" "$@"
  case $project in
    # Reading damaged files is the same code everywhere, and takes the emulator a minute or more.
    tests/Kernels.Tests/*) run_on_arm Kernels -class- Fleet.Kernels.Tests.Models.FuzzTests "$@" ;;
    tests/Interchange.Tests/*) (($#)) || run_on_arm Interchange -class '*NodeCaseTests' ;;
  esac
done
finish
