using Fleet.Kernels.Methods.DopedKronecker;
using Fleet.Kernels.Methods.Kronecker;
using Fleet.Kernels.Methods.Lmf;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Tests.Runtime;

/// <summary>Products in int8 as they are defined, in double: weights as the bytes stand for them, times what the bytes of x stand for.</summary>
internal static class Int8Reference
{
    /// <param name="tensor">Dequantised.</param>
    public static Func<double[], double[]> Product(MatrixStructure structure, Func<string, Tensor> tensor)
    {
        switch (structure)
        {
            // z between the two factors is quantised as well, that of each gate by itself.
            case LmfStructure lmf:
                var inner = ReferenceMatrix.Full(new DenseStructure(1, (lmf.Shared ? 1 : lmf.Gates) * lmf.Rank, lmf.Columns), _ => tensor("v"));
                var outer = ReferenceMatrix.Full(new DenseStructure(lmf.Gates, lmf.Rows, lmf.Rank), _ => tensor("u"));
                return x =>
                {
                    var z = ReferenceMatrix.Product(inner, Bytes(x)).Chunk(lmf.Rank).Select(Bytes).ToArray();
                    var products = z.Select(part => ReferenceMatrix.Product(outer, part)).ToArray();
                    return [.. Enumerable.Range(0, lmf.Gates * lmf.Rows).Select(row => products[lmf.Shared ? 0 : row / lmf.Rows][row])];
                };

            // Each segment of x that the inner factor reads has a scale of its own.
            case KroneckerStructure kronecker:
                var product = ReferenceMatrix.Full(kronecker, tensor);
                return x => ReferenceMatrix.Product(product, x.Chunk(kronecker.InnerColumns).SelectMany(Bytes).ToArray());

            case DopedKroneckerStructure doped:
                var (first, second) = (Product(doped.Kronecker, tensor), Product(doped.Dope, tensor));
                return x => [.. first(x).Zip(second(x), (left, right) => left + right)];

            default:
                var full = ReferenceMatrix.Full(structure, tensor);
                return x => ReferenceMatrix.Product(full, Bytes(x));
        }
    }

    /// <summary>What is left of a vector when it is rounded to bytes of its greatest value.</summary>
    public static double[] Bytes(double[] x)
    {
        var scale = x.Max(Math.Abs) / 127;
        return scale == 0 ? x : [.. x.Select(value => Math.Round(value / scale) * scale)];
    }
}
