using System.Numerics;
using System.Runtime.Intrinsics;

namespace Fleet.Training.Arithmetic;

/// <summary>
/// The arithmetic of training over one micro-batch: vectors are [rows, <see cref="MicroBatch.Samples"/>]. Pointers are to memory that the
/// caller owns, of the shapes that are given; targets never overlap sources.
/// </summary>
internal abstract unsafe partial class BatchArithmetic<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>With the widest vectors of this machine.</summary>
    public static BatchArithmetic<T> Best { get; } =
        Vector512.IsHardwareAccelerated ? Of(512) : Vector256.IsHardwareAccelerated ? Of(256) : Of(128);

    public static BatchArithmetic<T> Of(int bits) => bits switch
    {
        512 => new BatchArithmetic<T, Vector512<T>, Simd512<T>>(),
        256 => new BatchArithmetic<T, Vector256<T>, Simd256<T>>(),
        128 => new BatchArithmetic<T, Vector128<T>, Simd128<T>>(),
        _ => throw new ArgumentOutOfRangeException(nameof(bits), bits, "Vectors are of 128, 256 or 512 bits."),
    };

    /// <summary>y = W x, or y += W x: x[depth, samples], y[rows, samples].</summary>
    public void Multiply(PackedMatrix<T> matrix, T* x, T* y, bool add) => Multiply(matrix, x, y, MicroBatch.Samples, add);

    /// <summary>The same with <paramref name="row"/> values from one row of y to the next.</summary>
    public abstract void Multiply(PackedMatrix<T> matrix, T* x, T* y, int row, bool add);

    /// <summary>
    /// G += sum over steps and samples of a x': a[step][rows, samples] with <paramref name="stride"/> between steps, G padded to
    /// [<see cref="OuterRows"/>(rows), <see cref="BatchMajor{T}.Padded"/>(columns)].
    /// Memory behind a, up to <see cref="OuterRows"/>(rows), must be readable; what it holds ends in the padding of G.
    /// </summary>
    public abstract void AddOuter(T* a, int rows, long stride, int steps, BatchMajor<T> x, T* gradient);

    /// <summary>sums[rows, lanes] += a[rows, samples] * b[samples], samples that share a lane one after the other.</summary>
    public abstract void AddLaneProducts(T* a, int rows, T* b, T* sums);

    /// <summary>sums[rows, lanes] += a[rows, samples].</summary>
    public abstract void AddLanes(T* a, int rows, T* sums);

    /// <summary>y[rows, samples] = bias[rows] for every sample.</summary>
    public abstract void Fill(T* bias, int rows, T* y);

    /// <summary>
    /// LSTM gates: from the sums i, f, g, o in <paramref name="gates"/>[4 hidden, samples] and c_prev to
    /// i = s(i), f = s(f), g = tanh(g), o = s(o), written over the sums; c = f c_prev + i g; tanh(c); h = o tanh(c).
    /// </summary>
    public abstract void GatesForward(int hidden, T* gates, T* previousCell, T* cell, T* cellTanh, T* output);

    /// <summary>
    /// Back through <see cref="GatesForward"/>: from dL/dh and dL/dc to dL/d(sums) and dL/dc_prev, written over
    /// <paramref name="cellGradient"/>.
    /// </summary>
    public abstract void GatesBackward(
        int hidden, T* gates, T* previousCell, T* cellTanh, T* outputGradient, T* cellGradient, T* sumGradient);

    /// <summary>p = softmax(x) over the rows, for each sample: x, p[rows, samples].</summary>
    public abstract void Softmax(T* x, int rows, T* p);

    /// <summary>y[count] *= factor; a multiple of <see cref="MicroBatch.Samples"/>.</summary>
    public abstract void Scale(T factor, T* y, long count);

    /// <summary>
    /// Adam (Kingma and Ba 2015): m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w -= rate m / (sqrt(v) rootCorrection + epsilon),
    /// where rate carries 1 / (1 - b1^t) and rootCorrection is 1 / sqrt(1 - b2^t). Count is a multiple of <see cref="MicroBatch.Lanes"/>.
    /// </summary>
    public abstract void Adam(T* weights, T* gradient, T* first, T* second, int count, AdamFactors factors);

    /// <summary>Rows of G in <see cref="AddOuter"/>.</summary>
    public static int OuterRows(int rows) => (rows + PackedMatrix<T>.TallPanel - 1) / PackedMatrix<T>.TallPanel * PackedMatrix<T>.TallPanel;
}

/// <summary>The scalars of one Adam step.</summary>
internal readonly record struct AdamFactors(double Beta1, double Beta2, double Rate, double RootCorrection, double Epsilon, double GradientScale);
