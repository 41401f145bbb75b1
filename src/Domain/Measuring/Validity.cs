using System.Text.Json.Serialization;
using Fleet.Domain.Text;

namespace Fleet.Domain.Measuring;

/// <summary>How far a measurement counts: of a block, and of a run. From the soundest to the least.</summary>
[JsonConverter(typeof(WordConverter<Validity>))]
public enum Validity
{
    /// <summary>Nothing speaks against it.</summary>
    Valid,

    /// <summary>Something may have moved it a little; it counts, and is marked.</summary>
    Suspect,

    /// <summary>Its times do not count.</summary>
    Invalid,

    /// <summary>Nothing was measured. Of a run only.</summary>
    Failed,
}
