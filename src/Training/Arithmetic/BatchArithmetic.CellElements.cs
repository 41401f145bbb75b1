using System.Runtime.CompilerServices;

namespace Fleet.Training.Arithmetic;

internal sealed unsafe partial class BatchArithmetic<T, V, S>
{
    public override void Add(T* x, T* y, long count)
    {
        for (var at = 0L; at < count; at += S.Count)
        {
            S.Store(y + at, S.Add(S.Load(y + at), S.Load(x + at)));
        }
    }

    public override void MultiplyBy(T* x, T* y, long count)
    {
        for (var at = 0L; at < count; at += S.Count)
        {
            S.Store(y + at, S.Multiply(S.Load(y + at), S.Load(x + at)));
        }
    }

    public override void SigmoidForward(int hidden, T* y)
    {
        for (var at = 0; at < hidden * MicroBatch.Samples; at += S.Count)
        {
            S.Store(y + at, Sigmoid(S.Load(y + at)));
        }
    }

    public override void TanhForward(int hidden, T* y)
    {
        for (var at = 0; at < hidden * MicroBatch.Samples; at += S.Count)
        {
            S.Store(y + at, Tanh(S.Load(y + at)));
        }
    }

    public override void TanhBackward(int hidden, T* y, T* outputGradient, T* sumGradient)
    {
        for (var at = 0; at < hidden * MicroBatch.Samples; at += S.Count)
        {
            S.Store(sumGradient + at, S.Multiply(S.Load(outputGradient + at), TanhSlope(S.Load(y + at))));
        }
    }

    public override void ReluForward(int hidden, T* y)
    {
        for (var at = 0; at < hidden * MicroBatch.Samples; at += S.Count)
        {
            S.Store(y + at, S.Max(S.Load(y + at), S.Constant(0)));
        }
    }

    public override void ReluBackward(int hidden, T* y, T* outputGradient, T* sumGradient)
    {
        for (var at = 0; at < hidden * MicroBatch.Samples; at += S.Count)
        {
            S.Store(sumGradient + at, S.WherePositive(S.Load(y + at), S.Load(outputGradient + at)));
        }
    }

    public override void GruForward(int hidden, T* gates, T* recurrent, T* previous, T* product, T* output)
    {
        var size = hidden * MicroBatch.Samples;
        var z = gates + size;
        var n = z + size;
        for (var at = 0; at < size; at += S.Count)
        {
            var reset = Sigmoid(S.Add(S.Load(gates + at), S.Load(recurrent + at)));
            var update = Sigmoid(S.Add(S.Load(z + at), S.Load(recurrent + size + at)));
            var q = S.Load(recurrent + (2 * size) + at);
            var candidate = Tanh(S.MultiplyAdd(reset, q, S.Load(n + at)));
            S.Store(gates + at, reset);
            S.Store(z + at, update);
            S.Store(n + at, candidate);
            S.Store(product + at, q);
            S.Store(output + at, Mix(update, candidate, S.Load(previous + at)));
        }
    }

    public override void GruBackward(
        int hidden, T* gates, T* product, T* previous, T* outputGradient, T* sumGradient, T* recurrentGradient, T* direct)
    {
        var size = hidden * MicroBatch.Samples;
        for (var at = 0; at < size; at += S.Count)
        {
            var reset = S.Load(gates + at);
            var dn = UpdateBack(gates + size + at, size, previous + at, outputGradient + at, sumGradient + size + at, direct + at);
            var dq = S.Multiply(dn, reset);
            var dr = S.Multiply(S.Multiply(dn, S.Load(product + at)), SigmoidSlope(reset));
            S.Store(sumGradient + at, dr);
            S.Store(recurrentGradient + at, dr);
            S.Store(recurrentGradient + size + at, S.Load(sumGradient + size + at));
            S.Store(recurrentGradient + (2 * size) + at, dq);
        }
    }

    public override void ResetForward(int hidden, T* gates, T* previous, T* reset)
    {
        var size = hidden * MicroBatch.Samples;
        for (var at = 0; at < size; at += S.Count)
        {
            var r = Sigmoid(S.Load(gates + at));
            S.Store(gates + at, r);
            S.Store(gates + size + at, Sigmoid(S.Load(gates + size + at)));
            S.Store(reset + at, S.Multiply(r, S.Load(previous + at)));
        }
    }

    public override void UpdateForward(int hidden, T* gates, T* previous, T* output)
    {
        var size = hidden * MicroBatch.Samples;
        for (var at = 0; at < size; at += S.Count)
        {
            var candidate = Tanh(S.Load(gates + size + at));
            S.Store(gates + size + at, candidate);
            S.Store(output + at, Mix(S.Load(gates + at), candidate, S.Load(previous + at)));
        }
    }

    public override void UpdateBackward(int hidden, T* gates, T* previous, T* outputGradient, T* sumGradient, T* direct)
    {
        var size = hidden * MicroBatch.Samples;
        for (var at = 0; at < size; at += S.Count)
        {
            UpdateBack(gates + at, size, previous + at, outputGradient + at, sumGradient + at, direct + at);
        }
    }

