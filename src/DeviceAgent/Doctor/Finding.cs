using System.Text.Json.Serialization;

namespace Fleet.DeviceAgent.Doctor;

/// <summary>One thing that the doctor looked at.</summary>
/// <param name="Name">"governor"</param>
/// <param name="Value">What was found, in plain words.</param>
/// <param name="Advice">What a person can do about it; null where all is well.</param>
internal sealed record Finding(string Name, string Value, Severity Severity = Severity.Ok, string? Advice = null);

internal enum Severity
{
    Ok,

    /// <summary>Measurements will be worse for it, or say less.</summary>
    Note,

    /// <summary>The agent cannot work.</summary>
    Problem,
}

/// <summary>A finding as a script reads it. A word for the severity: each enumeration that JSON knows costs the boards' binary 35 KB.</summary>
/// <param name="Severity">ok | note | problem</param>
internal sealed record WrittenFinding(string Name, string Value, string Severity, string? Advice)
{
    public static WrittenFinding Of(Finding finding) => new(
        finding.Name,
        finding.Value,
        finding.Severity switch { Doctor.Severity.Ok => "ok", Doctor.Severity.Note => "note", _ => "problem" },
        finding.Advice);
}

/// <param name="Sound">No finding is a problem.</param>
internal sealed record Diagnosis(bool Sound, IReadOnlyList<WrittenFinding> Findings);

[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true)]
[JsonSerializable(typeof(Diagnosis))]
internal sealed partial class DiagnosisJson : JsonSerializerContext;
