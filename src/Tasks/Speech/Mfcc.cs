using Fleet.Tasks.Numerics;

namespace Fleet.Tasks.Speech;

/// <summary>
/// Mel-frequency cepstral coefficients (Davis and Mermelstein 1980): of each frame, the power spectrum under a Hann window, the
/// logarithm of its energy in triangular filters that are evenly spaced in mel, and the first coefficients of that row's
/// orthonormal DCT-II. mel(f) = 1127 ln(1 + f / 700). The same sound gives the same bits on every platform.
/// </summary>
public sealed class Mfcc
{
    private readonly MfccSettings settings;
    private readonly FourierTransform transform;
    private readonly double[] window;
    private readonly double[] frame;
    private readonly double[] power;
    private readonly double[] energies;

    // [filters, bins], [coefficients, filters]
    private readonly double[] filters;
    private readonly double[] cosines;

    /// <exception cref="ArgumentException">The settings contradict themselves.</exception>
    public Mfcc(MfccSettings settings)
    {
        if (settings.HighHz > settings.SampleRateHz / 2.0 || settings.LowHz < 0 || settings.LowHz >= settings.HighHz)
        {
            throw new ArgumentException(
                $"The filters reach from {settings.LowHz} to {settings.HighHz} Hz,"
                    + $" but must lie between 0 and half the sample rate of {settings.SampleRateHz} Hz.",
                nameof(settings));
        }

        if (settings.FrameSamples < 2 || settings.HopSamples < 1 || settings.Coefficients < 1 || settings.Coefficients > settings.Filters)
        {
            throw new ArgumentException(
                $"A frame has at least 2 samples, a hop 1, and there are at most as many coefficients as filters ({settings.Filters}).", nameof(settings));
        }

        this.settings = settings;
        transform = new FourierTransform(settings.TransformSize);
        window = [.. Enumerable.Range(0, settings.FrameSamples).Select(sample => 0.5 - (0.5 * PortableMath.CosTurns((double)sample / settings.FrameSamples)))];
        frame = new double[settings.FrameSamples];
        power = new double[(settings.TransformSize / 2) + 1];
        energies = new double[settings.Filters];
        filters = FilterBank(settings, power.Length);
        cosines = Cosines(settings);
    }

    /// <summary>The features of a sound, [frames, coefficients].</summary>
    public float[] Features(ReadOnlySpan<float> samples)
    {
        var frames = settings.Frames(samples.Length);
        var features = new float[frames * settings.Coefficients];
        for (var index = 0; index < frames; index++)
        {
            Frame(samples.Slice(index * settings.HopSamples, settings.FrameSamples), features.AsSpan(index * settings.Coefficients, settings.Coefficients));
        }

        return features;
    }

    private void Frame(ReadOnlySpan<float> samples, Span<float> coefficients)
    {
        for (var sample = 0; sample < frame.Length; sample++)
        {
            frame[sample] = samples[sample] * window[sample];
        }

        transform.Power(frame, power);
        for (var filter = 0; filter < energies.Length; filter++)
        {
            energies[filter] = PortableMath.Log(Math.Max(Product(filters, filter, power), settings.Floor));
        }

        for (var coefficient = 0; coefficient < coefficients.Length; coefficient++)
        {
            coefficients[coefficient] = (float)Product(cosines, coefficient, energies);
        }
    }

    // One order of summation, that of the indices, so that no platform rounds otherwise.
    private static double Product(double[] matrix, int row, double[] vector)
    {
        var values = matrix.AsSpan(row * vector.Length, vector.Length);
        double sum = 0;
        for (var index = 0; index < vector.Length; index++)
        {
            sum += values[index] * vector[index];
        }

        return sum;
    }

    private static double[] FilterBank(MfccSettings settings, int bins)
    {
        var filters = new double[settings.Filters * bins];
        var low = Mel(settings.LowHz);
        var spacing = (Mel(settings.HighHz) - low) / (settings.Filters + 1);
        for (var filter = 0; filter < settings.Filters; filter++)
        {
            var centre = low + ((filter + 1) * spacing);
            for (var bin = 0; bin < bins; bin++)
            {
                var hertz = (double)bin * settings.SampleRateHz / settings.TransformSize;
                filters[(filter * bins) + bin] = Math.Max(0, 1 - (Math.Abs(Mel(hertz) - centre) / spacing));
            }
        }

        return filters;
    }

    private static double Mel(double hertz) => 1127 * PortableMath.Log(1 + (hertz / 700));

    private static double[] Cosines(MfccSettings settings)
    {
        var cosines = new double[settings.Coefficients * settings.Filters];
        for (var coefficient = 0; coefficient < settings.Coefficients; coefficient++)
        {
            var scale = Math.Sqrt((coefficient == 0 ? 1.0 : 2.0) / settings.Filters);
            for (var filter = 0; filter < settings.Filters; filter++)
            {
                // cos(pi k (n + 1/2) / N), in turns.
                cosines[(coefficient * settings.Filters) + filter] = scale * PortableMath.CosTurns(coefficient * (filter + 0.5) / (2 * settings.Filters));
            }
        }

        return cosines;
    }
}
