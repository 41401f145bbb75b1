using System.Globalization;
using System.Numerics;

namespace Fleet.Tasks.Speech;

/// <summary>
/// How mel-frequency cepstral coefficients are taken from sound. The default is what keyword spotting on small boards uses
/// (Zhang et al., "Hello Edge", 2017): frames of 40 ms every 20 ms, 40 mel filters, 10 coefficients.
/// </summary>
public sealed record MfccSettings
{
    /// <summary>Hz.</summary>
    public required int SampleRateHz { get; init; }

    public double FrameSeconds { get; init; } = 0.040;

    public double HopSeconds { get; init; } = 0.020;

    /// <summary>Triangular filters between <see cref="LowHz"/> and <see cref="HighHz"/>, evenly spaced in mel.</summary>
    public int Filters { get; init; } = 40;

    public int Coefficients { get; init; } = 10;

    public double LowHz { get; init; } = 20;

    public double HighHz { get; init; } = 4000;

    /// <summary>A filter's energy is taken to be at least this, so that silence has a logarithm.</summary>
    public double Floor { get; init; } = 1e-5;

    internal int FrameSamples => (int)Math.Round(FrameSeconds * SampleRateHz);

    internal int HopSamples => (int)Math.Round(HopSeconds * SampleRateHz);

    internal int TransformSize => (int)BitOperations.RoundUpToPowerOf2((uint)FrameSamples);

    /// <summary>Frames of a sound of so many samples; one that does not fit whole is left out.</summary>
    public int Frames(int samples) => samples < FrameSamples ? 0 : 1 + ((samples - FrameSamples) / HopSamples);

    /// <summary>For the record, in the pack's notes.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"MFCC {Coefficients} of {Filters} mel filters {LowHz}-{HighHz} Hz, frame {FrameSeconds * 1000} ms, hop {HopSeconds * 1000} ms, Hann window,"
            + $" {SampleRateHz} Hz");
}
