namespace Fleet.Tasks.Speech;

/// <summary>Brings recordings to one length.</summary>
internal static class Utterance
{
    /// <summary>
    /// Exactly <paramref name="length"/> samples: of a longer recording the loudest segment, a shorter one in the middle of silence.
    /// </summary>
    public static float[] Fit(ReadOnlySpan<float> samples, int length)
    {
        var fitted = new float[length];
        if (samples.Length <= length)
        {
            samples.CopyTo(fitted.AsSpan((length - samples.Length) / 2));
        }
        else
        {
            samples.Slice(LoudestStart(samples, length), length).CopyTo(fitted);
        }

        return fitted;
    }

    // The first of the segments of this length with the greatest energy.
    private static int LoudestStart(ReadOnlySpan<float> samples, int length)
    {
        double energy = 0;
        for (var index = 0; index < length; index++)
        {
            energy += (double)samples[index] * samples[index];
        }

        var (best, greatest) = (0, energy);
        for (var start = 1; start + length <= samples.Length; start++)
        {
            energy += ((double)samples[start + length - 1] * samples[start + length - 1]) - ((double)samples[start - 1] * samples[start - 1]);
            if (energy > greatest)
            {
                (best, greatest) = (start, energy);
            }
        }

        return best;
    }
}
