using Fleet.Tasks.Data;
using Fleet.Tasks.Numerics;
using Fleet.Training.Data;

namespace Fleet.Training.Tests.Data;

public sealed class ValidationSplitTests
{
    private static readonly string[] Names = ["a", "b"];

    [Fact]
    public void Each_class_gives_four_contiguous_segments_spread_evenly_over_its_samples()
    {
        // 80 samples of one class, then 40 of the other: 8 and 4 are held back.
        var labels = new ushort[120];
        labels.AsSpan(80).Fill(1);

        var split = ValidationSplit.Of(Set(labels), Names, 0.1);

        Assert.Equal([9, 10, 29, 30, 49, 50, 69, 70, 84, 94, 104, 114], split.Validation);
        Assert.Equal(Enumerable.Range(0, 120), split.Training.Concat(split.Validation).Order());
    }

    [Theory]
    [InlineData(2, 0.5, 1)]
    [InlineData(3, 0.01, 1)]
    [InlineData(10, 0.3, 3)]
    [InlineData(101, 0.5, 50)]
    public void The_fraction_is_kept_as_well_as_whole_samples_allow(int samples, double fraction, int held)
    {
        var labels = new ushort[samples];

        var split = ValidationSplit.Of(Set(labels), ["a"], fraction);

        Assert.Equal(held, split.Validation.Length);
        Assert.Equal(samples - held, split.Training.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(0.51)]
    [InlineData(double.NaN)]
    public void A_fraction_out_of_range_is_refused_with_the_range(double fraction)
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => ValidationSplit.Of(Set(new ushort[10]), ["a"], fraction));

        Assert.Contains("validation_fraction must be above 0 and at most 0.5", refused.Message);
    }

    [Fact]
    public void A_class_with_a_single_sample_is_refused_by_name()
    {
        Assert.Contains("Class b has one training sample", Assert.Throws<TaskDataException>(() => ValidationSplit.Of(Set([0, 0, 1]), Names, 0.1)).Message);
    }

    [Fact]
    public void Whole_persons_are_held_back_where_the_data_names_them()
    {
        // Of ten persons those with even numbers have class a alone, the others b, but the fourth has two of each, most like the
        // asked tenth of 22 and 18.
        ushort[] groups = [.. Enumerable.Range(0, 40).Select(sample => (ushort)(sample / 4))];
        ushort[] labels = [.. groups.Select((person, sample) => (ushort)(person == 3 ? sample % 2 : person % 2))];

        var split = ValidationSplit.Of(Set(labels, groups), Names, 0.1);

        Assert.Equal([12, 13, 14, 15], split.Validation);
        Assert.Equal("1 of 10 persons, whole", split.Rule);
        Assert.Equal(Enumerable.Range(0, 40), split.Training.Concat(split.Validation).Order());
    }

    [Fact]
    public void A_class_that_only_one_other_person_has_brings_that_person_in()
    {
        // Class b is only of persons 8 and 9, so one of them is validated on and the other trained on.
        ushort[] groups = [.. Enumerable.Range(0, 100).Select(sample => (ushort)(sample / 10))];
        ushort[] labels = [.. groups.Select(person => (ushort)(person >= 8 ? 1 : 0))];

        var split = ValidationSplit.Of(Set(labels, groups), Names, 0.15);

        Assert.Equal([0, 8], split.Validation.Select(sample => (int)groups[sample]).Distinct());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    public void So_few_persons_that_none_comes_near_the_share_leave_it_to_contiguous_segments_and_say_so(int persons)
    {
        ushort[] groups = [.. Enumerable.Range(0, 80).Select(sample => (ushort)(sample % persons))];

        var split = ValidationSplit.Of(Set(new ushort[80], groups), ["a"], 0.1);

        Assert.Equal(ValidationSplit.Of(Set(new ushort[80]), ["a"], 0.1).Validation, split.Validation);
        Assert.Contains($"no choice among the data's {persons} person(s)", split.Rule);
    }

    [Fact]
    public void A_class_of_a_single_person_leaves_it_to_contiguous_segments()
    {
        ushort[] groups = [.. Enumerable.Range(0, 100).Select(sample => (ushort)(sample / 10))];
        ushort[] labels = [.. groups.Select(person => (ushort)(person == 4 ? 1 : 0))];

        Assert.StartsWith("contiguous", ValidationSplit.Of(Set(labels, groups), Names, 0.1).Rule);
    }

    [Fact]
    public void No_person_is_ever_on_both_sides_and_neither_order_nor_repetition_changes_who_is_held_back()
    {
        var random = new Xoshiro256(5);
        var whole = 0;
        for (var draw = 0; draw < 300; draw++)
        {
            var (persons, classes, fraction) = (1 + random.Below(30), 1 + random.Below(5), random.Uniform(0.02, 0.5));
            (ushort Label, ushort Person)[] samples =
            [
                .. Enumerable.Range(0, (2 * classes) + random.Below(400)).Select(sample => ((ushort)(sample % classes), (ushort)random.Below(persons))),
            ];
            var split = Split(samples, classes, fraction);
            random.Shuffle<(ushort, ushort)>(samples);
            var shuffled = Split(samples, classes, fraction);

            Assert.Equal(split.Whole, shuffled.Whole);
            if (!split.Whole)
            {
                continue;
            }

            whole++;
            Assert.Equal(split.Held, shuffled.Held);
            Assert.Empty(shuffled.Held.Intersect(shuffled.Trained));
            Assert.InRange(samples.Count(sample => split.Held.Contains(sample.Person)), fraction / 1.5 * samples.Length, fraction * 1.5 * samples.Length);
            Assert.All(Enumerable.Range(0, classes), label =>
                Assert.Equal(2, samples.Where(sample => sample.Label == label).Select(sample => split.Held.Contains(sample.Person)).Distinct().Count()));
        }

        Assert.InRange(whole, 150, 300);
    }

    private static (bool Whole, ushort[] Held, ushort[] Trained) Split((ushort Label, ushort Person)[] samples, int classes, double fraction)
    {
        var split = ValidationSplit.Of(
            Set(Array.ConvertAll(samples, sample => sample.Label), Array.ConvertAll(samples, sample => sample.Person)),
            [.. Enumerable.Range(0, classes).Select(label => $"class {label}")],
            fraction);
        return (split.Rule.EndsWith("whole", StringComparison.Ordinal), Persons(split.Validation), Persons(split.Training));

        ushort[] Persons(int[] part) => [.. part.Select(sample => samples[sample].Person).Distinct().Order()];
    }

    private static SequenceSet Set(ushort[] labels, ushort[]? groups = null) => new(1, 1, new float[labels.Length], labels) { Groups = groups };
}
