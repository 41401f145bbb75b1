using System.Runtime.CompilerServices;

namespace Fleet.Training.Arithmetic;

internal sealed unsafe partial class BatchArithmetic<T, V, S>
{
    private const double Log2E = 1.4426950408889634;

    public override void AddLaneProducts(T* a, int rows, T* b, T* sums)
    {
        for (var lane = 0; lane < MicroBatch.Lanes; lane += S.Count)
        {
            var first = S.Load(b + lane);
            var second = S.Load(b + lane + MicroBatch.Lanes);
            var from = a + lane;
            var to = sums + lane;
            for (var row = 0; row < rows; row++, from += MicroBatch.Samples, to += MicroBatch.Lanes)
            {
                S.Store(to, S.MultiplyAdd(S.Load(from + MicroBatch.Lanes), second, S.MultiplyAdd(S.Load(from), first, S.Load(to))));
            }
        }
    }

    public override void AddLanes(T* a, int rows, T* sums)
    {
        for (var lane = 0; lane < MicroBatch.Lanes; lane += S.Count)
        {
            var from = a + lane;
            var to = sums + lane;
            for (var row = 0; row < rows; row++, from += MicroBatch.Samples, to += MicroBatch.Lanes)
            {
                S.Store(to, S.Add(S.Add(S.Load(to), S.Load(from)), S.Load(from + MicroBatch.Lanes)));
            }
        }
    }

    public override void Fill(T* bias, int rows, T* y)
    {
        for (var row = 0; row < rows; row++)
        {
            var value = S.Create(bias[row]);
            for (var sample = 0; sample < MicroBatch.Samples; sample += S.Count, y += S.Count)
            {
                S.Store(y, value);
            }
        }
    }

    public override void GatesForward(int hidden, T* gates, T* previousCell, T* cell, T* cellTanh, T* output)
    {
        var size = hidden * MicroBatch.Samples;
        var i = gates;
        var f = i + size;
        var g = f + size;
        var o = g + size;
        for (var at = 0; at < size; at += S.Count)
        {
            var input = Sigmoid(S.Load(i + at));
            var forget = Sigmoid(S.Load(f + at));
            var candidate = Tanh(S.Load(g + at));
            var outputGate = Sigmoid(S.Load(o + at));
            var state = S.MultiplyAdd(forget, S.Load(previousCell + at), S.Multiply(input, candidate));
            var shown = Tanh(state);
            S.Store(i + at, input);
            S.Store(f + at, forget);
            S.Store(g + at, candidate);
            S.Store(o + at, outputGate);
            S.Store(cell + at, state);
            S.Store(cellTanh + at, shown);
            S.Store(output + at, S.Multiply(outputGate, shown));
        }
    }

    public override void GatesBackward(
        int hidden, T* gates, T* previousCell, T* cellTanh, T* outputGradient, T* cellGradient, T* sumGradient)
    {
        var size = hidden * MicroBatch.Samples;
        var i = gates;
        var f = i + size;
        var g = f + size;
        var o = g + size;
        var di = sumGradient;
        var df = di + size;
        var dg = df + size;
        var @do = dg + size;
        var one = S.Constant(1);
        for (var at = 0; at < size; at += S.Count)
        {
            var input = S.Load(i + at);
            var forget = S.Load(f + at);
            var candidate = S.Load(g + at);
            var outputGate = S.Load(o + at);
            var shown = S.Load(cellTanh + at);
            var dh = S.Load(outputGradient + at);
            // tanh' = 1 - tanh^2, s' = s (1 - s).
            var dc = S.MultiplyAdd(
                S.Multiply(dh, outputGate), S.Subtract(one, S.Multiply(shown, shown)), S.Load(cellGradient + at));
            S.Store(@do + at, S.Multiply(S.Multiply(dh, shown), S.Multiply(outputGate, S.Subtract(one, outputGate))));
            S.Store(di + at, S.Multiply(S.Multiply(dc, candidate), S.Multiply(input, S.Subtract(one, input))));
            S.Store(dg + at, S.Multiply(S.Multiply(dc, input), S.Subtract(one, S.Multiply(candidate, candidate))));
            S.Store(df + at, S.Multiply(S.Multiply(dc, S.Load(previousCell + at)), S.Multiply(forget, S.Subtract(one, forget))));
            S.Store(cellGradient + at, S.Multiply(dc, forget));
        }
    }

    public override void Softmax(T* x, int rows, T* p)
    {
        for (var sample = 0; sample < MicroBatch.Samples; sample += S.Count)
        {
            var from = x + sample;
            var to = p + sample;
            var size = (long)rows * MicroBatch.Samples;
            var greatest = S.Load(from);
            for (var at = 0L; at < size; at += MicroBatch.Samples)
            {
                greatest = S.Max(greatest, S.Load(from + at));
            }

            var sum = S.Constant(0);
            for (var at = 0L; at < size; at += MicroBatch.Samples)
            {
                var power = PowerOfTwo(S.Multiply(S.Subtract(S.Load(from + at), greatest), S.Constant(Log2E)));
                sum = S.Add(sum, power);
                S.Store(to + at, power);
            }

            for (var at = 0L; at < size; at += MicroBatch.Samples)
            {
                S.Store(to + at, S.Divide(S.Load(to + at), sum));
            }
        }
    }

