using System.Globalization;
using Fleet.Tasks.Data;
using Fleet.Tasks.Numerics;
using Fleet.Tasks.Opportunity;

namespace Fleet.Tasks.Tests.Opportunity;

public sealed class OpportunityTests : IDisposable
{
    private readonly SmallOpportunity data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public void The_sensors_are_the_seventy_seven_columns_of_the_literature()
    {
        // Hammerla et al. 2016 in Matlab's notation: [38:46 51:59 64:72 77:85 90:98 103:134].
        int[] expected = [.. new[] { (38, 46), (51, 59), (64, 72), (77, 85), (90, 98), (103, 134) }.SelectMany(range =>
            Enumerable.Range(range.Item1, range.Item2 - range.Item1 + 1))];

        Assert.Equal(expected, OpportunityColumns.Sensors.Select(sensor => sensor.Column));
        Assert.Equal(77, OpportunityFolder.Task.Channels.Distinct().Count());
        Assert.Equal((81, 18), (OpportunityFolder.Task.Steps, OpportunityFolder.Task.Classes));
    }

    [Fact]
    public void Windows_are_81_rows_every_40_with_the_gesture_of_the_last_and_the_parts_of_the_challenge()
    {
        var set = OpportunityFolder.Read(data.Folder);

        Assert.Equal((14 * 6, 4 * 6), (set.Training.Samples, set.Test.Samples));
        Assert.Equal([.. Enumerable.Range(0, 24).Select(window => (ushort)(window % 18))], set.Test.Labels);
        // The second window begins with row 40; its first value is of column 38, its last of column 134 in row 120.
        Assert.Equal(38_040f, set.Test.Sequence(1)[0]);
        Assert.Equal(134_120f, set.Test.Sequence(1)[^1]);
        Assert.Equal([.. Enumerable.Range(0, 84).Select(window => (ushort)(window < 36 ? 0 : window < 60 ? 1 : 2))], set.Training.Groups!);
        Assert.Null(set.Test.Groups);
        Assert.Equal("0", set.Notes["missing_values_filled"]);
    }

    [Fact]
    public void The_folder_of_the_files_itself_is_read_as_well() =>
        Assert.Equal(24, OpportunityFolder.Read(Path.Combine(data.Folder, "dataset")).Test.Samples);

    [Fact]
    public void Missing_values_lie_on_the_line_between_their_neighbours_and_at_the_ends_are_the_nearest()
    {
        data.Replace("S2-ADL4", 38, 0, "NaN", "NaN", "7", "NaN", "NaN", "10");
        data.Replace("S2-ADL4", 134, SmallOpportunity.Rows - 2, "5", "NaN");

        var recording = SensorRecording.Read(data.PathOf("S2-ADL4"));

        Assert.Equal([7f, 7f, 7f, 8f, 9f, 10f], Enumerable.Range(0, 6).Select(row => recording.Values[row * 77]));
        Assert.Equal(5f, recording.Values[^1]);
        Assert.Equal(5, recording.Missing);
    }

    [Fact]
    public void A_sensor_that_is_missing_throughout_is_zero()
    {
        data.Replace("S3-ADL4", 38, 0, [.. Enumerable.Repeat("NaN", SmallOpportunity.Rows)]);

        var set = OpportunityFolder.Read(data.Folder);

        Assert.Equal(0f, set.Test.Sequence(12)[0]);
        Assert.Equal("281", set.Notes["missing_values_filled"]);
    }

    [Fact]
    public void However_values_are_missing_what_is_left_is_kept_and_nothing_lies_beyond_its_neighbours()
    {
        var random = new Xoshiro256(9);
        var path = data.PathOf("S1-ADL1");
        for (var draw = 0; draw < 30; draw++)
        {
            var missing = random.Uniform();
            string[] words = [.. Enumerable.Range(0, 90).Select(_ =>
                random.Uniform() < missing ? "NaN" : random.Below(1000).ToString(CultureInfo.InvariantCulture))];
            File.WriteAllLines(path, words.Select((word, row) =>
                string.Join(' ', SmallOpportunity.Row(row, 0).Split(' ').Select((other, column) => column == 50 ? word : other))));

            var recording = SensorRecording.Read(path);

            // Column 51 is the tenth sensor.
            float[] filled = [.. Enumerable.Range(0, 90).Select(row => recording.Values[(row * 77) + 9])];
            var known = words.Where(word => word != "NaN").Select(word => float.Parse(word, CultureInfo.InvariantCulture)).DefaultIfEmpty(0).ToArray();
            Assert.All(filled, (value, row) =>
            {
                Assert.InRange(value, known.Min(), known.Max());
                Assert.True(words[row] == "NaN" || value == float.Parse(words[row], CultureInfo.InvariantCulture));
            });
            Assert.Equal(words.Count(word => word == "NaN"), recording.Missing);
        }
    }

