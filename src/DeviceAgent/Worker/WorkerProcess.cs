using System.Diagnostics;
using System.Text.Json;
using Fleet.Os.Processes;

namespace Fleet.DeviceAgent.Worker;

/// <summary>Runs one session in a process of its own: if it dies, the agent lives and says how it died.</summary>
/// <param name="startInfo">How a worker is started for the plan in a file.</param>
internal sealed class WorkerProcess(Func<string, ProcessStartInfo> startInfo)
{
    /// <summary>
    /// A command, its words separated by spaces, that the worker is started through. An agent under an emulator needs it where the
    /// kernel does not know by itself what to do with a program of another architecture (binfmt_misc):
    /// <c>FLEET_AGENT_EXEC=qemu-aarch64-static</c>.
    /// </summary>
    public const string ExecVariable = "FLEET_AGENT_EXEC";

    /// <summary>ENOEXEC: the kernel does not know how to run the file.</summary>
    private const int ExecFormatError = 8;

    /// <summary>From the request to stop until it is killed.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>This very program as a worker, started through what <see cref="ExecVariable"/> says.</summary>
    public static ProcessStartInfo StartThisProgram(string planFile) =>
        StartThisProgram(planFile, Environment.GetEnvironmentVariable(ExecVariable));

    internal static ProcessStartInfo StartThisProgram(string planFile, string? through)
    {
        var self = Path.Combine(AppContext.BaseDirectory, FleetProgram.Agent.Assembly);
        string[] program = File.Exists(self + ".dll") ? [DotnetHost(), self + ".dll"] : [Environment.ProcessPath ?? self];
        string[] command = [.. (through ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries), .. program, "worker", "--plan", planFile];
        return WithSettledCode(new ProcessStartInfo(command[0], command[1..]));
    }

    /// <summary>Has the runtime compile every method fully at its first call, and never again: a no-op where it was compiled ahead.</summary>
    public static ProcessStartInfo WithSettledCode(ProcessStartInfo start)
    {
        start.Environment["DOTNET_TieredCompilation"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        return start;
    }

    /// <summary>Runs the worker to its end, or stops it when cancelled.</summary>
    /// <param name="receive">Called for each line that it writes, on one thread at a time.</param>
    /// <returns>Null if it ended well; else how it died.</returns>
    public async Task<WorkerDeath?> RunAsync(string planFile, Action<WorkerEvent> receive, CancellationToken cancel)
    {
        var words = new LastWords();
        ChildProcess child;
        try
        {
            child = ChildProcess.Start(startInfo(planFile), line => Receive(line, receive, words), words.Add);
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            var advice = error is System.ComponentModel.Win32Exception { NativeErrorCode: ExecFormatError }
                ? " This program is of another architecture than the machine: install binfmt_misc's handler for its emulator, "
                    + $"or name the emulator in {ExecVariable}."
                : "";
            return new WorkerDeath($"The measuring worker could not be started: {error.Message}{advice}", FromOutside: false);
        }

        await using (child.ConfigureAwait(false))
        {
            try
            {
                await child.WaitAsync(cancel).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                await child.StopAsync(Grace).ConfigureAwait(false);
                throw;
            }

            return child.ExitCode == ExitCodes.Done ? null : new WorkerDeath(Describe(child.ExitCode) + words, IsFromOutside(child.ExitCode));
        }
    }

    // What is no event (a library that writes to the console, the runtime's last message) is worth keeping in case the worker dies.
    private static void Receive(string line, Action<WorkerEvent> receive, LastWords words)
    {
        if (Parse(line) is { } happened)
        {
            receive(happened);
        }
        else
        {
            words.Add(line);
        }
    }

    private static WorkerEvent? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, WorkerJson.Default.WorkerEvent) is { } happened && WorkerEventKind.IsKnown(happened.Kind) ? happened : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Describe(int exitCode) => exitCode switch
    {
        128 + 4 => "The measuring worker was ended by signal 4 (SIGILL: an instruction that this CPU does not have).",
        128 + 6 => "The measuring worker was ended by signal 6 (SIGABRT: it gave up).",
        128 + 7 => "The measuring worker was ended by signal 7 (SIGBUS: a file that it had mapped is gone).",
        128 + 9 => "The measuring worker was ended by signal 9 (SIGKILL: by hand, or by the kernel because memory ran out).",
        128 + 11 => "The measuring worker was ended by signal 11 (SIGSEGV: it crashed).",
        128 + 15 => "The measuring worker was ended by signal 15 (SIGTERM: somebody asked it to stop).",
        ExitCodes.Interrupted => "The measuring worker was asked to stop by somebody else than the agent.",
        > 128 and < 128 + 65 => $"The measuring worker was ended by signal {exitCode - 128}.",
        _ => $"The measuring worker ended with exit code {exitCode}.",
    };

    // A worker that was asked to stop (SIGTERM) ends with 130. Whatever else ends it is its own fault, or its model's, and would again.
    private static bool IsFromOutside(int exitCode) => exitCode is 128 + 9 or 128 + 15 or ExitCodes.Interrupted;

    private static string DotnetHost() =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    /// <summary>The end of what the worker wrote for people.</summary>
    private sealed class LastWords
    {
        private const int MaxLines = 8;
        private const int MaxLength = 300;
        private readonly Queue<string> lines = [];

        public void Add(string line)
        {
            lock (lines)
            {
                lines.Enqueue(line.Length > MaxLength ? line[..MaxLength] : line);
                if (lines.Count > MaxLines)
                {
                    lines.Dequeue();
                }
            }
        }

        public override string ToString()
        {
            lock (lines)
            {
                return lines.Count == 0 ? "" : " Its last words: " + string.Join(" | ", lines.Select(line => line.Trim()));
            }
        }
    }
}
