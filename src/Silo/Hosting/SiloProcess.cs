using System.Net;
using System.Net.Sockets;
using Fleet.Campaigns.Ports;
using Fleet.Grains.Telemetry;
using Fleet.Os.Files;
using Fleet.Silo.Configuration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using SiloAddress = Fleet.Os.State.SiloAddress;

namespace Fleet.Silo.Hosting;

/// <summary>A silo from the lock on its state folder to a clean stop.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly StateLock stateLock;
    private readonly SiloOptions options;

    private SiloProcess(StateLock stateLock, SiloOptions options, WebApplication app)
    {
        this.stateLock = stateLock;
        this.options = options;
        App = app;
    }

    public WebApplication App { get; }

    public SiloAddress Address => App.Services.GetRequiredService<SiloEndpoints>().Address!;

    /// <summary>Returns once the silo answers callers and <c>silo.json</c> says where.</summary>
    /// <exception cref="SiloException">It cannot start; the message is for people.</exception>
    public static async Task<SiloProcess> StartAsync(SiloOptions options, Action<IServiceCollection>? configure, CancellationToken cancel)
    {
        var held = await StateLock.AcquireAsync(options.State, cancel).ConfigureAwait(false);
        WebApplication? app = null;
        try
        {
            app = SiloHost.Build(options, SiloAccess.Open(options.State), configure);
            // Before anybody calls: what is wrong with them stops the start, and not a call.
            _ = app.Services.GetRequiredService<IFleetIndex>();
            _ = app.Services.GetRequiredService<IArtefactStore>();
            await app.StartAsync(cancel).ConfigureAwait(false);
            // Its counters begin at zero from now on, and not when the first grain that writes them is activated.
            _ = app.Services.GetRequiredService<FleetInstruments>();
            var endpoints = app.Services.GetRequiredService<SiloEndpoints>();
            endpoints.Address = AddressOf(app);
            endpoints.Address.Write(options.State);
            return new SiloProcess(held, options, app);
        }
        catch (Exception error)
        {
            if (app is not null)
            {
                await StopAsync(app).ConfigureAwait(false);
            }

            held.Dispose();
            throw PortProblem(error, options) ?? RoomProblem(error, options) ?? StateProblem(error, options) ?? error;
        }
    }

    /// <summary>Stops trainers, closes streams, flushes the storage, and forgets the address.</summary>
    public async ValueTask DisposeAsync()
    {
        File.Delete(Path.Combine(options.State, SiloAddress.FileName));
        await StopAsync(App).ConfigureAwait(false);
        stateLock.Dispose();
    }

    private static async Task StopAsync(WebApplication app)
    {
        try
        {
            await app.StopAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Something did not let go in time. Storage is flushed below all the same, and the next start looks for what was left.
        }

        await app.DisposeAsync().ConfigureAwait(false);
    }

    private static SiloAddress AddressOf(WebApplication app)
    {
        // In the order in which they were configured.
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        return new SiloAddress { ProcessId = Environment.ProcessId, Http = addresses[0], Grpc = addresses[1], Version = ProductVersion.Current };
    }

    private static SiloException? PortProblem(Exception error, SiloOptions options)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
            {
                var (option, address) = IsTaken(options.Http) ? ("--http", options.Http) : ("--grpc", options.Grpc);
                return new SiloException(
                    $"Port {address.Port} of {address.Address} is in use by another program. Stop that, or give another port with {option}"
                        + $" {address.Address}:PORT (0 takes a free one).",
                    error);
            }
        }

        return null;
    }

    private static SiloException? RoomProblem(Exception error, SiloOptions options) => DiskSpace.IsExhausted(error) || error is OutOfSpaceException
        ? new SiloException($"The disk under {options.State} is full: {error.Message} Free some space, or choose another folder with --state.", error)
        : null;

    private static SiloException? StateProblem(Exception error, SiloOptions options)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case SiloException known:
                    return known;
                case StorageException:
                    return new SiloException(cause.Message, error);
                case UnauthorizedAccessException or IOException:
                    return new SiloException(
                        $"The state folder {options.State} cannot be used: {cause.Message} Give it to the user who runs the silo, or"
                            + " choose another folder with --state.",
                        error);
            }
        }

        return null;
    }

    private static bool IsTaken(IPEndPoint address)
    {
        if (address.Port == 0)
        {
            return false;
        }

        using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(address);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
