namespace Fleet.Training.Arithmetic;

// What the cells other than the LSTM do with their sums; s is the logistic function, all vectors are [hidden, samples].
internal abstract unsafe partial class BatchArithmetic<T>
{
    /// <summary>y[count] += x[count]; a multiple of <see cref="MicroBatch.Samples"/>.</summary>
    public abstract void Add(T* x, T* y, long count);

    /// <summary>y[count] *= x[count]; a multiple of <see cref="MicroBatch.Samples"/>.</summary>
    public abstract void MultiplyBy(T* x, T* y, long count);

    /// <summary>y = s(y).</summary>
    public abstract void SigmoidForward(int hidden, T* y);

    /// <summary>y = tanh(y).</summary>
    public abstract void TanhForward(int hidden, T* y);

    /// <summary>dx = dy (1 - y^2).</summary>
    public abstract void TanhBackward(int hidden, T* y, T* outputGradient, T* sumGradient);

    /// <summary>y = max(0, y).</summary>
    public abstract void ReluForward(int hidden, T* y);

    /// <summary>dx = dy where y is above 0, else 0.</summary>
    public abstract void ReluBackward(int hidden, T* y, T* outputGradient, T* sumGradient);

    /// <summary>
    /// GRU that resets after the product: from the input's sums in <paramref name="gates"/>[r, z, n] and the recurrent product
    /// [r, z, q] to r, z = s(sums of both), n = tanh(n + r q), written over the sums; h = (1 - z) n + z h_prev; q is kept.
    /// </summary>
    public abstract void GruForward(int hidden, T* gates, T* recurrent, T* previous, T* product, T* output);

    /// <summary>
    /// Back through <see cref="GruForward"/>: from dL/dh to d(sums) of the input [r, z, n] and of the recurrent product [r, z, q],
    /// and the part of dL/dh_prev that comes through z.
    /// </summary>
    public abstract void GruBackward(
        int hidden, T* gates, T* product, T* previous, T* outputGradient, T* sumGradient, T* recurrentGradient, T* direct);

    /// <summary>The gates of a GRU that resets before the product: r, z = s(sums), written over them; <paramref name="reset"/> = r h_prev.</summary>
    public abstract void ResetForward(int hidden, T* gates, T* previous, T* reset);

    /// <summary>From z and the candidate's sum in <paramref name="gates"/>[z, n] to n = tanh(sum), written over it; h = (1 - z) n + z h_prev.</summary>
    public abstract void UpdateForward(int hidden, T* gates, T* previous, T* output);

    /// <summary>Back through <see cref="UpdateForward"/>: from dL/dh to d(sums)[z, n], and the part of dL/dh_prev that comes through z.</summary>
    public abstract void UpdateBackward(int hidden, T* gates, T* previous, T* outputGradient, T* sumGradient, T* direct);

    /// <summary>Back through r h_prev: from its gradient to d(sum) of r, and adds to the part of dL/dh_prev.</summary>
    public abstract void ResetBackward(int hidden, T* gates, T* previous, T* resetGradient, T* sumGradient, T* direct);

    /// <summary>
    /// FastGRNN: from the sum in <paramref name="gates"/>[z] to z = s(sum + b_z) and n = tanh(sum + b_h), written to [z, n];
    /// h = (zeta (1 - z) + nu) n + z h_prev.
    /// </summary>
    /// <param name="bias">b_z, b_h: [2 * hidden].</param>
    public abstract void FastGrnnForward(int hidden, T* gates, T* bias, T zeta, T nu, T* previous, T* output);

    /// <summary>
    /// Back through <see cref="FastGrnnForward"/>: from dL/dh to the gradients of (sum + b_z), (sum + b_h) and of the sum itself, the
    /// part of dL/dh_prev that comes through z, and lanes of d(zeta), d(nu): [2, lanes], added to.
    /// </summary>
    public abstract void FastGrnnBackward(
        int hidden, T* gates, T zeta, T nu, T* previous, T* outputGradient, T* gateGradients, T* sumGradient, T* direct, T* scalarLanes);
}
