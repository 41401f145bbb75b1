using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>A command that was started, and what it wrote.</summary>
internal sealed class FleetRun
{
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder error = new();
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly Task pumps;

    private FleetRun(Process process)
    {
        this.process = process;
        pumps = Task.WhenAll(PumpAsync(process.StandardOutput, output), PumpAsync(process.StandardError, error));
    }

    public int ExitCode => process.ExitCode;

    public bool HasExited => process.HasExited;

    public TimeSpan Elapsed => watch.Elapsed;

    public string Output => Text(output);

    public string Error => Text(error);

    public static FleetRun Start(IEnumerable<string> command, IReadOnlyDictionary<string, string> environment)
    {
        // setsid makes the command the leader of its own group, so that a Ctrl-C sent to the group does not reach the tests.
        var start = new ProcessStartInfo("setsid", command)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new FleetRun(Process.Start(start) ?? throw new InvalidOperationException("setsid did not start."));
    }

    /// <summary>Of the command's first process (VmRSS). setsid becomes the command where it may, so they are the same process.</summary>
    public long ResidentBytes()
    {
        const string Key = "VmRSS:";
        var line = File.ReadLines($"/proc/{process.Id}/status").Single(candidate => candidate.StartsWith(Key, StringComparison.Ordinal));
        return long.Parse(line[Key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>What the kernel's out-of-memory killer does. Returns once the process is gone.</summary>
    public async Task KillAsync()
    {
        _ = Posix.Kill(process.Id, Posix.SigKill);
        await process.WaitForExitAsync();
    }

    /// <summary>What a terminal does on Ctrl-C: SIGINT to every process of the group.</summary>
    public Task InterruptAsync() => SignalAsync(Posix.SigInt);

    /// <summary>What a terminal that is closed does: SIGHUP to every process of the group.</summary>
    public Task HangUpAsync() => SignalAsync(Posix.SigHup);

    public async Task WaitAsync(TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            await pumps.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Not ended within {limit.TotalSeconds} s.\n{this}");
        }
    }

    public Task SaysAsync(string text, TimeSpan limit) => Wait.UntilAsync(
        () => Error.Contains(text, StringComparison.OrdinalIgnoreCase) || Output.Contains(text, StringComparison.OrdinalIgnoreCase) || Stopped(text),
        limit,
        () => $"'{text}' was not said.\n{this}");

    /// <summary>The one JSON document that <c>--json</c> prints: fails where anything else stands on standard output.</summary>
    public JsonElement Json()
    {
        using var document = JsonDocument.Parse(Output);
        return document.RootElement.Clone();
    }

    public void Succeeded() => Assert.True(ExitCode == 0, ToString());

    public override string ToString() => $"exit code {(HasExited ? ExitCode : "none yet")}\n--- stdout\n{Output}\n--- stderr\n{Error}";

    private Task SignalAsync(int signal) => Wait.UntilAsync(
        // There is no such group until setsid has run.
        () => process.HasExited || Posix.Kill(-process.Id, signal) == 0, Wait.Hanging, () => "setsid did not run.");

    private bool Stopped(string text)
    {
        Assert.False(HasExited, $"Ended before it said '{text}'.\n{this}");
        return false;
    }

    private static async Task PumpAsync(StreamReader reader, StringBuilder into)
    {
        var buffer = new char[1024];
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            lock (into)
            {
                into.Append(buffer, 0, read);
            }
        }
    }

    private static string Text(StringBuilder builder)
    {
        lock (builder)
        {
            return builder.ToString();
        }
    }
}
