using Fleet.Cli.Data.Own;
using Fleet.Cli.Failures;
using Fleet.Cli.Tests.Support;
using Fleet.Domain.Campaigns;
using Fleet.Interchange.Arrays;
using Fleet.Os.Processes;
using Fleet.Tasks.Data;
using Fleet.Tasks.Numerics;
using Fleet.Tasks.Packs;

namespace Fleet.Cli.Tests.Data;

public sealed class OwnTaskTests : IDisposable
{
    private const string Description = """
        task: waving
        channels: [x, y]
        labels: [rest, wave]
        sample_rate_hz: 25
        training: training.csv
        test: { inputs: test.npy, labels: answers.npy }
        """;

    // Three samples of two steps; columns in an order of their own, one that nobody asked for.
    private const string Csv = """
        person,y,sample,note,x,label
        ann,10,a,,1,rest
        ann,20,a,,2,rest
        bob,30,b,odd,3,wave
        bob,40,b,,4,wave
        ann,50,c,,5e0,"wave"
        ann,60,c,,-6.5,"wave"
        """;

    private readonly CommandHarness fleet = new();

    public OwnTaskTests()
    {
        Write("task.yaml", Description);
        Write("training.csv", Csv);
        WriteArray("test.npy", [2, 2, 2], new double[] { 1, 2, 3, 4, 5, 6, 7, 8 });
        WriteArray("answers.npy", [2], new long[] { 1, 0 });
    }

    public void Dispose() => fleet.Dispose();

    [Fact]
    public void Quoted_cells_of_csv_hold_commas_quotes_and_line_breaks()
    {
        Write("task.yaml", Description.Replace("[rest, wave]", """[rest, "wave, slow", 'wave "fast"']"""));
        Write(
            "training.csv",
            "sample,note,label,x,y\r\na,\"two\nlines, and more\",rest,1,10\r\nb,, \"wave, slow\" ,2,20\r\nc,\"\",\"wave \"\"fast\"\"\",\"3\",30\r\n");
        WriteArray("test.npy", [3, 1, 2], new double[] { 1, 2, 3, 4, 5, 6 });
        WriteArray("answers.npy", [3], new long[] { 0, 1, 2 });

        var training = PackedSet.Read(OwnTasks.Pack(fleet.Folder["task.yaml"]).Training.Bytes, "training");

        Assert.Equal([1f, 10, 2, 20, 3, 30], training.Data.Inputs);
        Assert.Equal([0, 1, 2], training.Data.Labels);
    }

    [Theory]
    [InlineData("sample,label,x,y\na,\"rest,1,2\n", ":2: a quoted cell does not end")]
    [InlineData("sample,label,x,y\na,\"rest\"s,1,2\n", ":2: something follows behind the end of a quoted cell")]
    public void Quotes_that_cannot_be_meant_are_told_with_their_line(string csv, string message)
    {
        Write("training.csv", csv);
        Assert.Contains(message, Assert.Throws<TaskDataException>(() => OwnTasks.Pack(fleet.Folder["task.yaml"])).Message);
    }

    [Fact]
    public void Csv_and_npy_become_the_two_parts_of_a_task()
    {
        var packed = OwnTasks.Pack(fleet.Folder["task.yaml"]);
        var (training, test) = (PackedSet.Read(packed.Training.Bytes, "training"), PackedSet.Read(packed.Test.Bytes, "test"));

        Assert.Equal(("waving", 2, 2, 2, 3, 2), (packed.Task, packed.Input, packed.Steps, packed.Classes, packed.TrainingSamples, packed.TestSamples));
        Assert.Equal([1f, 10, 2, 20, 3, 30, 4, 40, 5, 50, -6.5f, 60], training.Data.Inputs);
        Assert.Equal([0, 1, 1], training.Data.Labels);
        Assert.Equal([0, 1, 0], training.Data.Groups!);
        Assert.Equal(["x", "y"], training.Metadata.Channels);
        Assert.Equal(25, training.Metadata.SampleRateHz);
        Assert.Equal([1f, 2, 3, 4, 5, 6, 7, 8], test.Data.Inputs);
        Assert.Equal([1, 0], test.Data.Labels);
        Assert.Null(test.Data.Groups);
        Assert.Equal(packed.Training.Sha256, OwnTasks.Pack(fleet.Folder["task.yaml"]).Training.Sha256);
    }

