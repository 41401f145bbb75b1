using Microsoft.Extensions.Logging;

namespace Fleet.Grains.Campaigns;

internal sealed partial class CampaignGrain
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Campaign {Campaign} has started with {Variants} variants.")]
    private partial void LogStarted(string campaign, int variants);

    [LoggerMessage(Level = LogLevel.Information, Message = "Campaign {Campaign} is {Status}: {Message}")]
    private partial void LogBecame(string campaign, string status, string message);
}
