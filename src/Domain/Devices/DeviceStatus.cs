using System.Text.Json.Serialization;
using Fleet.Domain.Text;

namespace Fleet.Domain.Devices;

[JsonConverter(typeof(WordConverter<DeviceStatus>))]
public enum DeviceStatus
{
    Idle,

    /// <summary>It loads a session's models.</summary>
    Preparing,

    /// <summary>It waits until it is quiet and cool enough to be measured on.</summary>
    Waiting,
    Measuring,

    /// <summary>Nothing was heard of it for longer than an agent is silent when all is well.</summary>
    Silent,

    /// <summary>Of a device that a campaign knows and the fleet does no longer.</summary>
    Removed,
}
