using System.Text.Json;
using Fleet.Cli.Tests.Support;
using Fleet.Os.Processes;

namespace Fleet.Cli.Tests.Commands;

/// <summary>What is timed takes a core for itself, so these tests run when no other does.</summary>
[CollectionDefinition(nameof(ModelBenchTests), DisableParallelization = true)]
[Collection(nameof(ModelBenchTests))]
public sealed class ModelBenchTests : IDisposable
{
    private readonly CommandHarness fleet = new();

    public void Dispose() => fleet.Dispose();

    [Fact]
    public async Task Bench_alone_times_both_modes()
    {
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("model", "bench", SmallModel.Write(fleet.Folder, ".safetensors"), "--steps", "5", "--json"));
        using var document = JsonDocument.Parse(fleet.Out);
        Assert.True(document.RootElement.GetProperty("window").GetProperty("ours_us").GetDouble() > 0);
        Assert.True(document.RootElement.GetProperty("streaming").GetProperty("ours_us").GetDouble() > 0);
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("max_abs_difference").ValueKind);
    }

    [Fact]
    public async Task Bench_against_ONNX_Runtime_builds_the_peer_and_times_both()
    {
        Assert.Equal(
            ExitCodes.Done,
            await fleet.RunAsync(
                "model", "bench", SmallModel.Write(fleet.Folder, ".onnx"), "--against", "onnxruntime", "--threads", "1", "--steps", "35", "--json"));
        using var document = JsonDocument.Parse(fleet.Out);
        foreach (var mode in (string[])["window", "streaming"])
        {
            var one = document.RootElement.GetProperty(mode);
            Assert.Equal(one.GetProperty("onnxruntime_us").GetDouble() / one.GetProperty("ours_us").GetDouble(), one.GetProperty("ratio").GetDouble(), 1e-9);
        }

        Assert.InRange(document.RootElement.GetProperty("max_abs_difference").GetDouble(), 0, 1e-5);
    }
}