    public override void Scale(T factor, T* y, long count)
    {
        var factors = S.Create(factor);
        for (var at = 0L; at < count; at += S.Count)
        {
            S.Store(y + at, S.Multiply(S.Load(y + at), factors));
        }
    }

    public override void Adam(T* weights, T* gradient, T* first, T* second, int count, AdamFactors factors)
    {
        var beta1 = S.Create(T.CreateChecked(factors.Beta1));
        var beta2 = S.Create(T.CreateChecked(factors.Beta2));
        var rest1 = S.Create(T.CreateChecked(1 - factors.Beta1));
        var rest2 = S.Create(T.CreateChecked(1 - factors.Beta2));
        var rate = S.Create(T.CreateChecked(-factors.Rate));
        var correction = S.Create(T.CreateChecked(factors.RootCorrection));
        var epsilon = S.Create(T.CreateChecked(factors.Epsilon));
        var scale = S.Create(T.CreateChecked(factors.GradientScale));
        for (var at = 0; at < count; at += S.Count)
        {
            var g = S.Multiply(S.Load(gradient + at), scale);
            var m = S.MultiplyAdd(beta1, S.Load(first + at), S.Multiply(rest1, g));
            var v = S.MultiplyAdd(beta2, S.Load(second + at), S.Multiply(rest2, S.Multiply(g, g)));
            S.Store(first + at, m);
            S.Store(second + at, v);
            var step = S.Divide(m, S.MultiplyAdd(S.SquareRoot(v), correction, epsilon));
            S.Store(weights + at, S.MultiplyAdd(rate, step, S.Load(weights + at)));
        }
    }

    // s(x) = 1 / (1 + e^-x).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Sigmoid(V x)
    {
        var one = S.Constant(1);
        return S.Divide(one, S.Add(one, PowerOfTwo(S.Multiply(x, S.Constant(-Log2E)))));
    }

    // tanh(x) = 2 s(2x) - 1, to about one unit in the last place of 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Tanh(V x)
    {
        var one = S.Constant(1);
        var half = S.Divide(S.Constant(2), S.Add(one, PowerOfTwo(S.Multiply(x, S.Constant(-2 * Log2E)))));
        return S.Subtract(half, one);
    }

    // 2^t = 2^n 2^r with n = round(t), |r| <= 1/2; 2^r = e^(r ln 2) by its Taylor series, c_k = (ln 2)^k / k!.
    // float: to r^7, the next term is 5e-9; double: to r^14, the next term is 1e-19.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V PowerOfTwo(V t)
    {
        var isFloat = typeof(T) == typeof(float);
        var magic = isFloat ? S.Constant(12582912.0) : S.Constant(6755399441055744.0);
        t = S.Clamp(t, isFloat ? S.Constant(125.0) : S.Constant(1020.0));
        var shifted = S.Add(t, magic);
        var r = S.Subtract(t, S.Subtract(shifted, magic));
        V sum;
        if (isFloat)
        {
            sum = S.Constant(1.5252733804059841e-5);
        }
        else
        {
            sum = S.Constant(6.7787263548225456e-14);
            sum = S.MultiplyAdd(sum, r, S.Constant(1.3691488853904128e-12));
            sum = S.MultiplyAdd(sum, r, S.Constant(2.5678435993488202e-11));
            sum = S.MultiplyAdd(sum, r, S.Constant(4.4455382718708116e-10));
            sum = S.MultiplyAdd(sum, r, S.Constant(7.0549116208011233e-9));
            sum = S.MultiplyAdd(sum, r, S.Constant(1.0178086009239699e-7));
            sum = S.MultiplyAdd(sum, r, S.Constant(1.3215486790144309e-6));
            sum = S.MultiplyAdd(sum, r, S.Constant(1.5252733804059841e-5));
        }

        sum = S.MultiplyAdd(sum, r, S.Constant(1.5403530393381609e-4));
        sum = S.MultiplyAdd(sum, r, S.Constant(1.3333558146428443e-3));
        sum = S.MultiplyAdd(sum, r, S.Constant(9.6181291076284772e-3));
        sum = S.MultiplyAdd(sum, r, S.Constant(5.5504108664821580e-2));
        sum = S.MultiplyAdd(sum, r, S.Constant(2.4022650695910071e-1));
        sum = S.MultiplyAdd(sum, r, S.Constant(6.9314718055994531e-1));
        sum = S.MultiplyAdd(sum, r, S.Constant(1));
        return S.Scale(sum, shifted);
    }
}
