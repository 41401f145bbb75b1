using System.Globalization;
using System.Text;
using Fleet.Cli.Failures;
using Fleet.Domain.Tasks;
using Fleet.Kernels.Methods;

namespace Fleet.Cli.Campaigns;

/// <summary>Writes the campaign file that a sweep's flags stand for.</summary>
internal static class SweepText
{
    private const string Reference = "dense";

    private static readonly string[] Modes = ["window", "streaming"];

    /// <exception cref="CommandFailedException">A flag cannot be meant so.</exception>
    public static string Of(SweepFlags flags)
    {
        Check(flags);
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"name: {flags.Name ?? (KnownTasks.IsFile(flags.Task) ? Path.GetFileNameWithoutExtension(flags.Task) : flags.Task) + "-sweep"}\n");
        // A path may have anything in it.
        text.Append(
            CultureInfo.InvariantCulture,
            $"task: {(KnownTasks.IsFile(flags.Task) ? $"'{flags.Task.Replace("'", "''", StringComparison.Ordinal)}'" : flags.Task)}\n");
        text.Append(CultureInfo.InvariantCulture, $"model: {{ cell: lstm, hidden: {flags.Hidden} }}\n");
        if (flags.Epochs is { } epochs)
        {
            text.Append(CultureInfo.InvariantCulture, $"training: {{ epochs: {epochs} }}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"seeds: [{string.Join(", ", flags.Seeds)}]\n");
        text.Append("variants:\n");
        // The reference is always there, and once: it has no compression to sweep.
        text.Append($"  - method: {Reference}\n");
        var factors = string.Join(", ", flags.Compression.Select(factor => factor.ToString(CultureInfo.InvariantCulture)));
        foreach (var method in flags.Methods.Where(method => method != Reference).Distinct())
        {
            text.Append($"  - {{ method: {method}, compression: [{factors}] }}\n");
        }

        text.Append($"reference: {Reference}\n");
        if (flags.Devices.Count > 0)
        {
            text.Append($"devices: [{string.Join(", ", flags.Devices)}]\n");
        }

        text.Append($"conditions: {{ modes: [{string.Join(", ", flags.Modes)}] }}\n");
        if (flags.Replicates != 1)
        {
            text.Append(CultureInfo.InvariantCulture, $"replicates: {flags.Replicates}\n");
        }

        return text.ToString();
    }

    private static void Check(SweepFlags flags)
    {
        Known("--methods", flags.Methods, CellMethods.Names);
        Known("--modes", flags.Modes, Modes);
        if (flags.Methods.Any(method => method != Reference) && flags.Compression.Count == 0)
        {
            throw CommandFailedException.Usage("--compression is missing: by what factors?", "For example --compression 2,3,4.");
        }

        // What is possible at this size, the silo knows; NaN and infinity are no sizes at all.
        foreach (var factor in flags.Compression.Where(factor => !(factor > 1 && double.IsFinite(factor))))
        {
            throw CommandFailedException.Usage($"--compression {factor}: a factor is greater than 1.", "For example --compression 2,3,4.");
        }

        if (flags.Seeds.Count == 0)
        {
            throw CommandFailedException.Usage("--seeds is empty.", "For example --seeds 1,2,3.");
        }

        Least("--hidden", flags.Hidden);
        Least("--epochs", flags.Epochs ?? 1);
        Least("--replicates", flags.Replicates);
        if (flags.Devices.FirstOrDefault(device => device.IndexOf('=') <= 0) is { } device)
        {
            throw CommandFailedException.Usage($"--devices {device}: it must be key=value.", "For example --devices arch=arm64. Tags: fleet device show NAME");
        }
    }

    private static void Known(string option, IReadOnlyList<string> given, IReadOnlyList<string> known)
    {
        if (given.Count == 0)
        {
            throw CommandFailedException.Usage($"{option} is empty.", $"There are: {string.Join(", ", known)}.");
        }

        if (given.FirstOrDefault(word => !known.Contains(word)) is { } stray)
        {
            throw CommandFailedException.Usage(
                $"{option} {stray} is not known.", Suggestions.DidYouMean(stray, known) ?? $"There are: {string.Join(", ", known)}.");
        }
    }

    private static void Least(string option, int value)
    {
        if (value < 1)
        {
            throw CommandFailedException.Usage($"{option} {value}: it must be at least 1.");
        }
    }
}
