using Fleet.Kernels.Simd;
using Fleet.Kernels.Tests.Runtime;

namespace Fleet.Kernels.Tests.Simd;

public sealed class SoftmaxTests
{
    // No vector full, one, several of them with a rest, and a vocabulary.
    private static readonly int[] Lengths = [1, 3, 4, 8, 15, 16, 31, 32, 33, 77, 128, 10007];

    [Fact]
    public void Probabilities_are_those_of_double_precision()
    {
        foreach (var length in Lengths)
        {
            var values = Array.ConvertAll(ModelRunnerTests.Sequence(length, 3), value => 10 * value);
            var max = (double)values.Max();
            var sum = values.Sum(value => Math.Exp(value - max));
            // Bounds of e^x, and what rounding x * log2(e) adds far from zero; those of the sum.
            var expected = Array.ConvertAll(values, value => (Value: Math.Exp(value - max) / sum, Error: 2e-6 + (1.2e-7 * (max - value))));
            Softmax.Apply(values);
            for (var index = 0; index < length; index++)
            {
                Assert.Equal(expected[index].Value, values[index], expected[index].Error * expected[index].Value);
            }
        }
    }

    [Fact]
    public void Wherever_a_value_is_no_number_none_of_the_probabilities_is_one()
    {
        foreach (var length in (int[])[1, 7, 40, 77])
        {
            for (var place = 0; place < length; place++)
            {
                var values = ModelRunnerTests.Sequence(length, 3);
                values[place] = float.NaN;
                Softmax.Apply(values);
                Assert.All(values, value => Assert.Equal(float.NaN, value));
            }
        }
    }
}
