using System.Diagnostics.Metrics;
using Fleet.Grains.Telemetry;
using OpenTelemetry.Metrics;

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
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(FleetInstruments.MeterName, "Microsoft.Orleans")
            .AddRuntimeInstrumentation()
            .AddInstrumentation(provider => provider.GetRequiredService<FleetGauges>())
            .AddPrometheusExporter());
        services.ConfigureOpenTelemetryMeterProvider((provider, metrics) =>
        {
            var own = provider.GetRequiredService<IMeterFactory>();
            metrics.AddView(instrument => instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, own) ? null : MetricStreamConfiguration.Drop);
        });
    }
}
