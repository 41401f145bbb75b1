namespace Fleet.Tasks.Numerics;

/// <summary>
/// Functions whose bits are the same on every platform, made of exactly rounded operations only: the C library's are not.
/// What decides data or weights uses these.
/// </summary>
public static class PortableMath
{
    private const double DoubleMinNormal = 2.2250738585072014e-308;
    private const double SquareRootOfTwo = 1.4142135623730951;
    private const double LogOfTwo = 0.6931471805599453;

    /// <summary>sin(2 pi <paramref name="turns"/>), to 1e-11 absolute.</summary>
    public static double SinTurns(double turns)
    {
        // To [-1/2, 1/2] turns, then to [-1/4, 1/4] by the symmetry about the quarter turn.
        var part = turns - Math.Floor(turns + 0.5);
        if (part > 0.25)
        {
            part = 0.5 - part;
        }
        else if (part < -0.25)
        {
            part = -0.5 - part;
        }

        var x = 2 * Math.PI * part;
        var square = x * x;
        // Taylor to x^17; the next term is (pi/2)^19 / 19! = 4e-14.
        var sum = 1.0 / 355687428096000;
        sum = (sum * square) - (1.0 / 1307674368000);
        sum = (sum * square) + (1.0 / 6227020800);
        sum = (sum * square) - (1.0 / 39916800);
        sum = (sum * square) + (1.0 / 362880);
        sum = (sum * square) - (1.0 / 5040);
        sum = (sum * square) + (1.0 / 120);
        sum = (sum * square) - (1.0 / 6);
        return x + (x * square * sum);
    }

    /// <summary>cos(2 pi <paramref name="turns"/>), to 1e-11 absolute.</summary>
    public static double CosTurns(double turns) => SinTurns(turns + 0.25);

    /// <summary>The natural logarithm of a positive normal number, to 1e-15 relative or absolute, whichever is larger.</summary>
    public static double Log(double value)
    {
        if (!(value >= DoubleMinNormal && value <= double.MaxValue))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "The logarithm is of positive, finite, normal numbers.");
        }

        // value = m 2^e with m in [sqrt(1/2), sqrt(2)); ln m = 2 atanh s with s = (m - 1) / (m + 1), |s| < 0.172.
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
        if (mantissa > SquareRootOfTwo)
        {
            mantissa /= 2;
            exponent++;
        }

        var s = (mantissa - 1) / (mantissa + 1);
        var square = s * s;
        var sum = 0.0;
        // The first term left out is s^23 / 23 < 2e-19.
        for (var power = 21; power >= 3; power -= 2)
        {
            sum = (sum + (1.0 / power)) * square;
        }

        return (exponent * LogOfTwo) + (2 * (s + (s * sum)));
    }
}
