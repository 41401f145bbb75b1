using System.Text.Json;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Silo.Api.Access;

namespace Fleet.Silo.Api;

/// <summary>The HTTP API: its JSON, its errors, its document, its endpoints.</summary>
internal static class ApiSetup
{
    public static void AddFleetApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ProtocolJson.Default);
            // A null where a value must be is the sender's mistake, and told as such.
            json.SerializerOptions.RespectNullableAnnotations = true;
        });
        // What is wrong with a request is for its sender to read, so it goes through our own handler.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddSingleton<IProblemDetailsService, ProblemWriter>();
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddOpenApi();
    }

    public static void MapFleetApi(this WebApplication app)
    {
        app.MapOpenApi("/api/openapi.json");
        app.MapCampaigns();
        app.MapCampaignEvents();
        app.MapReports();
        app.MapFleet();
        app.MapDevices();
        app.MapArtefacts();
        app.MapGet(ApiRoutes.Health, () => TypedResults.Text("ok\n")).WithSummary("Does the process answer?").WithMetadata(new NeedsNoToken());
        app.MapReadiness();
    }
}
