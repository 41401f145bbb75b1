using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Cli.Failures;
using Fleet.Cli.Files;
using Fleet.Cli.Tests.Support;
using Fleet.Domain.Jobs;
using Fleet.Interchange.Onnx;
using Fleet.Kernels.Models;
using Fleet.Os.Processes;

namespace Fleet.Cli.Tests.Commands;

public sealed class JobExportTests : IAsyncLifetime
{
    private readonly CommandHarness fleet = new();
    private FakeSilo silo = null!;
    private byte[] model = null!;

    public async ValueTask InitializeAsync()
    {
        silo = await fleet.RunningSiloAsync();
        model = await File.ReadAllBytesAsync(SmallModel.Write(fleet.Folder, ".safetensors"));
        silo.Jobs.Clear();
        silo.Jobs.Add(Job("dense", 1));
        silo.Jobs.Add(Samples.Job("hmd-8x", JobStatus.Training, 7, 0.31));
    }

    public async ValueTask DisposeAsync()
    {
        await silo.DisposeAsync();
        fleet.Dispose();
    }

    [Fact]
    public async Task A_trained_variant_is_written_as_the_model_file_that_the_silo_has()
    {
        var path = fleet.Folder["out.safetensors"];
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("job", "export", "dense", "--out", path));
        Assert.Equal(model, await File.ReadAllBytesAsync(path));
        Assert.Contains($"Written: {path}, dense of seed 1", fleet.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("out.onnx", null)]
    [InlineData("out", "onnx")]
    public async Task As_ONNX_it_is_the_model_that_fleet_model_export_writes(string name, string? format)
    {
        var path = fleet.Folder[name];
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync(["job", "export", "dense", "--out", path, .. format is null ? (string[])[] : ["--format", format]]));
        Assert.Equal(OnnxModelFile.ToBytes(ModelFile.Read(model, "model")), await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task Of_several_seeds_one_is_named_and_without_it_all_are_listed()
    {
        silo.Jobs.Add(Job("dense", 2));
        var path = fleet.Folder["out.safetensors"];
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("job", "export", "dense", "--out", path));
        Assert.Contains("'dense' may be any of 2 variants: ", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("(uci-har, seed 1, ready)", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("Say which with --seed N.", fleet.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("job", "export", "dense", "--seed", "3", "--out", path));
        Assert.Contains("dense has no seed 3", fleet.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("job", "export", "dense", "--seed", "2", "--out", path));
    }

    [Fact]
    public async Task What_is_in_the_way_is_told_and_stays_as_it_was()
    {
        var path = fleet.Folder["out.safetensors"];
        await File.WriteAllTextAsync(path, "mine");
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("job", "export", "dense", "--out", path));
        Assert.Contains($"{path} exists already.", fleet.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(path));
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("job", "export", "dense", "--out", path, "--replace"));
        Assert.Equal(model, await File.ReadAllBytesAsync(path));

        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("job", "export", "dense", "--out", fleet.Folder.Path));
        Assert.Contains($"{fleet.Folder.Path} is a folder.", fleet.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("job", "export", "dense", "--out", fleet.Folder["none/out.onnx"]));
        Assert.Contains($"there is no folder {fleet.Folder["none"]}.", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_a_failure_and_a_place_that_may_not_be_written_is_wrong_usage()
    {
        Assert.Equal(ExitCodes.Failed, OutputFailure(_ => throw new IOException("No space left on device", 28)));
        Assert.Equal(ExitCodes.Usage, OutputFailure(_ => throw new UnauthorizedAccessException()));

        int OutputFailure(Action<Stream> write) => Assert.Throws<CommandFailedException>(() => OutputFile.Write(fleet.Folder["full"], write)).ExitCode;
    }

    [Fact]
    public async Task What_is_not_trained_or_is_lost_or_was_changed_fails_and_writes_nothing()
    {
        var path = fleet.Folder["out.safetensors"];
        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("job", "export", "hmd-8x", "--out", path));
        Assert.Contains("hmd-8x has no model: its training is training", fleet.Error, StringComparison.Ordinal);

        silo.Jobs.Add(Samples.Job("lost", JobStatus.Ready) with { ModelSha256 = new string('0', 64) });
        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("job", "export", "lost", "--out", path));
        Assert.Contains("is not in the silo's store any more", fleet.Error, StringComparison.Ordinal);

        silo.Artefacts[new string('0', 64)] = [1, 2, 3];
        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("job", "export", "lost", "--out", path));
        Assert.Contains("other bytes than its hash", fleet.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_model_is_shown_by_its_variants_name_but_a_file_of_that_name_wins()
    {
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("model", "show", "dense", "--json"));
        using var shown = JsonDocument.Parse(fleet.Out);
        Assert.Equal(("dense", model.Length), (shown.RootElement.GetProperty("file").GetString(), shown.RootElement.GetProperty("file_bytes").GetInt64()));

        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("model", "show", "./dense"));
        Assert.Contains("There is no file ./dense.", fleet.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("model", "show", fleet.Folder.Path));
        Assert.Contains("is a folder, not a file.", fleet.Error, StringComparison.Ordinal);
    }

    private JobSummary Job(string name, long seed)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(model));
        silo.Artefacts[sha256] = model;
        return Samples.Job(name, JobStatus.Ready) with { Variant = Samples.Job($"{name} {seed}", JobStatus.Ready).Variant, Seed = seed, ModelSha256 = sha256 };
    }
}
