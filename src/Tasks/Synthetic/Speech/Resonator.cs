using Fleet.Tasks.Numerics;

namespace Fleet.Tasks.Synthetic.Speech;

/// <summary>
/// A digital resonator (Klatt 1980): y_n = a x_n + b y_(n-1) + c y_(n-2) with c = -r^2, b = 2 r cos(2 pi F / f), a = 1 - b - c, so
/// that its gain at 0 Hz is one. The pole's radius is r = 1 - pi B / f, exp(-pi B / f) to first order, for bandwidths B far below
/// the sample rate f.
/// </summary>
internal sealed class Resonator(double sampleRateHz)
{
    private double a = 1;
    private double b;
    private double c;
    private double last;
    private double beforeLast;

    public void Tune(double hertz, double bandwidthHz)
    {
        var radius = 1 - (Math.PI * bandwidthHz / sampleRateHz);
        c = -(radius * radius);
        b = 2 * radius * PortableMath.CosTurns(hertz / sampleRateHz);
        a = 1 - b - c;
    }

    public double Next(double input)
    {
        var output = (a * input) + (b * last) + (c * beforeLast);
        (beforeLast, last) = (last, output);
        return output;
    }
}
