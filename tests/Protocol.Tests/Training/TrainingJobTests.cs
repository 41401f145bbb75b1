using System.Collections.Immutable;
using System.Text.Json;
using Fleet.Domain.Recipes;
using Fleet.Protocol.Training;

namespace Fleet.Protocol.Tests.Training;

public sealed class TrainingJobTests
{
    [Fact]
    public void A_job_is_read_as_it_was_written_and_keys_of_a_newer_silo_are_passed_over()
    {
        var job = new TrainingJob
        {
            Variant = new string('a', 32),
            VariantName = "hmd-4x",
            Task = "uci-har",
            Recipe = new Recipe
            {
                Cell = "gru",
                Hidden = 48,
                Method = "hmd",
                Compression = 4,
                MethodParameters = ImmutableSortedDictionary<string, string>.Empty.Add("k", "2"),
                Training = new() { Epochs = 3 },
            },
            Seed = 7,
            TrainingDataPath = "/data/training.pack",
            TrainingDataSha256 = new string('b', 64),
            Threads = 2,
            MemoryBytes = 1 << 30,
            CheckpointFolder = "/var/checkpoints",
            OutputPath = "/var/model",
        };
        var written = JsonSerializer.Serialize(job, ProtocolJson.Default.TrainingJob);
        var newer = written.Insert(1, "\"gpu\":true,");

        var read = JsonSerializer.Deserialize(newer, ProtocolJson.Default.TrainingJob)!;

        Assert.Contains("\"training_data_sha256\":", written, StringComparison.Ordinal);
        Assert.Equal(written, JsonSerializer.Serialize(read, ProtocolJson.Default.TrainingJob));
    }

    [Fact]
    public void A_job_without_a_recipe_is_refused() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"variant":"a"}""", ProtocolJson.Default.TrainingJob));
}
