using Fleet.Cli.Commands;
using Fleet.Cli.Data;
using Fleet.Cli.Packages;
using Fleet.Cli.Terminals;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Cli.Tests.Support;

/// <summary>Runs commands in this process, on a state folder of their own, and keeps what they say.</summary>
internal sealed class CommandHarness : IDisposable
{
    private readonly StringWriter standardOut = new();
    private readonly StringWriter standardError = new();
    private readonly TextWriter safeOut;
    private readonly TextWriter safeError;

    public CommandHarness()
    {
        safeOut = TextWriter.Synchronized(standardOut);
        safeError = TextWriter.Synchronized(standardError);
        Interruption = new Interruption(InterruptionTime);
    }

    /// <summary>An orderly end has all the time that it takes, until a test lets that run out.</summary>
    public FakeTimeProvider InterruptionTime { get; } = new();

    public TimeProvider Time { get; set; } = new TestTime();

    public TemporaryFolder Folder { get; } = new();

    public FakePrograms Programs { get; } = new();

    public Interruption Interruption { get; }

    /// <summary>No sources unless a test gives some: nothing is built by mistake.</summary>
    public BuildTools Tools { get; set; } = new(null, "dotnet", _ => null);

    /// <summary>None unless a test gives some: nothing is fetched by mistake.</summary>
    public IReadOnlyList<DataSet> DataSets { get; set; } = [];

    /// <summary>Its own, unless a test lets two commands share one.</summary>
    public string State
    {
        get => field ?? Folder["state"];
        init;
    }

    /// <summary>Standard error is a terminal that was closed: each write fails.</summary>
    public bool TerminalIsGone { get; set; }

    public string Out => Read(safeOut, standardOut);

    public string Error => Read(safeError, standardError);

    public Task<int> RunAsync(params string[] arguments)
    {
        Directory.CreateDirectory(State);
        return RunOnlyAsync([.. arguments, "--state", State]);
    }

    /// <summary>With these arguments and no more: they say where the state is.</summary>
    public Task<int> RunOnlyAsync(string[] arguments)
    {
        return FleetCommandLine.RunAsync(arguments, new CommandEnvironment
        {
            Terminal = new Terminal
            {
                Out = safeOut,
                Error = TerminalIsGone ? new GoneWriter() : safeError,
                OutIsTerminal = false,
                ErrorIsTerminal = false,
                Size = () => (80, 24),
            },
            Time = Time,
            Programs = Programs,
            Interruption = Interruption,
            Tools = Tools,
            DataSets = DataSets,
        });
    }

    /// <summary>A silo that was there before the command.</summary>
    public async Task<FakeSilo> RunningSiloAsync()
    {
        var silo = await FakeSilo.StartAsync();
        Directory.CreateDirectory(State);
        silo.Announce(State);
        return silo;
    }

    /// <summary>Lets the command start a silo and an agent that work.</summary>
    public async Task<FakeSilo> StartableSiloAsync()
    {
        var silo = await FakeSilo.StartAsync(processId: 1_000_000);
        Programs.Behaviour = program =>
        {
            if (program.Program.Assembly == "fleet-silo")
            {
                silo.Announce(State);
            }
            else
            {
                silo.Devices.Add(Samples.DeviceOf());
            }

            return Task.CompletedTask;
        };
        return silo;
    }

    public string WriteCampaign()
    {
        var path = Folder["campaign.yaml"];
        File.WriteAllText(path, "name: quick\ntask: synthetic-har\nvariants:\n  - method: dense\n");
        return path;
    }

    public void Dispose()
    {
        Interruption.Dispose();
        Folder.Dispose();
    }

    private sealed class GoneWriter : TextWriter
    {
        public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;

        public override void Write(char value) => throw new IOException("Input/output error");
    }

    // Commands write while tests look. A synchronized writer holds the lock on itself; what is under it knows of none.
    private static string Read(TextWriter safe, StringWriter text)
    {
        lock (safe)
        {
            return text.ToString();
        }
    }
}
