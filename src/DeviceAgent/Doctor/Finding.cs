using System.Text.Json.Serialization;

namespace Fleet.DeviceAgent.Doctor;

/// <summary>One thing that the doctor looked at.</summary>
/// <param name="Name">"governor"</param>
/// <param name="Value">What was found, in plain words.</param>
/// <param name="Advice">What a person can do about it; null where all is well.</param>
internal sealed record Finding(string Name, string Value, Severity Severity = Severity.Ok, string? Advice = null);

internal enum Severity
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>Measurements will be worse for it, or say less.</summary>
    [JsonStringEnumMemberName("note")]
    Note,

    /// <summary>The agent cannot work.</summary>
    [JsonStringEnumMemberName("problem")]
    Problem,
}

/// <param name="Sound">No finding is a problem.</param>
internal sealed record Diagnosis(bool Sound, IReadOnlyList<Finding> Findings);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(Diagnosis))]
internal sealed partial class DiagnosisJson : JsonSerializerContext;
