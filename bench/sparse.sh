#!/bin/sh
# The pruned product against Eigen's, turn by turn in one run on one core: a JSON array on standard output.
# CORE says which core (default: the last one); CXX which compiler builds the peer.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/build.sh"
. "$here/eigen.sh"
exec taskset -c "$core" "$out/Fleet.Bench/Fleet.Bench" sparse "$out/sparse_eigen"