    [Theory]
    [InlineData(38, "x", "S2-ADL1.dat:5: column 38 is 'x', but must be a finite number")]
    [InlineData(134, "1.2.3", "S2-ADL1.dat:5: column 134 is '1.2.3'")]
    [InlineData(103, "Infinity", "S2-ADL1.dat:5: column 103 is 'Infinity'")]
    [InlineData(250, "406521", "S2-ADL1.dat:5: column 250 is '406521', but no gesture")]
    [InlineData(250, "NaN", "S2-ADL1.dat:5: column 250 is 'NaN'")]
    [InlineData(2, "1 2", "S2-ADL1.dat:5: the row has 251 columns, but a row of Opportunity has 250.")]
    public void A_value_that_is_wrong_is_named_by_file_line_and_column(int column, string word, string said)
    {
        data.Replace("S2-ADL1", column, 4, word);

        Assert.Contains(said, Mistake());
    }

    [Fact]
    public void Columns_that_are_not_read_may_hold_anything()
    {
        data.Replace("S2-ADL1", 2, 0, "NaN");
        data.Replace("S2-ADL1", 249, 0, "whatever");

        Assert.Equal("0", OpportunityFolder.Read(data.Folder).Notes["missing_values_filled"]);
    }

    [Fact]
    public void Any_byte_changed_gives_a_recording_or_an_error_that_names_the_line()
    {
        var path = data.PathOf("S1-ADL1");
        var text = System.Text.Encoding.ASCII.GetBytes(string.Join('\n', Enumerable.Range(0, 3).Select(row => SmallOpportunity.Row(row, 0))));
        var random = new Xoshiro256(4);
        for (var draw = 0; draw < 400; draw++)
        {
            var changed = (byte[])text.Clone();
            changed[random.Below(changed.Length)] = (byte)random.Below(256);
            File.WriteAllBytes(path, changed);
            try
            {
                Assert.All(SensorRecording.Read(path).Values, value => Assert.True(float.IsFinite(value)));
            }
            catch (TaskDataException mistake)
            {
                Assert.Matches("S1-ADL1.dat:[1-4]: ", mistake.Message);
            }
        }
    }

    [Fact]
    public void A_run_that_is_missing_too_short_or_cut_off_is_named()
    {
        File.WriteAllLines(data.PathOf("S3-Drill"), Enumerable.Range(0, 80).Select(row => SmallOpportunity.Row(row, 0)));
        Assert.Contains("S3-Drill.dat has 80 rows, but a window has 81", Mistake());

        File.WriteAllText(data.PathOf("S3-Drill"), SmallOpportunity.Row(0, 0)[..100]);
        Assert.Contains("S3-Drill.dat:1: the row has", Mistake());

        File.Delete(data.PathOf("S3-Drill"));
        Assert.Contains("S3-Drill.dat is missing", Mistake());
    }

    [Fact]
    public void A_gesture_that_a_part_does_not_have_is_named()
    {
        // Of the test part's 24 windows only the third is of close_door_1.
        foreach (var run in new[] { "S2-ADL4", "S3-ADL5", "S3-ADL4" })
        {
            File.WriteAllText(data.PathOf(run), File.ReadAllText(data.PathOf(run)).Replace(" 404516\n", " 0\n"));
        }

        Assert.Contains("the test part has no window of close_door_1 (code 404516)", Mistake());
    }

    private string Mistake() => Assert.Throws<TaskDataException>(() => OpportunityFolder.Read(data.Folder)).Message;
}
