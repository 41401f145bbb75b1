using Fleet.Interchange.Arrays;

namespace Fleet.Interchange;

/// <summary>log(e^x / sum e^x) over the last axis, in double precision: what graphs end with whose models give logits.</summary>
public static class LogSoftmax
{
    /// <param name="logits">Floats of at least one axis.</param>
    public static NumericArray Of(NumericArray logits)
    {
        var classes = logits.Shape[^1];
        var values = (float[])logits.ToFloats().Clone();
        for (var row = values.AsSpan(); !row.IsEmpty; row = row[classes..])
        {
            double max = float.NegativeInfinity;
            foreach (var value in row[..classes])
            {
                max = Math.Max(max, value);
            }

            var sum = 0.0;
            foreach (var value in row[..classes])
            {
                sum += Math.Exp(value - max);
            }

            var logarithm = max + Math.Log(sum);
            foreach (ref var value in row[..classes])
            {
                value = (float)(value - logarithm);
            }
        }

        return new NumericArray(logits.Shape, values);
    }
}
