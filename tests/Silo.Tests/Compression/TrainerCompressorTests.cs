using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Ports;
using Fleet.Domain.Jobs;
using Fleet.Domain.Recipes;
using Fleet.Os.Processes;
using Fleet.Protocol;
using Fleet.Silo.Compression;
using Fleet.Storage.Folders;
using Fleet.Silo.Tests.Running;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Silo.Tests.Compression;

/// <summary>With a shell script in the trainer's place, which finds the path that the model goes to in $output and writes down each start.</summary>
public sealed class TrainerCompressorTests : IDisposable
{
    private const string Variant = "0123456789abcdef0123456789abcdef";
    private static readonly byte[] Model = "a model"u8.ToArray();
    private static readonly string Sha256 = Convert.ToHexStringLower(SHA256.HashData(Model));

    private readonly TemporaryFolder folder = new();
    private readonly Lifetime lifetime = new();
    private readonly FileArtefactStore artefacts;
    private readonly TrainerCompressor compressor;

    public TrainerCompressorTests()
    {
        artefacts = new FileArtefactStore(folder["state/artefacts"], NullLogger<FileArtefactStore>.Instance);
        compressor = new TrainerCompressor(
            RunningSilo.Options(folder["state"]), artefacts, artefacts, lifetime, NullLogger<TrainerCompressor>.Instance);
        Environment.SetEnvironmentVariable(FleetProgram.Variable, folder.Path);
    }

    private int Starts => File.ReadAllLines(folder["starts"]).Length;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(FleetProgram.Variable, null);
        lifetime.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_trainer_that_is_killed_is_started_again_on_the_same_folder_and_its_model_stored()
    {
        Trainer($$"""
            checkpoint="$(dirname "$output")/checkpoint"
            case $(wc -l < "$starts") in
              1|2|3) echo '{"event":"epoch","epoch":1}'; touch "$checkpoint"; kill -9 $$;;
              *) test -f "$checkpoint" || exit 1; {{Done}};;
            esac
            """);

        Assert.Equal(Sha256, (await CompressAsync()).Sha256);

        Assert.Equal(4, Starts);
        Assert.NotNull(await artefacts.FindAsync(Sha256, default));
    }

    [Fact]
    public async Task The_dense_model_that_a_recipe_refers_to_is_given_to_the_trainer_by_its_path_in_the_store()
    {
        Trainer($$"""
            dense=$(sed -n 's/.*"dense_model_path":"\([^"]*\)".*/\1/p' "$2")
            test "$(cat "$dense")" = 'a dense model' || exit 1
            {{Done}}
            """);
        var dense = "a dense model"u8.ToArray();
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(dense));

        var missing = await Assert.ThrowsAsync<CompressionFailedException>(() => CompressAsync(sha256));
        Assert.StartsWith($"The model {sha256} that it learns from is not in the store.", missing.Message);

        await artefacts.PutAsync(sha256, new MemoryStream(dense), default);
        Assert.Equal(Sha256, (await CompressAsync(sha256)).Sha256);
    }

    [Fact]
    public async Task A_trainer_that_dies_wherever_it_goes_fails_with_how_it_died()
    {
        Trainer("kill -9 $$");

        var error = await Assert.ThrowsAsync<CompressionFailedException>(() => CompressAsync());

        Assert.Contains("signal 9", error.Message, StringComparison.Ordinal);
        Assert.Equal(TrainerDeaths.MaxInPlace, Starts);
    }

    [Fact]
    public async Task What_training_goes_on_from_stays_until_the_model_is_recorded()
    {
        Trainer(Done);
        var training = folder[$"state/training/{Variant}"];

        await CompressAsync();
        Assert.True(Directory.Exists(training));

        compressor.Forget(Variant);
        compressor.Forget(Variant);
        Assert.False(Directory.Exists(training));
    }

    [Fact]
    public async Task A_trainer_is_told_of_its_share_of_memory_and_cores()
    {
        Trainer($"cp \"$2\" '{folder["job"]}'; {Done}");

        await CompressAsync();

        var job = JsonSerializer.Deserialize(await File.ReadAllTextAsync(folder["job"]), ProtocolJson.Default.TrainingJob)!;
        var options = RunningSilo.Options(folder["state"]);
        Assert.Equal(options.TrainingMemoryBytes / options.TrainingsAtOnce, job.MemoryBytes);
        // Alone, but of a mini-batch that is cut in two.
        Assert.Equal(Math.Min(2, Environment.ProcessorCount), job.Threads);
        Assert.InRange(job.MemoryBytes!.Value, 1L << 28, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    private static string Done => $$$"""
        printf 'a model' > "$output"
        echo '{"event":"done","model":{"sha256":"{{{Sha256}}}","bytes":{{{Model.Length}}},"compression":1,"compression_model":1,'\
        '"parameters":1,"macs_per_step":1,"validation":0.5,"method_parameters":{},"training_seconds":1}}'
        """;

    private void Trainer(string script)
    {
        var path = folder[$"{FleetProgram.Trainer.Folder}/{FleetProgram.Trainer.Assembly}"];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $$"""
            #!/bin/sh
            starts='{{folder["starts"]}}'
            echo start >> "$starts"
            output=$(sed -n 's/.*"output_path":"\([^"]*\)".*/\1/p' "$2")
            {{script}}
            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private async Task<TrainedModel> CompressAsync(string? dense = null)
    {
        var data = "data"u8.ToArray();
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(data));
        await artefacts.PutAsync(sha256, new MemoryStream(data), default);
        var request = new CompressionRequest
        {
            Variant = Variant,
            VariantName = "dense",
            Task = "synthetic-har",
            Recipe = new Recipe { Cell = "lstm", Hidden = 8, Method = "dense", Compression = 1, Training = new TrainingSettings() },
            Seed = 1,
            TrainingDataSha256 = sha256,
            DenseModelSha256 = dense,
        };
        return await compressor.CompressAsync(request, () => ["campaign"], new Nobody(), default);
    }

    private sealed class Nobody : IProgress<TrainingEvent>
    {
        public void Report(TrainingEvent value)
        {
        }
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource never = new();

        public CancellationToken ApplicationStarted => never.Token;

        public CancellationToken ApplicationStopping => never.Token;

        public CancellationToken ApplicationStopped => never.Token;

        public void StopApplication() => never.Cancel();

        public void Dispose() => never.Dispose();
    }
}
