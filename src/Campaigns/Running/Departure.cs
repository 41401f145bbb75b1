using Fleet.Campaigns.Text;
using Fleet.Domain.Reasons;

namespace Fleet.Campaigns.Running;

/// <summary>
/// A device that the campaign waits for no longer. Its open runs have ended with that as their reason, but nothing is stored of it before
/// the campaign itself ends: until then the device may come back, and a result that it delivers late still closes its run.
/// </summary>
/// <param name="Device">Its id.</param>
/// <param name="Code"><see cref="ReasonCodes.DeviceSilent"/>, <see cref="ReasonCodes.DeviceExcluded"/> or <see cref="ReasonCodes.DeviceRemoved"/>.</param>
/// <param name="Since">Of a silent device, when it was last heard of; else when it was excluded or missed.</param>
public sealed record Departure(string Device, string Code, DateTimeOffset Since)
{
    public bool Excluded => Code == ReasonCodes.DeviceExcluded;

    /// <summary>Why the device's open runs have ended.</summary>
    public Reason Reason => new(Code, Detail: Wording.Date(Since));

    /// <summary>For people, as the end of a sentence that begins with the device's name.</summary>
    public string Describe(TimeSpan patience) => Code switch
    {
        ReasonCodes.DeviceSilent => $"has been silent since {Wording.Date(Since)}, longer than the campaign waits ({Wording.Span(patience)})",
        ReasonCodes.DeviceExcluded => $"was excluded from the campaign at {Wording.Date(Since)}",
        _ => $"was removed from the fleet at {Wording.Date(Since)}",
    };
}
