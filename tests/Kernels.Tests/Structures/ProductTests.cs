using Fleet.Kernels.Models;
using Fleet.Kernels.Tests.Runtime;

namespace Fleet.Kernels.Tests.Structures;

public sealed class ProductTests
{
    public static TheoryData<string> Methods => [.. CellTests.MethodNames];

    [Theory]
    [MemberData(nameof(Methods))]
    public void What_a_structure_says_its_product_is_put_together_from_gives_its_matrix_times_x(string method)
    {
        foreach (var cell in (string[])["lstm", "gru", "rnn"])
        {
            var structure = CellTests.Structure(cell, method);
            var document = RandomModel.Create(structure, 3, 1);
            foreach (var (name, matrix) in structure.Matrices)
            {
                var prefix = ModelDocument.MatrixPrefix(0, reverse: false, name);
                var x = ModelRunnerTests.Sequence(matrix.Columns, 3).Select(value => (double)value).ToArray();
                var expected = ReferenceMatrix.Product(ReferenceMatrix.Full(matrix, tensor => document.Tensors[prefix + tensor]), x);
                var found = matrix.Product(new ProductInDouble(tensor => document.Tensors[prefix + tensor]), [x]).Single();
                Assert.Equal(expected.Length, found.Length);
                Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
            }
        }
    }
}
