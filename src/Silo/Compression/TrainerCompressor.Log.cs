namespace Fleet.Silo.Compression;

internal sealed partial class TrainerCompressor
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Variant {Variant} trains in process {Process}.")]
    private partial void LogStarted(string variant, int process);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The priority of process {Process} could not be lowered: {Reason}")]
    private partial void LogPriority(int process, string reason);
}
