using System.Globalization;
using Fleet.Cli.Failures;
using Fleet.Domain.Tasks;
using Fleet.Tasks;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Fleet.Cli.Data.Own;

/// <summary>The files of one part of a person's own data: one CSV file, or NumPy arrays.</summary>
/// <param name="Inputs">A <c>.csv</c> file with everything, or a <c>.npy</c> array [samples, steps, channels].</param>
/// <param name="Labels">With <c>.npy</c>: an array [samples] of whole numbers, from 0.</param>
/// <param name="Persons">With <c>.npy</c>: an array [samples] of whole numbers, or null.</param>
internal sealed record PartFiles(string Inputs, string? Labels, string? Persons);

/// <summary>
/// A task of a person's own, described in YAML:
/// <code>
/// task: my-gestures
/// channels: [acc_x, acc_y, acc_z]
/// labels: [rest, wave]
/// sample_rate_hz: 50
/// training: training.csv
/// test: { inputs: test.npy, labels: test-labels.npy }
/// </code>
/// <c>description</c>, <c>sample_rate_hz</c>, <c>metric</c> (<c>accuracy</c>) and <c>persons</c> may be left out. Paths are relative
/// to the file.
/// </summary>
internal sealed record TaskFile(
    string Task, string Description, IReadOnlyList<string> Channels, IReadOnlyList<string> Labels, double SampleRateHz, PartFiles Training, PartFiles Test)
{
    private const string Metric = "accuracy";
    private const int MostNames = 4096;

    internal static readonly string[] Keys = ["task", "description", "channels", "labels", "sample_rate_hz", "metric", "training", "test"];
    internal static readonly string[] PartKeys = ["inputs", "labels", "persons"];

    /// <exception cref="CommandFailedException">The file cannot be read or is no description of a task: line and column are named.</exception>
    public static TaskFile Read(string path)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(File.ReadAllText(path)));
            return stream.Documents is [{ RootNode: YamlMappingNode root }]
                ? new Reader(path).Read(root)
                : throw CommandFailedException.Usage($"{path} is no task file.", $"It is one section of the keys {string.Join(", ", Keys)}.");
        }
        catch (YamlException wrong)
        {
            throw CommandFailedException.Usage($"{path}:{wrong.Start.Line}:{wrong.Start.Column}: {wrong.Message}");
        }
        catch (InvalidOperationException wrong)
        {
            // What the YAML reader says of brackets that are never closed.
            throw CommandFailedException.Usage($"{path} is no YAML: {wrong.Message}", "Is every bracket and quotation mark closed?");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.Usage($"The task file {path} cannot be read: {error.Message}");
        }
    }

    private sealed class Reader(string path)
    {
        private readonly string folder = Path.GetDirectoryName(path) ?? "";

        public TaskFile Read(YamlMappingNode root)
        {
            CheckKeys(root, Keys);
            if (Find(root, "metric") is { } metric && Text(metric) != Metric)
            {
                throw Wrong(metric, $"the metric is '{Text(metric)}', but a task of one's own is judged by {Metric}.");
            }

            return new TaskFile(
                ReadName(Need(root, "task")),
                Find(root, "description") is { } description ? Text(description) : $"Described in {Path.GetFileName(path)}.",
                ReadNames(Need(root, "channels"), "channel", 1),
                ReadNames(Need(root, "labels"), "label", 2),
                Find(root, "sample_rate_hz") is { } rate ? ReadRate(rate) : 1,
                ReadPart(Need(root, "training")),
                ReadPart(Need(root, "test")));
        }

        private string ReadName(YamlNode node)
        {
            var name = Text(node);
            if (TaskCatalogue.Find(name) is not null)
            {
                throw Wrong(node, $"'{name}' is a task of Fleet. Give yours a name of its own.");
            }

            return KnownTasks.IsName(name)
                ? name
                : throw Wrong(
                    node, $"'{name}' cannot be a task's name. Write 1 to 64 letters, digits, '.', '_' or '-', a letter or digit first, and no file ending.");
        }

        private string[] ReadNames(YamlNode node, string what, int least)
        {
            var names = node is YamlSequenceNode list ? list.Select(Text).ToArray() : throw Wrong(node, $"{what}s are a list, as [a, b].");
            if (names.Length < least || names.Length > MostNames)
            {
                throw Wrong(node, $"there are {names.Length} {what}s, but must be {least} to {MostNames}.");
            }

            return names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice
                ? throw Wrong(node, $"the {what} '{twice.Key}' stands twice.")
                : names;
        }

        private double ReadRate(YamlNode node) =>
            double.TryParse(Text(node), NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && rate > 0 && double.IsFinite(rate)
                ? rate
                : throw Wrong(node, $"sample_rate_hz is '{Text(node)}', but must be a positive number.");

        private PartFiles ReadPart(YamlNode node)
        {
            if (node is not YamlMappingNode map)
            {
                return IsArray(Text(node))
                    ? throw Wrong(node, $"{Text(node)} has no labels. Write {{ inputs: {Text(node)}, labels: LABELS.npy }}.")
                    : new PartFiles(Place(node), null, null);
            }

            CheckKeys(map, PartKeys);
            var (inputs, labels, persons) = (Need(map, "inputs"), Find(map, "labels"), Find(map, "persons"));
            if (!IsArray(Text(inputs)) && (labels ?? persons) is { } stray)
            {
                throw Wrong(stray, "labels and persons are columns of a CSV file; files of their own go with .npy inputs.");
            }

            return IsArray(Text(inputs)) && labels is null
                ? throw Wrong(inputs, $"{Text(inputs)} has no labels. Add 'labels: LABELS.npy'.")
                : new PartFiles(Place(inputs), labels is null ? null : Place(labels), persons is null ? null : Place(persons));
        }

        private static bool IsArray(string name) => name.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);

        private string Place(YamlNode node) => Path.Combine(folder, Text(node));

        private void CheckKeys(YamlMappingNode map, string[] known)
        {
            foreach (var key in map.Children.Keys)
            {
                if (!known.Contains(Text(key)))
                {
                    throw Wrong(key, $"unknown key '{Text(key)}'. {Suggestions.DidYouMean(Text(key), known) ?? $"There are: {string.Join(", ", known)}."}");
                }
            }
        }

        private YamlNode Need(YamlMappingNode map, string key) => Find(map, key) ?? throw Wrong(map, $"'{key}' is missing.");

        private static YamlNode? Find(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : null;

        private string Text(YamlNode node) => node is YamlScalarNode { Value: { Length: > 0 } text }
            ? text
            : throw Wrong(node, "a word or number is expected here.");

        private CommandFailedException Wrong(YamlNode node, string message) =>
            CommandFailedException.Usage($"{path}:{node.Start.Line}:{node.Start.Column}: {message}");
    }
}
