using System.Text.Json;
using Fleet.Domain.Json;
using Fleet.Domain.Measuring;

namespace Fleet.Domain.Tests.Measuring;

public sealed class LatencyTests
{
    [Theory]
    [InlineData("""{ "mean": 2.5, "n": 10, "batched": true }""", null, true)]
    [InlineData("""{ "mean": 2.5, "n": 10, "batched": false }""", null, false)]
    [InlineData("""{ "mean": 2.5, "n": 10, "batch_size": 16 }""", 16, true)]
    [InlineData("""{ "mean": 2.5, "n": 10, "batch_size": 1 }""", 1, false)]
    public void What_version_0_1_0_stored_in_rows_and_in_measurements_is_read(string stored, int? batchSize, bool batched)
    {
        var latency = JsonSerializer.Deserialize(stored, DomainJson.Default.Latency)!;

        Assert.Equal((2.5, 10L, batchSize, batched), (latency.Mean!.Value, latency.N, latency.BatchSize, latency.Batched));
    }

    [Fact]
    public void Whether_it_was_batched_follows_from_the_size_of_a_batch()
    {
        var written = JsonSerializer.Serialize(new Latency { N = 10, BatchSize = 4 }, DomainJson.Default.Latency);

        Assert.EndsWith("\"n\":10,\"batch_size\":4,\"batched\":true}", written, StringComparison.Ordinal);
        Assert.True(JsonSerializer.Deserialize("""{ "n": 10, "batch_size": 4, "batched": false }""", DomainJson.Default.Latency)!.Batched);
    }
}
