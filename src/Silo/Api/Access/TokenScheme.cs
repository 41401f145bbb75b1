using Fleet.Os.State;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Fleet.Silo.Api.Access;

/// <summary>How the API's document says that a call needs the silo's token.</summary>
internal static class TokenScheme
{
    private const string Name = "token";

    public static Task Declare(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        if (context.Document is { } document && !context.Description.ActionDescriptor.EndpointMetadata.OfType<NeedsNoToken>().Any())
        {
            document.AddComponent<IOpenApiSecurityScheme>(Name, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = $"What the file '{AccessToken.FileName}' in the silo's state folder holds.",
            });
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Name, document)] = [] }];
        }

        return Task.CompletedTask;
    }
}
