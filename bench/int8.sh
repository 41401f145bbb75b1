#!/bin/sh
# Each method in int8 against the same model in fp32, in window and in streaming mode, turn by turn in one run on one core: a JSON
# array on standard output. CORE says which core (default: the last one).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/build.sh"
exec taskset -c "$core" "$out/Fleet.Bench/Fleet.Bench" int8
