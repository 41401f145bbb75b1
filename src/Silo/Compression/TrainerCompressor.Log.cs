namespace Fleet.Silo.Compression;

internal sealed partial class TrainerCompressor
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Variant {Variant} trains in process {Process}.")]
    private partial void LogStarted(string variant, int process);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Variant {Variant} resumes from its checkpoint in another process: {Reason}")]
    private partial void LogKilled(string variant, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The checkpoints of variant {Variant} are of no more use and cannot be deleted: {Reason}")]
    private partial void LogNotForgotten(string variant, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The priority of process {Process} could not be lowered: {Reason}")]
    private partial void LogPriority(int process, string reason);
}
