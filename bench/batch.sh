#!/bin/sh
# Sequences in lock-step against the same one after the other, turn by turn in one run on one core: a JSON array on standard output.
# CORE says which core (default: the last one).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/build.sh"
exec taskset -c "$core" "$out/Fleet.Bench/Fleet.Bench" batch
