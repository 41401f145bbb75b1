using System.Text.Json.Serialization;
using Fleet.Domain.Text;

namespace Fleet.Domain.Jobs;

/// <summary>Of a compression job: of the one training that several campaigns may want.</summary>
[JsonConverter(typeof(WordConverter<JobStatus>))]
public enum JobStatus
{
    /// <summary>No trainer has begun.</summary>
    Queued,

    /// <summary>A trainer holds it, and waits for the machine or for space on the disk.</summary>
    Waiting,
    Training,

    /// <summary>Its model is stored.</summary>
    Ready,
    Failed,

    /// <summary>No campaign wants it any longer.</summary>
    Cancelled,
}
