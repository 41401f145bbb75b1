using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Fleet.Domain.Jobs;
using Fleet.Domain.Text;
using Fleet.Os.Machines;
using Fleet.Os.Processes;
using Fleet.Trainer.Tests.Jobs;

namespace Fleet.Trainer.Tests;

/// <summary>The program itself, as a child process.</summary>
public sealed partial class TrainerProgramTests : IDisposable
{
    /// <summary>Only what hangs takes this long, also on a machine that does much else.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private const int Interrupt = 2;
    private const int Terminate = 15;

    private readonly JobFolder folder = new();
    private readonly ConcurrentQueue<string> output = new();
    private readonly ConcurrentQueue<string> errors = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_job_is_done_with_nothing_but_events_on_standard_output()
    {
        folder.Write(folder.Job());
        await using var trainer = Start("--job", folder.JobPath);

        await WaitAsync(trainer);

        Assert.Equal(ExitCodes.Done, trainer.ExitCode);
        Assert.Equal("done", Events()[^1].Event.Word());
    }

    [Fact]
    public async Task The_end_of_standard_input_stops_it_and_the_checkpoint_stays()
    {
        folder.Write(folder.Job("dense", 1, epochs: 100_000));
        await using var trainer = Start("--job", folder.JobPath);
        await EpochAsync();

        await trainer.StopAsync(Limit);

        // A child that does not listen is killed, and ends with 137.
        Assert.Equal(ExitCodes.Interrupted, trainer.ExitCode);
        Assert.True(File.Exists(folder.CheckpointPath()));
    }

    [Fact]
    public async Task An_interrupt_from_the_terminal_is_the_parents_to_act_on_and_a_request_to_terminate_is_heeded()
    {
        folder.Write(folder.Job("dense", 1, epochs: 100_000));
        await using var trainer = Start("--job", folder.JobPath);
        await EpochAsync();

        Assert.Equal(0, Kill(trainer.Id, Interrupt));
        output.Clear();
        await EpochAsync();
        Assert.Equal(0, Kill(trainer.Id, Terminate));
        await WaitAsync(trainer);

        Assert.Equal(ExitCodes.Interrupted, trainer.ExitCode);
    }

    [Fact]
    public async Task A_job_that_cannot_be_done_ends_with_its_reason()
    {
        folder.Write(folder.Job() with { TrainingDataPath = folder.DataPath + ".not" });
        await using var trainer = Start("--job", folder.JobPath);

        await WaitAsync(trainer);

        Assert.Equal(ExitCodes.Failed, trainer.ExitCode);
        var failed = Assert.Single(Events());
        Assert.Equal("failed", failed.Event.Word());
        Assert.Contains(".not cannot be read", failed.Reason);
    }

    [Fact]
    public async Task A_job_that_needs_more_memory_than_it_may_use_ends_with_that_reason()
    {
        // 12,000 units have 2.3 GB of weights.
        var job = folder.Job("dense", 1) with { MemoryBytes = 400L << 20 };
        folder.Write(job with { Recipe = job.Recipe with { Hidden = 12_000 } });
        await using var trainer = Start("--job", folder.JobPath);

        await WaitAsync(trainer);

        Assert.True(trainer.ExitCode == ExitCodes.Failed, $"It ended with {trainer.ExitCode}: {string.Join('\n', errors)}");
        Assert.Contains("more than the 400 MiB of memory that it may use (--training-memory", Events()[^1].Reason);
    }

    [Fact]
    public async Task A_job_within_its_memory_is_done_and_is_the_first_to_be_killed_where_the_machine_runs_out()
    {
        folder.Write(folder.Job("dense", 1, epochs: 100_000) with { MemoryBytes = 400L << 20 });
        await using var trainer = Start("--job", folder.JobPath);

        await EpochAsync();

        Assert.Equal("1000", (await File.ReadAllTextAsync($"/proc/{trainer.Id}/oom_score_adj")).Trim());
        Assert.Contains(File.ReadLines($"/proc/{trainer.Id}/limits"), line =>
            line.StartsWith("Max data size", StringComparison.Ordinal) && line.Contains($"{400L << 20}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_no_job_is_named()
    {
        await File.WriteAllTextAsync(folder.JobPath, "{ \"variant\": 3 ");
        await using var trainer = Start("--job", folder.JobPath);

        await WaitAsync(trainer);

        Assert.Equal(ExitCodes.Failed, trainer.ExitCode);
        Assert.Contains($"{folder.JobPath} is no training job", Assert.Single(Events()).Reason);
    }

    [Fact]
    public async Task Wrong_usage_is_answered_with_the_right_one()
    {
        await using var trainer = Start("--jobs", folder.JobPath);

        await WaitAsync(trainer);

        Assert.Equal(ExitCodes.Usage, trainer.ExitCode);
        Assert.Empty(output);
        Assert.Contains("Usage: fleet-trainer --job FILE", errors);
    }

    private ChildProcess Start(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "fleet-trainer.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]);
        start.Environment[MachineLock.Variable] = folder.LockFolder;
        return ChildProcess.Start(start, output.Enqueue, errors.Enqueue);
    }

    private IReadOnlyList<TrainingEvent> Events() => JobFolder.Parse(string.Join('\n', output));

    private static async Task WaitAsync(ChildProcess trainer)
    {
        using var limit = new CancellationTokenSource(Limit);
        await trainer.WaitAsync(limit.Token);
    }

    private async Task EpochAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!Events().Any(said => said.Event.Word() == "epoch"))
        {
            await Task.Delay(10, limit.Token);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
