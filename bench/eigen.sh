# Sourced after build.sh: compiles Eigen's sparse product into $out/sparse_eigen.
if [ ! -d /usr/include/eigen3 ]; then
    echo "Eigen is missing: apt-get install libeigen3-dev" >&2
    exit 1
fi

"${CXX:-g++}" -O3 -march=native -I/usr/include/eigen3 "$here/sparse_eigen/sparse_eigen.cpp" -o "$out/sparse_eigen"