    public override void ResetBackward(int hidden, T* gates, T* previous, T* resetGradient, T* sumGradient, T* direct)
    {
        var size = hidden * MicroBatch.Samples;
        for (var at = 0; at < size; at += S.Count)
        {
            var reset = S.Load(gates + at);
            var gradient = S.Load(resetGradient + at);
            S.Store(sumGradient + at, S.Multiply(S.Multiply(gradient, S.Load(previous + at)), SigmoidSlope(reset)));
            S.Store(direct + at, S.MultiplyAdd(gradient, reset, S.Load(direct + at)));
        }
    }

    public override void FastGrnnForward(int hidden, T* gates, T* bias, T zeta, T nu, T* previous, T* output)
    {
        var size = hidden * MicroBatch.Samples;
        var (zetas, nus) = (S.Create(zeta), S.Create(nu));
        var one = S.Constant(1);
        for (var row = 0; row < hidden; row++)
        {
            var (updateBias, candidateBias) = (S.Create(bias[row]), S.Create(bias[hidden + row]));
            for (var at = row * MicroBatch.Samples; at < (row + 1) * MicroBatch.Samples; at += S.Count)
            {
                var sum = S.Load(gates + at);
                var update = Sigmoid(S.Add(sum, updateBias));
                var candidate = Tanh(S.Add(sum, candidateBias));
                S.Store(gates + at, update);
                S.Store(gates + size + at, candidate);
                var weight = S.MultiplyAdd(zetas, S.Subtract(one, update), nus);
                S.Store(output + at, S.MultiplyAdd(weight, candidate, S.Multiply(update, S.Load(previous + at))));
            }
        }
    }

    public override void FastGrnnBackward(
        int hidden, T* gates, T zeta, T nu, T* previous, T* outputGradient, T* gateGradients, T* sumGradient, T* direct, T* scalarLanes)
    {
        var size = hidden * MicroBatch.Samples;
        var (zetas, nus) = (S.Create(zeta), S.Create(nu));
        var one = S.Constant(1);
        // Lane by lane in the order of rows, the halves of a row one after the other, whatever the width.
        for (var lane = 0; lane < MicroBatch.Lanes; lane += S.Count)
        {
            var (zetaSum, nuSum) = (S.Load(scalarLanes + lane), S.Load(scalarLanes + MicroBatch.Lanes + lane));
            for (var at = lane; at < size; at += MicroBatch.Lanes)
            {
                var update = S.Load(gates + at);
                var candidate = S.Load(gates + size + at);
                var dh = S.Load(outputGradient + at);
                var rest = S.Subtract(one, update);
                var shown = S.Multiply(dh, candidate);
                zetaSum = S.MultiplyAdd(shown, rest, zetaSum);
                nuSum = S.Add(nuSum, shown);
                // d(z) = dh (h_prev - zeta n), d(n) = dh (zeta (1 - z) + nu).
                var dz = S.Multiply(S.Subtract(S.Multiply(dh, S.Load(previous + at)), S.Multiply(zetas, shown)), SigmoidSlope(update));
                var dn = S.Multiply(S.Multiply(dh, S.MultiplyAdd(zetas, rest, nus)), TanhSlope(candidate));
                S.Store(gateGradients + at, dz);
                S.Store(gateGradients + size + at, dn);
                S.Store(sumGradient + at, S.Add(dz, dn));
                S.Store(direct + at, S.Multiply(dh, update));
            }

            S.Store(scalarLanes + lane, zetaSum);
            S.Store(scalarLanes + MicroBatch.Lanes + lane, nuSum);
        }
    }

    // (1 - z) n + z h = n + z (h - n).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Mix(V update, V candidate, V previous) => S.MultiplyAdd(update, S.Subtract(previous, candidate), candidate);

    // Of one vector, gates and gradients being [z, n]: d(z) = dh (h_prev - n), d(n) = dh (1 - z). Returns d(sum of n).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V UpdateBack(T* gates, int size, T* previous, T* outputGradient, T* sumGradient, T* direct)
    {
        var update = S.Load(gates);
        var candidate = S.Load(gates + size);
        var dh = S.Load(outputGradient);
        var dn = S.Multiply(S.Multiply(dh, S.Subtract(S.Constant(1), update)), TanhSlope(candidate));
        S.Store(sumGradient, S.Multiply(S.Multiply(dh, S.Subtract(S.Load(previous), candidate)), SigmoidSlope(update)));
        S.Store(sumGradient + size, dn);
        S.Store(direct, S.Multiply(dh, update));
        return dn;
    }

    // tanh' = 1 - tanh^2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V TanhSlope(V value) => S.Subtract(S.Constant(1), S.Multiply(value, value));

    // s' = s (1 - s).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SigmoidSlope(V value) => S.Multiply(value, S.Subtract(S.Constant(1), value));
}
