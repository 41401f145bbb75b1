using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Tests.Simd;

public sealed class ActivationTests
{
    /// <summary>Those of this processor. The ARM64 run of these tests has two, an AVX-512 machine four.</summary>
    public static TheoryData<SimdLevel> Levels => [.. Enum.GetValues<SimdLevel>().Where(SimdLevels.IsSupported)];

    [Fact]
    public void The_kernels_use_the_vectors_that_every_processor_of_the_architecture_has() =>
        Assert.True(SimdLevels.Best >= SimdLevel.V128 && (RuntimeInformation.ProcessArchitecture != Architecture.Arm64 || AdvSimd.Arm64.IsSupported));

    [Theory]
    [MemberData(nameof(Levels))]
    public void Sigmoid_and_tanh_keep_their_stated_error_over_all_floats(SimdLevel level)
    {
        // Every 1009th float of either sign, from the least denormal over the saturated range to infinity.
        var floats = new List<float>();
        for (var bits = 0; bits <= 0x7F80_0000; bits += 1009)
        {
            floats.Add(BitConverter.Int32BitsToSingle(bits));
        }

        floats.Add(float.PositiveInfinity);
        float[] all = [.. floats, .. floats.Select(value => -value)];
        var (sigmoid, tanh, _) = Evaluate(level, all);
        for (var index = 0; index < all.Length; index++)
        {
            var x = (double)all[index];
            var exact = Math.Tanh(x);
            // Below that, results are denormal and have no relative accuracy in any arithmetic.
            var allowed = Math.Abs(x) > 1e-37 ? Math.Min(Activation.MaxError, Activation.MaxTanhRelativeError * Math.Abs(exact)) : Activation.MaxError;
            if (!(Math.Abs(sigmoid[index] - (1 / (1 + Math.Exp(-x)))) <= Activation.MaxError
                && Math.Abs(tanh[index] - exact) <= allowed))
            {
                Assert.Fail($"sigmoid({x:R}) = {sigmoid[index]:R}, tanh({x:R}) = {tanh[index]:R}, exactly {exact:R}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void The_exponential_keeps_its_stated_error_and_ends_at_the_range_of_floats(SimdLevel level)
    {
        var values = Enumerable.Range(-87_000, 174_001).Select(thousandth => thousandth / 1000f).ToArray();
        var (_, _, exp) = Evaluate(level, values);
        for (var index = 0; index < values.Length; index++)
        {
            var (x, exact) = ((double)values[index], Math.Exp(values[index]));
            var allowed = Activation.MaxExpRelativeError + (Math.Abs(x) > 10 ? 6e-8 * Math.Abs(x) : 0);
            Assert.True(Math.Abs(exp[index] - exact) <= allowed * exact, $"e^{x:R} = {exp[index]:R}, exactly {exact:R}");
        }

        var (_, _, ends) = Evaluate(level, [float.NegativeInfinity, -1000, 1000, float.PositiveInfinity]);
        Assert.All(ends[..2], end => Assert.InRange(end, float.Epsilon, 1e-37f));
        Assert.All(ends[2..4], end => Assert.InRange(end, 1e37f, float.MaxValue));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Not_a_number_stays_not_a_number_in_its_own_lane(SimdLevel level)
    {
        var values = new float[16];
        values[5] = float.NaN;
        var (sigmoid, tanh, _) = Evaluate(level, values);
        for (var index = 0; index < values.Length; index++)
        {
            Assert.Equal(index == 5 ? float.NaN : 0.5f, sigmoid[index]);
            Assert.Equal(index == 5 ? float.NaN : 0, tanh[index]);
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void First_lanes_keeps_so_many_and_no_more(SimdLevel level)
    {
        switch (level)
        {
            case SimdLevel.Scalar:
                CheckLanes<ScalarVector>();
                break;
            case SimdLevel.V128:
                CheckLanes<V128>();
                break;
            case SimdLevel.V256:
                CheckLanes<V256>();
                break;
            default:
                CheckLanes<V512>();
                break;
        }
    }

    [Fact]
    public unsafe void Gather_takes_what_the_indices_say()
    {
        var source = Enumerable.Range(0, 65536).Select(value => (float)value).ToArray();
        ushort[] indices = [7, 65535, 0, 32768];
        var target = new float[4];
        fixed (float* from = source, to = target)
        fixed (ushort* index = indices)
        {
            V128.Gather(from, index).Store(to);
            Assert.Equal([7, 65535, 0, 32768], target);
            ScalarVector.Gather(from, index + 1).Store(to);
            Assert.Equal(65535, target[0]);
        }
    }

    private static (float[] Sigmoid, float[] Tanh, float[] Exp) Evaluate(SimdLevel level, float[] values) => level switch
    {
        SimdLevel.Scalar => Evaluate<ScalarVector>(values),
        SimdLevel.V128 => Evaluate<V128>(values),
        SimdLevel.V256 => Evaluate<V256>(values),
        _ => Evaluate<V512>(values),
    };

    private static unsafe (float[] Sigmoid, float[] Tanh, float[] Exp) Evaluate<V>(float[] values)
        where V : unmanaged, IVector<V>
    {
        var padded = new float[(values.Length + 15) / 16 * 16];
        values.CopyTo(padded, 0);
        var (sigmoid, tanh, exp) = (new float[padded.Length], new float[padded.Length], new float[padded.Length]);
        fixed (float* source = padded, sigmoids = sigmoid, tanhs = tanh, exps = exp)
        {
            for (var index = 0; index < padded.Length; index += V.Lanes)
            {
                Activation.Sigmoid(V.Load(source + index)).Store(sigmoids + index);
                Activation.Tanh(V.Load(source + index)).Store(tanhs + index);
                Activation.Exp(V.Load(source + index)).Store(exps + index);
            }
        }

        return (sigmoid, tanh, exp);
    }

    private static unsafe void CheckLanes<V>()
        where V : unmanaged, IVector<V>
    {
        var source = Enumerable.Range(1, 100).Select(value => (float)value).ToArray();
        var target = new float[16];
        fixed (float* from = source, to = target)
        {
            for (var count = 0; count <= V.Lanes; count++)
            {
                V.FirstLanes(V.Load(from), count).Store(to);
                Assert.Equal(Enumerable.Range(0, V.Lanes).Select(lane => lane < count ? source[lane] : 0), target[..V.Lanes]);
            }
        }
    }
}
