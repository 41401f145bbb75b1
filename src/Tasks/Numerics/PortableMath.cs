namespace Fleet.Tasks.Numerics;

/// <summary>
/// Functions whose bits are the same on every platform, made of exactly rounded operations only: the C library's are not.
/// What decides data or weights uses these.
/// </summary>
public static class PortableMath
{
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
}
