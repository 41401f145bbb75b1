using Microsoft.Extensions.Logging;

namespace Fleet.Grains.Devices;

internal sealed partial class DeviceGrain
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Device {Device} is there: {Board}, {Arch}.")]
    private partial void LogEnrolled(string device, string board, string arch);

    [LoggerMessage(Level = LogLevel.Information, Message = "Session {Session} was granted to {Device} for campaign {Campaign}: {Variants} variants.")]
    private partial void LogGranted(string session, string device, string campaign, int variants);

    [LoggerMessage(Level = LogLevel.Information, Message = "Session {Session} of {Device} ended ({Outcome}). {Reason}")]
    private partial void LogEnded(string session, string device, string outcome, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Device {Device} was removed.")]
    private partial void LogRemoved(string device);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The measurement of run {Run} by {Device} cannot be used: {Reason}")]
    private partial void LogUnreadable(string run, string device, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The report of run {Run} by {Device} was rejected: {Reason}")]
    private partial void LogRejected(string run, string device, string reason);
}
