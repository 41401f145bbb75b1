using Microsoft.Extensions.Logging;

namespace Fleet.Grains.Compression;

internal sealed partial class TrainingRun
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Variant {Variant} is ready: validation {Validation}, trained in {Seconds} s.")]
    private partial void LogReady(string variant, double validation, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Variant {Variant} could not be trained: {Reason}")]
    private partial void LogFailed(string variant, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Training of variant {Variant} waits for room: {Reason}")]
    private partial void LogOutOfSpace(string variant, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Training of variant {Variant} could not be run.")]
    private partial void LogBroken(Exception error, string variant);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of variant {Variant}'s training could not be recorded; it will be looked at again.")]
    private partial void LogSettleFailed(Exception error, string variant);
}
