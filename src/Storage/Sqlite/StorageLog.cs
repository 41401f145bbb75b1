using Microsoft.Extensions.Logging;

namespace Fleet.Storage.Sqlite;

/// <summary>What is logged when a damaged database was replaced.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Line}")]
    public static partial void Rescued(ILogger logger, string line);
}
