using System.Text.Json.Serialization;
using Fleet.Cli.Models;
using Fleet.Cli.Packages;

namespace Fleet.Cli.Commands;

/// <summary>A file that a command wrote.</summary>
/// <param name="Campaign">Of which; of a suite's own report, the suite's name.</param>
internal sealed record WrittenFile(string Campaign, string Path, long Bytes);

/// <summary>The parts of a data set as <c>data check</c> counts them.</summary>
internal sealed record CheckedData(
    string Task, int Input, int Steps, int Classes, int TrainingSamples, int TestSamples, string TrainingSha256, string TestSha256);

/// <summary>A task as <c>data list</c> shows it.</summary>
/// <param name="Folder">Where <c>data get</c> put its data; null where it is not here.</param>
internal sealed record ListedTask(
    string Task, string Description, int Input, int Steps, int Classes, string Source, string? Licence, long? DownloadBytes, bool NeedsFolder, string? Folder);

/// <summary>A data set that is here now.</summary>
/// <param name="Published">Its publishers say what the hash must be; otherwise it was recorded at the first download.</param>
internal sealed record GottenData(string Task, string Folder, string? ArchiveSha256, bool Published);

/// <summary>A model file that a command wrote.</summary>
internal sealed record WrittenModel(string Path, long Bytes, string Source, IReadOnlyList<string> LeftOut);

/// <summary>The outputs that a command wrote.</summary>
internal sealed record WrittenOutputs(string Path, IReadOnlyList<int> Shape, string Engine);

/// <summary>Documents that only commands print; everything else they print is the Protocol's.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(WrittenFile))]
[JsonSerializable(typeof(WrittenFile[]))]
[JsonSerializable(typeof(CheckedData))]
[JsonSerializable(typeof(ListedTask[]))]
[JsonSerializable(typeof(GottenData))]
[JsonSerializable(typeof(AgentPackage))]
[JsonSerializable(typeof(WrittenModel))]
[JsonSerializable(typeof(WrittenOutputs))]
[JsonSerializable(typeof(ModelSummary))]
internal sealed partial class CommandJson : JsonSerializerContext;
