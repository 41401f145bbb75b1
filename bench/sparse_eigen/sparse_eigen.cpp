// Eigen's row-major sparse matrix times vector, as a peer of Fleet.Bench: see bench/README.md.
//
// Arguments: a file with rows, columns, non-zeros (int32 each), row offsets (int32), columns (int32), values (float) and x (float).
// First the product is written to standard output, one value a line, so that it can be compared. Then each line on standard input
// is a number of products to time; the answer is the nanoseconds that they took.
#include <Eigen/Sparse>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <vector>

template <typename T>
static std::vector<T> read(std::ifstream& file, std::size_t count) {
  std::vector<T> values(count);
  file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(count * sizeof(T)));
  if (!file) {
    std::fprintf(stderr, "the file ends early\n");
    std::exit(2);
  }
  return values;
}

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: sparse_eigen FILE\n");
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  const auto extent = read<std::int32_t>(file, 3);
  const auto offsets = read<std::int32_t>(file, extent[0] + 1);
  const auto columns = read<std::int32_t>(file, extent[2]);
  const auto values = read<float>(file, extent[2]);
  const auto xs = read<float>(file, extent[1]);

  using Sparse = Eigen::SparseMatrix<float, Eigen::RowMajor>;
  const Sparse matrix = Eigen::Map<const Sparse>(
      extent[0], extent[1], extent[2], offsets.data(), columns.data(), values.data());
  const Eigen::VectorXf x = Eigen::Map<const Eigen::VectorXf>(xs.data(), extent[1]);
  Eigen::VectorXf y(extent[0]);

  y.noalias() = matrix * x;
  for (int row = 0; row < y.size(); ++row) {
    std::printf("%.9g\n", y[row]);
  }
  std::fflush(stdout);

  long repetitions = 0;
  while (std::scanf("%ld", &repetitions) == 1) {
    const auto start = std::chrono::steady_clock::now();
    for (long i = 0; i < repetitions; ++i) {
      y.noalias() = matrix * x;
      asm volatile("" : : "r"(y.data()) : "memory");
    }
    const auto end = std::chrono::steady_clock::now();
    std::printf("%lld\n", static_cast<long long>(std::chrono::duration_cast<std::chrono::nanoseconds>(end - start).count()));
    std::fflush(stdout);
  }
  return 0;
}
