#!/bin/sh
# All comparisons of the kernels, turn by turn in one run on one core: a JSON array on standard output, in less than five minutes.
# CORE says which core (default: the last one); CXX which compiler builds Eigen's product. The answer is always JSON; --json says so.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
case "$*" in '' | --json) ;; *) echo "usage: bench/kernels.sh [--json]" >&2; exit 2 ;; esac
. "$here/build.sh"
. "$here/eigen.sh"
exec taskset -c "$core" "$out/Fleet.Bench/Fleet.Bench" kernels "$out/sparse_eigen"
