#!/bin/sh
# The pruned product against Eigen's, turn by turn in one run on one core: a JSON array on standard output.
# CORE says which core (default: the last one); CXX which compiler builds the peer.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/build.sh"

if [ ! -d /usr/include/eigen3 ]; then
    echo "Eigen is missing: apt-get install libeigen3-dev" >&2
    exit 1
fi

"${CXX:-g++}" -O3 -march=native -I/usr/include/eigen3 "$here/sparse_eigen/sparse_eigen.cpp" -o "$out/sparse_eigen"
exec taskset -c "$core" "$out/Fleet.Bench/Fleet.Bench" sparse "$out/sparse_eigen"
