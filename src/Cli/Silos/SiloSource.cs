using System.ComponentModel;
using Fleet.Cli.Failures;
using Fleet.Cli.Http;
using Fleet.Cli.Terminals;
using Fleet.Domain.Devices;
using Fleet.Os.Processes;
using Fleet.Os.State;

namespace Fleet.Cli.Silos;

/// <summary>What a command needs of a silo that it may have to start.</summary>
internal sealed record SiloRequest
{
    /// <summary>The command wants something measured: a silo that it starts gets an agent on this machine.</summary>
    public bool WithAgent { get; init; }

    /// <summary>Where a started silo listens; port 0 is a free one.</summary>
    public string Http { get; init; } = "127.0.0.1:0";

    public string Grpc { get; init; } = "127.0.0.1:0";

    /// <summary>Further arguments of a started silo.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Shows what the started programs write to standard error, as it comes; null where it is shown only if they fail.</summary>
    public Action<string>? Log { get; init; }
}

/// <summary>Gives commands their silo: the one of the state folder, or a new one as a child of this process.</summary>
internal sealed class SiloSource(SiloFinder finder, IPrograms programs, TimeProvider time, Output output, Interruption interruption)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public string StateFolder => finder.StateFolder;

    /// <summary>What a hinted command needs beside it to find the same state: nothing where that is found without being named.</summary>
    public string Options
    {
        get
        {
            try
            {
                return Os.State.StateFolder.Resolve(null) == StateFolder ? "" : $" --state {StateFolder}";
            }
            catch (InvalidOperationException)
            {
                return $" --state {StateFolder}";
            }
        }
    }

    /// <summary>The running silo, or null.</summary>
    public async Task<SiloConnection?> FindAsync(CancellationToken cancel) =>
        await finder.FindAsync(cancel).ConfigureAwait(false) is var (address, client) ? new SiloConnection(address, client, null) : null;

    /// <summary>The running silo, or a new one.</summary>
    /// <exception cref="CommandFailedException">It could not be started; its own words are in the message.</exception>
    public async Task<SiloConnection> OpenAsync(SiloRequest request, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var beaten = false;
        while (true)
        {
            if (await FindAsync(cancel).ConfigureAwait(false) is { } found)
            {
                return found;
            }

            // Once beaten, another command's silo is on its way, or just leaving: use the one, outwait the other.
            if (!beaten || !finder.IsHeld())
            {
                if (await StartAsync(request, cancel).ConfigureAwait(false) is { } own)
                {
                    return own;
                }

                beaten = true;
            }

            if (time.GetElapsedTime(started) > StartLimit)
            {
                throw new SiloUnreachableException(
                    $"A silo holds {StateFolder}, but was not ready within {StartLimit.TotalSeconds:0} s.",
                    "Stop it, or give another state folder with --state DIR.");
            }

            await Task.Delay(Poll, time, cancel).ConfigureAwait(false);
        }
    }

    // Null where another command was faster.
    private async Task<SiloConnection?> StartAsync(SiloRequest request, CancellationToken cancel)
    {
        output.Progress("Starting a silo for this command ...");
        var tail = new Tail();
        var silo = Start(
            FleetProgram.Silo,
            ["--state", StateFolder, "--http", request.Http, "--grpc", request.Grpc, .. request.Options, "--child"],
            Keep(tail, request.Log));
        var own = new OwnPrograms(silo, tail);
        SiloClient? client = null;
        try
        {
            if (await ReadyAsync(silo, cancel).ConfigureAwait(false) is not var (address, ready))
            {
                var code = await silo.WaitAsync(cancel).ConfigureAwait(false);
                if (!finder.IsHeld())
                {
                    throw NotStarted("The silo", code, tail);
                }

                await own.DisposeAsync().ConfigureAwait(false);
                return null;
            }

            client = ready;
            if (request.WithAgent)
            {
                await StartAgentAsync(own, address, client, request.Log, cancel).ConfigureAwait(false);
            }

            return new SiloConnection(address, client, own);
        }
        catch
        {
            client?.Dispose();
            await own.StopInHasteAsync(interruption.Forced).ConfigureAwait(false);
            await own.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // Null where it ended before it was.
    private async Task<(SiloAddress Address, SiloClient Client)?> ReadyAsync(IRunningProgram silo, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        while (!silo.HasExited)
        {
            if (SiloAddress.TryRead(StateFolder)?.ProcessId == silo.Id && await finder.FindAsync(cancel).ConfigureAwait(false) is { } found)
            {
                return found;
            }

            if (time.GetElapsedTime(started) > StartLimit)
            {
                throw new CommandFailedException(
                    ExitCodes.Failed,
                    $"The silo was not ready within {StartLimit.TotalSeconds:0} s.",
                    "Is the machine overloaded, or the state folder on a slow disk?");
            }

            await Task.Delay(Poll, time, cancel).ConfigureAwait(false);
        }

        return null;
    }

    private async Task StartAgentAsync(OwnPrograms own, SiloAddress address, SiloClient client, Action<string>? log, CancellationToken cancel)
    {
        output.Progress("Starting an agent on this machine ...");
        var tail = new Tail();
        var agent = Start(
            FleetProgram.Agent,
            ["run", "--silo", address.Grpc, "--state", Path.Combine(StateFolder, "agent"), "--token-file", finder.TokenPath, "--child"],
            Keep(tail, log));
        own.AddAgent(agent, tail);
        var started = time.GetTimestamp();
        while (!Array.Exists(await client.DevicesAsync(cancel).ConfigureAwait(false), device => device.State != DeviceStatus.Silent))
        {
            if (agent.HasExited)
            {
                var code = await agent.WaitAsync(cancel).ConfigureAwait(false);
                throw NotStarted("The local agent", code, tail);
            }

            if (time.GetElapsedTime(started) > StartLimit)
            {
                throw new CommandFailedException(
                    ExitCodes.Failed, $"The local agent did not enrol within {StartLimit.TotalSeconds:0} s.{Environment.NewLine}{tail}".TrimEnd());
            }

            await Task.Delay(Poll, time, cancel).ConfigureAwait(false);
        }
    }

    // A program that has hardly begun does not ignore the terminal's Ctrl-C yet, and may be gone before this process hears of it.
    private static CommandFailedException NotStarted(string who, int code, Tail tail) => code switch
    {
        ExitCodes.Interrupted => new(ExitCodes.Interrupted, $"Interrupted: {who} was starting."),
        ExitCodes.Usage => new(ExitCodes.Usage, $"{who} did not start.{Environment.NewLine}{tail}".TrimEnd()),
        _ => new(ExitCodes.Failed, $"{who} did not start (code {code}).{Environment.NewLine}{tail}".TrimEnd()),
    };

    private IRunningProgram Start(FleetProgram program, IReadOnlyList<string> arguments, Action<string> error)
    {
        try
        {
            return programs.Start(program, arguments, error);
        }
        catch (Exception missing) when (missing is FileNotFoundException or Win32Exception)
        {
            throw new CommandFailedException(ExitCodes.Failed, missing.Message);
        }
    }

    // What a person has seen as it came is not repeated with the failure; its document for programs has it always.
    private Action<string> Keep(Tail tail, Action<string>? log) => line =>
    {
        if (log is null || output.Json)
        {
            tail.Add(line);
        }

        log?.Invoke(line);
    };
}
