using System.Text.Json.Serialization;
using Fleet.Domain.Text;

namespace Fleet.Domain.Measuring;

/// <summary>What one inference is: the unit that is timed.</summary>
[JsonConverter(typeof(WordConverter<InferenceMode>))]
public enum InferenceMode
{
    /// <summary>A whole sequence a call.</summary>
    Window,

    /// <summary>One time step a call, the state kept between calls, as a sensor feeds it.</summary>
    Streaming,
}