    [Fact]
    public void Persons_may_be_an_array_of_their_own()
    {
        Write("task.yaml", Description.Replace("training.csv", "{ inputs: training.npy, labels: answers.npy, persons: persons.npy }"));
        WriteArray("training.npy", [2, 2, 2], new double[] { 8, 7, 6, 5, 4, 3, 2, 1 });
        WriteArray("persons.npy", [2], new[] { 7, -1 });

        Assert.Equal([1, 0], PackedSet.Read(OwnTasks.Pack(fleet.Folder["task.yaml"]).Training.Bytes, "training").Data.Groups!);
    }

    [Theory]
    [InlineData("ann,20,a,,2,rest", "ann,20,a,,NaN,rest", "training.csv:3: x of sample 'a' is 'NaN', but must be a finite number.")]
    [InlineData("ann,20,a,,2,rest", "ann,1e99,a,,2,rest", "training.csv:3: y of sample 'a' is '1e99'")]
    [InlineData("ann,20,a,,2,rest", "ann,20,a,,,rest", "training.csv:3: x of sample 'a' is ''")]
    [InlineData("ann,20,a,,2,rest", "ann,20,a,2,rest", "training.csv:3: the row has 5 columns, but the header has 6.")]
    [InlineData("bob,40,b,,4,wave", "bob,40,b,,4,waves", "training.csv:5: the label is 'waves', but the task has rest, wave.")]
    [InlineData("bob,40,b,,4,wave", "bob,40,b,,4,rest", "training.csv:5: sample 'b' has another label or person than in line 4.")]
    [InlineData("bob,40,b,,4,wave", "ann,40,b,,4,wave", "training.csv:5: sample 'b' has another label or person than in line 4.")]
    [InlineData("bob,40,b,,4,wave\n", "", "training.csv:4: sample 'b' has 1 rows, but the first has 2.")]
    [InlineData("ann,60,c,,-6.5,\"wave\"", "", "training.csv:6: sample 'c' has 1 rows, but the first has 2.")]
    [InlineData(",c,,", ",a,,", "training.csv:6: sample 'a' stood before, from line 2.")]
    [InlineData("person,y,", "person,z,", "training.csv:1: there is no column 'y'. The header names: person, z, sample")]
    public void What_is_wrong_in_a_csv_file_is_named_by_line(string from, string to, string said)
    {
        Write("training.csv", Csv.Replace(from, to));

        Assert.Contains(said, Mistake());
    }

    [Fact]
    public void An_empty_file_one_without_samples_and_one_without_a_label_are_named()
    {
        Write("training.csv", "");
        Assert.Contains("training.csv is empty", Mistake());

        Write("training.csv", Csv.Split('\n')[0] + "\n\n");
        Assert.Contains("training.csv holds no samples", Mistake());

        Write("training.csv", Csv.Replace("rest", "wave"));
        Assert.Contains("training.csv has no sample of 'rest'. Every label needs one in each part.", Mistake());
    }

    [Fact]
    public void What_is_wrong_in_arrays_is_named_by_sample()
    {
        WriteArray("test.npy", [2, 2, 2], new[] { 1f, 2, 3, 4, 5, 6, 7, float.NaN });
        Assert.Contains("test.npy: y of sample 1, step 1, is NaN, but must be a finite number.", Mistake());

        WriteArray("test.npy", [2, 4], new float[8]);
        Assert.Contains("test.npy has the shape [2, 4], but [samples, steps, 2] is expected", Mistake());

        WriteArray("test.npy", [2, 1, 2], new float[4]);
        Assert.Contains("test.npy has 1 steps a sample, but", Mistake());

        WriteArray("test.npy", [2, 2, 2], new float[8]);
        WriteArray("answers.npy", [3], new long[] { 1, 0, 1 });
        Assert.Contains("answers.npy has the shape [3], but", Mistake());

        WriteArray("answers.npy", [2], new long[] { 1, 2 });
        Assert.Contains("answers.npy: the label of sample 1 is 2, but must be 0 to 1.", Mistake());

        WriteArray("answers.npy", [2], new[] { 1f, 0f });
        Assert.Contains("answers.npy: Integers are needed, but these are Single.", Mistake());

        File.WriteAllBytes(fleet.Folder["answers.npy"], [1, 2, 3]);
        Assert.Contains("answers.npy", Mistake());
    }

