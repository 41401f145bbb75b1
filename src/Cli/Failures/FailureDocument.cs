using System.Text.Json.Serialization;
using Fleet.Domain.Campaigns;

namespace Fleet.Cli.Failures;

/// <summary>With <c>--json</c>, a command that failed still prints one document.</summary>
internal sealed record FailureDocument(int ExitCode, string Error, string? WayOut, IReadOnlyList<FileProblem> Problems);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(FailureDocument))]
internal sealed partial class FailureJson : JsonSerializerContext;
