using System.CommandLine;
using System.Text.Json;
using Fleet.DeviceAgent.Worker;
using Fleet.Os.Machines;
using Fleet.Os.Processes;

namespace Fleet.DeviceAgent.Commands;

/// <summary><c>fleet-agent worker</c>: the agent's child, which measures one session and says on standard output how it goes.</summary>
internal static class WorkerCommand
{
    /// <summary>Between the end of standard input and the end of the process, whatever is running.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(600);

    private static readonly Option<FileInfo> Plan = new("--plan") { Description = "What to measure (JSON), as the agent writes it.", Required = true };

    public static Command Create()
    {
        var command = new Command("worker", "Measures one session for the agent that started it.") { Plan };
        command.Hidden = true;
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(Plan)!));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo file)
    {
        using var signals = new Signals(child: true);
        WorkerPlan plan;
        try
        {
            plan = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file.FullName, signals.Stop).ConfigureAwait(false), WorkerJson.Default.WorkerPlan)
                ?? throw new JsonException("it holds null");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            await Console.Error.WriteLineAsync($"fleet-agent: the plan {file.FullName} cannot be read: {error.Message}").ConfigureAwait(false);
            return ExitCodes.Usage;
        }

        using var last = signals.Stop.Register(() => _ = EndSoonAsync(plan));
        try
        {
            return await MeasureAsync(plan, signals.Stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
    }

    private static async Task<int> MeasureAsync(WorkerPlan plan, CancellationToken stop)
    {
        using var output = Console.OpenStandardOutput();
        var events = new EventWriter(output);
        var machine = new MachineLock(TimeProvider.System);
        try
        {
            var turn = machine.AcquireExclusiveAsync(stop);
            if (!turn.IsCompleted)
            {
                events.Waiting("waiting for the machine: something else trains or measures on it");
            }

            using var alone = await turn.ConfigureAwait(false);
            events.Progress(0, "loading");
            await OnOwnThreadAsync(() => new WorkerSession(plan, events, TimeProvider.System).Run(stop)).ConfigureAwait(false);
            return ExitCodes.Done;
        }
        catch (MachineLockException error)
        {
            await Console.Error.WriteLineAsync(error.Message).ConfigureAwait(false);
            return ExitCodes.Failed;
        }
    }

    // Pinned and raised, it must not be one that the pool hands to others.
    private static Task OnOwnThreadAsync(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                action();
                done.SetResult();
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        })
        { IsBackground = true, Name = "measuring" };
        thread.Start();
        return done.Task;
    }

    // An inference of a very slow model may outlast anybody's patience.
    private static async Task EndSoonAsync(WorkerPlan plan)
    {
        await Task.Delay(Grace).ConfigureAwait(false);
        BoardSettings.Restore(plan.SettingsToRestore);
        Environment.Exit(ExitCodes.Interrupted);
    }
}
