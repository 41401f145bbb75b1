using System.Diagnostics.Metrics;
using Fleet.Grains.Telemetry;
using Fleet.Silo.Configuration;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Fleet.Silo.Telemetry;

/// <summary>
/// What <c>/metrics</c> exposes: the fleet's meter, Orleans' and the runtime's. A provider hears every meter of the process that has
/// the name, and counts those together. Where a process has several silos, each tells of its own meter only, known by its scope;
/// meters without one belong to the process.
/// </summary>
internal static class FleetMetrics
{
    public static void AddFleetMetrics(this IServiceCollection services)
    {
        services.AddSingleton<FleetInstruments>();
        services.AddSingleton<ToldCampaigns>();
        services.AddSingleton<CurrentResults>();
        services.AddSingleton<FleetGauges>();
        services.AddSingleton<OverflowWatch>();
        services.AddOpenTelemetry().ConfigureResource(Describe).WithMetrics(metrics => metrics
            .AddMeter(FleetInstruments.MeterName, "Microsoft.Orleans")
            .AddRuntimeInstrumentation()
            .AddInstrumentation(provider => provider.GetRequiredService<FleetGauges>())
            .AddReader(provider => provider.GetRequiredService<OverflowWatch>().Reader)
            .AddPrometheusExporter());
        services.ConfigureOpenTelemetryMeterProvider((provider, metrics) =>
        {
            var own = provider.GetRequiredService<IMeterFactory>();
            metrics.AddView(
                instrument => instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, own) ? null : MetricStreamConfiguration.Drop);
        });
    }

    public static void MapFleetMetrics(this WebApplication app)
    {
        var overflow = app.Services.GetRequiredService<OverflowWatch>();
        app.MapPrometheusScrapingEndpoint("/metrics", meterProvider: null, optionsName: null, configureBranchedPipeline: scrape => scrape.Use(next => context =>
        {
            overflow.Look();
            return next(context);
        }));
    }

    // An instance is told apart by the job and the address that it is scraped under; a random id would make new series at each start.
    private static void Describe(ResourceBuilder resource) =>
        resource.AddService("fleet-silo", serviceVersion: ProductVersion.Current, autoGenerateServiceInstanceId: false);
}
