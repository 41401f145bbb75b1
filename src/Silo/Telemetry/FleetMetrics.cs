using Fleet.Grains.Telemetry;
using OpenTelemetry.Metrics;

namespace Fleet.Silo.Telemetry;

/// <summary>What <c>/metrics</c> exposes: the fleet's meter, Orleans' and the runtime's.</summary>
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
    }
}
