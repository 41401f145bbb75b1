using Fleet.Campaigns.Ports;
using Fleet.Domain.Artefacts;
using Fleet.Protocol.Api;
using Fleet.Silo.Api.Problems;
using Fleet.Silo.Configuration;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Fleet.Silo.Api;

/// <summary><c>/artifacts/{sha256}</c></summary>
internal static class ArtefactEndpoints
{
    private const string ContentType = "application/octet-stream";

    public static void MapArtefacts(this WebApplication app)
    {
        app.MapMethods(ApiRoutes.Artefact, ["GET", "HEAD"], GetAsync)
            .WithSummary("An artefact's bytes, or a range of them.")
            .Produces(StatusCodes.Status200OK, contentType: ContentType)
            .Produces(StatusCodes.Status206PartialContent, contentType: ContentType)
            .Produces<Problem>(StatusCodes.Status404NotFound);
        app.MapPut(ApiRoutes.Artefact, PutAsync)
            .WithSummary("Stores an artefact, if its content has the hash that it is named by.")
            .Produces(StatusCodes.Status201Created).Produces<Problem>(StatusCodes.Status400BadRequest).Produces<Problem>(StatusCodes.Status413PayloadTooLarge);
    }

    private static async Task<IResult> GetAsync(string sha256, IArtefactStore artefacts, CancellationToken cancel)
    {
        if (!ArtefactName.IsValid(sha256))
        {
            return WrongName(sha256);
        }

        return await artefacts.OpenReadAsync(sha256, cancel) is { } content
            ? TypedResults.Stream(content, ContentType, entityTag: new EntityTagHeaderValue($"\"{sha256}\""), enableRangeProcessing: true)
            : ApiProblems.Of(StatusCodes.Status404NotFound, $"There is no artefact {sha256}.");
    }

    private static async Task<IResult> PutAsync(string sha256, HttpContext context, IArtefactStore artefacts, SiloOptions options)
    {
        if (!ArtefactName.IsValid(sha256))
        {
            return WrongName(sha256);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = options.MaxArtefactBytes;
        }

        try
        {
            await artefacts.PutAsync(sha256, context.Request.Body, context.RequestAborted);
            return TypedResults.Created(ApiRoutes.ArtefactOf(sha256));
        }
        catch (InvalidDataException error)
        {
            return ApiProblems.Of(StatusCodes.Status400BadRequest, error.Message);
        }
    }

    private static IResult WrongName(string sha256) =>
        ApiProblems.Of(StatusCodes.Status400BadRequest, $"'{sha256}' is no artefact's name: 64 hexadecimal digits in lower case.");
}
