using System.Net;
using System.Net.Sockets;
using Fleet.Campaigns.Leases;
using Fleet.Campaigns.Ports;
using Fleet.Grains.Explaining;
using Fleet.Grains.Serialisation;
using Fleet.Os.Machines;
using Fleet.Silo.Api;
using Fleet.Silo.Api.Access;
using Fleet.Silo.Compression;
using Fleet.Silo.Configuration;
using Fleet.Silo.Gateway;
using Fleet.Silo.Storage;
using Fleet.Silo.Telemetry;
using Fleet.Storage.Folders;
using Fleet.Storage.Sqlite;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orleans.Storage;

namespace Fleet.Silo.Hosting;

/// <summary>Puts the silo together: Orleans, storage, gateway, API, metrics.</summary>
internal static class SiloHost
{
    // A run of 10,000 rounds, each block measured again, is 50 MB: a report that never fits would be sent again for ever.
    private const int MaxAgentMessageBytes = 64 << 20;
    private const int MaxRequestBytes = 4 << 20;

    /// <param name="configure">For tests: replaces services.</param>
    public static WebApplication Build(SiloOptions options, SiloAccess access, Action<IServiceCollection>? configure = null)
    {
        // Slim: no configuration files; everything that decides how it runs is in the options.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        var stopping = new StoppingFlag();
        SiloLogging.Add(builder.Logging, options, stopping);
        AddKestrel(builder, options);
        AddOrleans(builder);
        builder.Services.AddSingleton(access.Identity).AddSingleton(access.Token);
        AddServices(builder.Services, options);
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        app.Lifetime.ApplicationStopping.Register(stopping.Raise);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<LoopbackGuard>();
        app.MapGrpcService<AgentGatewayService>();
        app.MapFleetApi();
        app.MapFleetMetrics();
        return app;
    }

    private static void AddKestrel(WebApplicationBuilder builder, SiloOptions options) => builder.WebHost.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
        kestrel.Listen(options.Http, listen => listen.Protocols = HttpProtocols.Http1);
        kestrel.Listen(options.Grpc, listen => listen.Protocols = HttpProtocols.Http2);
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(15);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
    });

    private static void AddOrleans(WebApplicationBuilder builder) => builder.UseOrleans(silo =>
    {
        // No Orleans client connects from outside: agents and commands have their own doors. So there is no client gateway,
        // and the silo's own port, of which nobody need know, is any free one.
        silo.UseLocalhostClustering(siloPort: FreePort(), gatewayPort: 0);
        silo.Services.AddGrainSerialization();
        silo.Services.AddKeyedSingleton<IGrainStorage, GrainStateAdapter>(GrainStorage.Name);
    });

    private static void AddServices(IServiceCollection services, SiloOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<SiloEndpoints>();
        services.AddSqliteStorage(new SqliteStorageOptions { Folder = options.State, SetAsideDamaged = options.SetAsideDamaged });
        services.AddFolderArtefacts(Path.Combine(options.State, "artefacts"));
        services.AddSingleton<ICompressor, TrainerCompressor>();
        services.AddSingleton<AgentConnections>();
        services.AddSingleton<Explainer>();
        services.Configure<LeaseOptions>(leases => leases.TrainingMachine = MachineIdentity.Current);
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = MaxAgentMessageBytes;
            // Its catch-all for services that do not exist would answer for every path of two parts, the API's too.
            grpc.IgnoreUnknownServices = true;
        });
        services.AddFleetApi();
        services.AddFleetMetrics();
        services.AddHostedService<CampaignRevival>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1.8));
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
