using Microsoft.Extensions.Logging;

namespace Fleet.Grains.Compression;

internal sealed partial class CompressionJobGrain
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Artefact {Sha256} of variant {Variant} is gone from the store; the variant is made again.")]
    private partial void LogArtefactLost(string sha256, string variant);
}