    [Theory]
    [InlineData("task: waving", "task: uci-har", "task.yaml:1:7: 'uci-har' is a task of Fleet.")]
    [InlineData("task: waving", "task: my task", "task.yaml:1:7: 'my task' cannot be a task's name.")]
    [InlineData("task: waving\n", "", "'task' is missing.")]
    [InlineData("labels: [rest, wave]", "labels: [rest, rest]", "task.yaml:3:9: the label 'rest' stands twice.")]
    [InlineData("labels: [rest, wave]", "labels: [rest]", "task.yaml:3:9: there are 1 labels, but must be 2 to 4096.")]
    [InlineData("labels: [rest, wave]", "labels: rest", "task.yaml:3:9: labels are a list, as [a, b].")]
    [InlineData("channels:", "chanels:", "task.yaml:2:1: unknown key 'chanels'. Did you mean channels?")]
    [InlineData("sample_rate_hz: 25", "sample_rate_hz: fast", "task.yaml:4:17: sample_rate_hz is 'fast', but must be a positive number.")]
    [InlineData("sample_rate_hz: 25", "metric: nats", "task.yaml:4:9: the metric is 'nats', but a task of one's own is judged by accuracy.")]
    [InlineData("training: training.csv", "training: test.npy", "task.yaml:5:11: test.npy has no labels.")]
    [InlineData("inputs: test.npy, labels", "inputs: training.csv, labels", "labels and persons are columns of a CSV file")]
    [InlineData("task: waving", "task: [", "task.yaml is no YAML")]
    [InlineData("task: waving", "task: waving\ntask: waving", "task.yaml:")]
    public void What_is_wrong_in_a_task_file_is_named_by_line_and_column(string from, string to, string said)
    {
        Write("task.yaml", Description.Replace(from, to));

        Assert.Contains(said, Assert.Throws<CommandFailedException>(() => OwnTasks.Pack(fleet.Folder["task.yaml"])).Message);
    }

    [Fact]
    public void The_test_part_is_not_the_training_part()
    {
        Write("task.yaml", Description.Replace("{ inputs: test.npy, labels: answers.npy }", "training.csv"));

        Assert.Contains("a model would be judged by what it has learnt", Mistake());
    }

    [Fact]
    public void Whatever_is_written_over_a_file_it_is_read_or_refused_by_name()
    {
        var random = new Xoshiro256(31);
        string[] words = ["", ",", "\n", "NaN", "rest", "\"", "1", ":", "[", "{", "- ", "&a", "*a", "\t", "a: b"];
        foreach (var (name, text) in new[] { ("task.yaml", Description), ("training.csv", Csv) })
        {
            var refused = 0;
            for (var draw = 0; draw < 300; draw++)
            {
                var place = random.Below(text.Length);
                Write(name, text[..place] + words[random.Below(words.Length)] + text[Math.Min(text.Length, place + random.Below(3))..]);
                try
                {
                    OwnTasks.Pack(fleet.Folder["task.yaml"]);
                }
                catch (Exception error) when (error is CommandFailedException or TaskDataException or IOException)
                {
                    refused++;
                    Assert.Contains(fleet.Folder.Path, error.Message);
                }
            }

            Assert.InRange(refused, 50, 300);
            Write(name, text);
        }
    }

    [Fact]
    public async Task A_campaign_names_the_task_file_relative_to_itself_and_its_packs_are_sent()
    {
        await using var silo = await fleet.RunningSiloAsync();
        silo.Check = new CampaignCheck { Problems = [], Tasks = ["./task.yaml"] };

        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign(), "--detach"));

        Assert.Equal(2, silo.Artefacts.Count);
        Assert.Contains("Reading ./task.yaml ...", fleet.Error);
    }

    [Fact]
    public async Task Check_says_whether_what_a_task_file_describes_is_sound()
    {
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("data", "check", fleet.Folder["task.yaml"]));
        Assert.Contains("waving is sound: 3 training and 2 test sequences of 2 steps x 2 features, 2 classes.", fleet.Out);

        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("data", "check", fleet.Folder["gone.yaml"]));
        Assert.Contains("gone.yaml cannot be read", fleet.Error);

        File.Delete(fleet.Folder["answers.npy"]);
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("data", "check", fleet.Folder["task.yaml"]));
        Assert.Contains("answers.npy", fleet.Error);
    }

    private string Mistake() => Assert.Throws<TaskDataException>(() => OwnTasks.Pack(fleet.Folder["task.yaml"])).Message;

    private void Write(string name, string text) => File.WriteAllText(fleet.Folder[name], text);

    private void WriteArray(string name, int[] shape, Array data) => TestFiles.Write(fleet.Folder[name], new NumericArray(shape, data));
}
