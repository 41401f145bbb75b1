using System.Text.Json;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>
/// A state folder, an output folder and a machine lock of the test's own, and a mark in the environment of every process that it
/// starts, by which those that were left behind are found and killed.
/// </summary>
internal sealed class Sandbox : IAsyncDisposable
{
    private const string MarkVariable = "FLEET_TEST_MARK";
    private readonly string mark = Guid.NewGuid().ToString("N");

    public Sandbox()
    {
        Folder = Directory.CreateTempSubdirectory("fleet-test-").FullName;
        State = Path.Combine(Folder, "state");
        Output = Path.Combine(Folder, "out");
    }

    public string Folder { get; }

    public string State { get; }

    public string Output { get; }

    /// <summary>Starts <c>./fleet ARGS</c> as the leader of a process group of its own, as a terminal's shell does.</summary>
    public FleetRun Start(params string[] arguments) => StartProgram([Repository.Launcher, .. arguments]);

    /// <summary>Starts any program in the same way.</summary>
    public FleetRun StartProgram(IEnumerable<string> command, params (string Name, string Value)[] environment) => FleetRun.Start(
        command,
        new Dictionary<string, string>(environment.Select(one => KeyValuePair.Create(one.Name, one.Value)))
        {
            [MarkVariable] = mark,
            ["FLEET_STATE"] = State,
            ["FLEET_MACHINE_LOCK"] = Path.Combine(Folder, "lock"),
            ["NO_COLOR"] = "1",
        });

    public async Task<FleetRun> RunAsync(TimeSpan limit, params string[] arguments)
    {
        var run = Start(arguments);
        await run.WaitAsync(limit);
        return run;
    }

    /// <summary>Waits until the silo that <paramref name="up"/> starts is ready.</summary>
    /// <returns>Its address for agents.</returns>
    public async Task<string> SiloAsync(FleetRun up, TimeSpan limit)
    {
        var file = Path.Combine(State, "silo.json");
        await Wait.UntilAsync(() => System.IO.File.Exists(file), limit, up.ToString);
        return JsonDocument.Parse(System.IO.File.ReadAllText(file)).RootElement.GetProperty("grpc").GetString()!;
    }

    public string File(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Command lines of this test's processes that still run.</summary>
    public IReadOnlyList<string> Running() =>
        [.. Marked().Select(process => $"{process}: {CommandLine(process)}")];

    public Task NothingRunsAsync(TimeSpan limit) =>
        Wait.UntilAsync(() => Marked().Count == 0, limit, () => "still running:\n" + string.Join('\n', Running()));

    /// <summary>Kills a process of this sandbox, found by a word of its command line, as the kernel's out-of-memory killer would.</summary>
    public bool Kill(string word)
    {
        foreach (var process in Marked())
        {
            if (CommandLine(process).Contains(word, StringComparison.Ordinal) && Posix.Kill(process, Posix.SigKill) == 0)
            {
                return true;
            }
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Marked())
        {
            _ = Posix.Kill(process, Posix.SigKill);
        }

        await NothingRunsAsync(Wait.Hanging);
        Directory.Delete(Folder, recursive: true);
    }

    private static string CommandLine(int process)
    {
        try
        {
            return System.IO.File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    private List<int> Marked()
    {
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var process))
            {
                continue;
            }

            try
            {
                if (System.IO.File.ReadAllText($"{folder}/environ").Contains($"{MarkVariable}={mark}", StringComparison.Ordinal))
                {
                    found.Add(process);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Gone, or somebody else's.
            }
        }

        return found;
    }
}
