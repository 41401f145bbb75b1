using Fleet.Tasks.Numerics;

namespace Fleet.Tasks.Synthetic.Speech;

/// <summary>Somebody who speaks: pitch, length of the vocal tract, tempo, and a manner of one's own.</summary>
internal sealed class Speaker
{
    public Speaker(Xoshiro256 random)
    {
        // Long tracts go with low voices, though not strictly.
        var size = random.Uniform();
        PitchHz = 95 + (125 * size) + (12 * random.Normal());
        TractScale = 0.92 + (0.26 * size) + (0.04 * random.Normal());
        Tempo = Math.Max(0.6, 1 + (0.16 * random.Normal()));
        Breathiness = random.Uniform(0.01, 0.06);
        OpenShare = random.Uniform(0.45, 0.75);
        Articulation = random.Uniform(0.12, 0.28);
        Accent = [.. Enumerable.Range(0, 3).Select(_ => 1 + (0.06 * random.Normal()))];
    }

    public double PitchHz { get; }

    /// <summary>By how much all formants are higher than those of a tract of common length.</summary>
    public double TractScale { get; }

    public double Tempo { get; }

    /// <summary>Noise within the voice, relative to it.</summary>
    public double Breathiness { get; }

    /// <summary>Part of a glottal period in which the glottis is open.</summary>
    public double OpenShare { get; }

    /// <summary>How far the tract goes towards its target every 5 ms: low numbers slur.</summary>
    public double Articulation { get; }

    /// <summary>What is this speaker's own in each formant, as a factor.</summary>
    public IReadOnlyList<double> Accent { get; }
}
