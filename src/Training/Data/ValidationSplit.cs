using Fleet.Tasks.Data;

namespace Fleet.Training.Data;

/// <summary>
/// Holds back part of the training data for choosing between epochs. Neighbouring windows overlap in time and come from one
/// person, so single windows drawn at random would be all but copies of what was trained on. Where the data names persons, whole
/// persons are held back (<see cref="GroupHoldout"/>); else, of each class, a few contiguous segments, spread evenly over the
/// order of the data.
/// </summary>
/// <param name="Training">Samples to train on, in the order of the data.</param>
/// <param name="Validation">Samples held back, in the order of the data.</param>
/// <param name="Rule">What was held back, in words for the record.</param>
internal sealed record ValidationSplit(int[] Training, int[] Validation, string Rule)
{
    public const double MaxFraction = 0.5;

    private const int Segments = 4;

    /// <exception cref="ArgumentOutOfRangeException">The fraction is not within (0, <see cref="MaxFraction"/>].</exception>
    /// <exception cref="TaskDataException">A class has a single sample, which cannot be in both parts.</exception>
    public static ValidationSplit Of(SequenceSet data, IReadOnlyList<string> names, double fraction)
    {
        if (!(fraction > 0 && fraction <= MaxFraction))
        {
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, $"validation_fraction must be above 0 and at most {MaxFraction}.");
        }

        if (data.Groups is not { } groups)
        {
            return Of(HoldSegments(data.Labels, names, fraction), "contiguous segments of each class, since the data names no persons");
        }

        var persons = groups.Distinct().Count();
        return GroupHoldout.Choose(data.Labels, groups, names.Count, fraction) is { } chosen
            ? Of(Array.ConvertAll(groups, chosen.Contains), $"{chosen.Count} of {persons} persons, whole")
            : Of(
                HoldSegments(data.Labels, names, fraction),
                "contiguous segments of each class, since no choice among the data's"
                    + $" {persons} person(s) comes near the asked share with every class in both parts");
    }

    private static ValidationSplit Of(bool[] held, string rule)
    {
        var all = Enumerable.Range(0, held.Length);
        return new ValidationSplit([.. all.Where(sample => !held[sample])], [.. all.Where(sample => held[sample])], rule);
    }

    private static bool[] HoldSegments(ReadOnlySpan<ushort> labels, IReadOnlyList<string> names, double fraction)
    {
        var held = new bool[labels.Length];
        for (var label = 0; label < names.Count; label++)
        {
            var samples = Samples(labels, label);
            if (samples.Count == 1)
            {
                throw new TaskDataException($"Class {names[label]} has one training sample; at least two are needed, one to train on and one to validate on.");
            }

            Hold(samples, fraction, held);
        }

        return held;
    }

    private static void Hold(List<int> samples, double fraction, bool[] held)
    {
        if (samples.Count == 0)
        {
            return;
        }

        var count = Math.Clamp((int)Math.Round(samples.Count * fraction), 1, samples.Count - 1);
        var segments = Math.Min(Segments, count);
        for (var segment = 0; segment < segments; segment++)
        {
            // Segment j lies in the middle of the j-th part of the class.
            var length = Share(count, segments, segment);
            var begin = Start(samples.Count, segments, segment);
            var room = Share(samples.Count, segments, segment) - length;
            foreach (var sample in samples.GetRange(begin + (room / 2), length))
            {
                held[sample] = true;
            }
        }
    }

    private static int Start(int total, int parts, int part) => (int)((long)total * part / parts);

    private static int Share(int total, int parts, int part) => Start(total, parts, part + 1) - Start(total, parts, part);

    private static List<int> Samples(ReadOnlySpan<ushort> labels, int label)
    {
        var samples = new List<int>();
        for (var sample = 0; sample < labels.Length; sample++)
        {
            if (labels[sample] == label)
            {
                samples.Add(sample);
            }
        }

        return samples;
    }
}
