using System.CommandLine;
using System.Net;
using System.Runtime.InteropServices;
using Fleet.Os.Network;
using Fleet.Os.Processes;
using Fleet.Os.State;
using Fleet.Silo.Configuration;

namespace Fleet.Silo.Hosting;

/// <summary>The command line of <c>fleet-silo</c>.</summary>
internal static class SiloCommand
{
    private const int MaxAtOnce = 1024;

    public static RootCommand Create()
    {
        var state = new Option<string?>("--state")
        {
            Description = $"Folder of everything that lasts. Default: ${StateFolder.Variable}, else the XDG state folder.",
            HelpName = "DIR",
        };
        state.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string?>()))
            {
                result.AddError(StateFolder.EmptyOption);
            }
        });
        var http = Address("--http", SiloOptions.DefaultHttp, "Where the API listens. Port 0 takes a free one.");
        var grpc = Address("--grpc", SiloOptions.DefaultGrpc, "Where agents connect. Port 0 takes a free one.");
        var usual = new SiloOptions { State = "" };
        var slots = Positive(
            "--training-slots",
            MaxAtOnce,
            "Trainings at once. Default: one a core (or as many as --training-threads leaves cores for), as long as each has 2048 MiB of --training-memory.");
        var threads = Positive("--training-threads", MaxAtOnce, "Threads of each training. Default: the cores that are idle when it begins, one at least.");
        var memory = Positive(
            "--training-memory",
            int.MaxValue,
            $"MiB of memory that all trainings together may use, an equal share each. Default: {usual.TrainingMemoryBytes >> 20}.");
        var child = new Option<bool>("--child") { Description = "Stop when standard input ends." };
        var setAside = new Option<bool>("--set-aside-damaged")
        {
            Description = "Keep what is damaged in the state folder under another name, take over what can still be read, and go on.",
        };
        var verbose = new Option<bool>("--verbose") { Description = "Log what happens, not only what goes wrong." };
        var command = new RootCommand("Runs a silo: the server of a fleet.") { state, http, grpc, slots, threads, memory, setAside, child, verbose };
        command.SetAction((result, _) => RunAsync(
            new SiloOptions
            {
                State = StateFolder.Resolve(result.GetValue(state)),
                Http = result.GetRequiredValue(http),
                Grpc = result.GetRequiredValue(grpc),
                TrainingSlots = result.GetValue(slots),
                TrainingThreads = result.GetValue(threads),
                TrainingMemoryBytes = result.GetValue(memory) is { } mebibytes ? (long)mebibytes << 20 : usual.TrainingMemoryBytes,
                SetAsideDamaged = result.GetValue(setAside),
                Verbose = result.GetValue(verbose),
            },
            result.GetValue(child)));
        return command;
    }

    private static async Task<int> RunAsync(SiloOptions options, bool child)
    {
        using var stop = new CancellationTokenSource();
        // A terminal sends Ctrl-C, and its own end, to the whole group: a child leaves both to its parent, which closes standard input.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, child ? null : stop));
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Stop(context, child ? null : stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        if (child)
        {
            ParentWatch.Start(stop);
        }

        try
        {
            await using var silo = await SiloProcess.StartAsync(options, null, stop.Token);
            await Console.Error.WriteLineAsync(
                $"fleet-silo {ProductVersion.Current} is ready: API {silo.Address.Http}, agents {silo.Address.Grpc}, state {options.State}");
            await Task.Delay(Timeout.Infinite, stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            return ExitCodes.Done;
        }
        catch (SiloException error)
        {
            await Console.Error.WriteLineAsync($"fleet-silo: {error.Message}");
            return ExitCodes.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource? stop)
    {
        context.Cancel = true;
        stop?.Cancel();
    }

    private static Option<IPEndPoint> Address(string name, IPEndPoint fallback, string description) => new(name)
    {
        Description = $"{description} Default: {fallback}.",
        HelpName = "ADDRESS:PORT",
        DefaultValueFactory = _ => fallback,
        CustomParser = result =>
        {
            try
            {
                return LoopbackAddress.Parse(result.Tokens[0].Value, name);
            }
            catch (FormatException error)
            {
                result.AddError(error.Message);
                return fallback;
            }
        },
    };

    private static Option<int?> Positive(string name, int most, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is { } value && (value < 1 || value > most))
            {
                result.AddError(most == int.MaxValue ? $"{name} must be at least 1." : $"{name} must be 1 to {most}.");
            }
        });
        return option;
    }
}
