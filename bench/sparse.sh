#!/bin/sh
# Sparse forms beside others, turn by turn in one run on one core, as the tables of README.md: the pruned product against Eigen's, hmd
# against pruning to the same stored bytes, and the sparsity at which each sparse form meets dense. Takes about three minutes.
# CORE says which core (default: the last one); CXX which compiler builds the peer.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/build.sh"
. "$here/eigen.sh"
exec taskset -c "$core" "$out/Fleet.Bench/Fleet.Bench" sparse "$out/sparse_eigen"
