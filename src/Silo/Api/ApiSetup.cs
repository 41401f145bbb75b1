using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Silo.Api.Access;
using Fleet.Silo.Api.Problems;

namespace Fleet.Silo.Api;

/// <summary>The HTTP API: its JSON, its errors, its document, its endpoints.</summary>
internal static class ApiSetup
{
    public static void AddFleetApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            // A null where a request must have a value is its sender's mistake. What was stored before a value became required is still answered.
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ProtocolJson.Default.WithAddedModifier(WriteNulls));
        });
        // What is wrong with a request is for its sender to read, so it goes through our own handler.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddSingleton<IProblemDetailsService, ProblemWriter>();
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddOpenApi(document => document.AddOperationTransformer(TokenScheme.Declare));
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

    private static void WriteNulls(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => !property.IsGetNullable && !property.PropertyType.IsValueType))
        {
            property.IsGetNullable = true;
        }
    }
}
