using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Text;
using Fleet.Domain.Measuring;
using Fleet.Domain.Artefacts;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Json;
using Fleet.Domain.Recipes;
using Fleet.Domain.Tasks;

namespace Fleet.Campaigns.Language;

/// <summary>From a campaign file to a specification.</summary>
public static class CampaignFiles
{
    /// <summary>The longest text that is read as a campaign file.</summary>
    public const int MaxCharacters = 1 << 20;

    /// <summary>All that is wrong with the file, and the tasks whose data, and the model, that it wants.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> says that nobody waits for it.</exception>
    public static CampaignCheck Check(CampaignFile file, CancellationToken cancel = default)
    {
        if (TooLarge(file) is { } large)
        {
            return new CampaignCheck { Problems = [large], Tasks = [] };
        }

        var readings = CampaignFileReader.Read(file, [], imported: null, cancel);
        return new CampaignCheck
        {
            Problems = [.. readings.SelectMany(reading => reading.Problems)],
            Tasks = [.. readings.SelectMany(reading => reading.Tasks).Distinct()],
            Benchmarks = [.. readings.Where(reading => reading.Benchmark is not null)
                .Select(reading => new BenchmarkCheck { Name = reading.Benchmark!, Tasks = reading.Tasks })],
            Import = readings is [{ Import: { } import }] ? import : null,
        };
    }

    /// <summary>The specification, or all that is wrong with the file or the data bound to it.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> says that nobody waits for it.</exception>
    public static (CampaignSpecification? Specification, IReadOnlyList<FileProblem> Problems) Bind(
        CampaignSubmission submission, CancellationToken cancel = default)
    {
        if (TooLarge(submission.File) is { } large)
        {
            return (null, [large]);
        }

        if (submission.Data.Any(data => data is null))
        {
            return Fault(submission.File, "An entry of 'data' is null.", "Send one entry of 'data' for each task that the check named.");
        }

        var readings = CampaignFileReader.Read(submission.File, submission.Data, submission.Model, cancel);
        if (readings is not [var reading])
        {
            var names = string.Join(", ", readings.Select(one => one.Benchmark));
            return Fault(
                submission.File,
                $"The file is a suite of {readings.Count.ToString(CultureInfo.InvariantCulture)} campaigns: {names}.",
                "Send each by itself, named in 'benchmark' of 'file'.");
        }

        if (reading.Content is not { } content)
        {
            return (null, reading.Problems);
        }

        var bound = submission.Data.Where(data => data.Task == content.Task).ToArray();
        if (bound is not [var data])
        {
            var message = bound.Length == 0
                ? $"No data is bound to the task '{content.Task}'."
                : $"Data is bound to the task '{content.Task}' {bound.Length.ToString(CultureInfo.InvariantCulture)} times.";
            return Fault(submission.File, message, "Send one entry of 'data' for each task that the check named.");
        }

        if (reading.Import is { } import && submission.Model is null)
        {
            return Fault(submission.File, $"No model is bound as {import.File}.", "Send 'model' where the check named an import.");
        }

        if (reading.Import is null && submission.Model is not null)
        {
            return Fault(submission.File, "A model is bound, but the file imports none.", "Leave 'model' out.");
        }

        var wrong = Faults(data)
            .Select(fault => new FileProblem { Source = submission.File.Source, Message = $"The data of '{data.Task}' cannot be right: {fault}" })
            .ToArray();
        return wrong.Length > 0 ? (null, wrong) : (Specify(content, data), []);
    }

    private static FileProblem? TooLarge(CampaignFile file) => file.Text.Length <= MaxCharacters
        ? null
        : new FileProblem
        {
            Source = file.Source,
            Message = $"It has {file.Text.Length} characters; a campaign file has at most {MaxCharacters}.",
            Suggestion = "Is it the right file?",
        };

    private static (CampaignSpecification?, IReadOnlyList<FileProblem>) Fault(CampaignFile file, string message, string suggestion) =>
        (null, [new FileProblem { Source = file.Source, Message = message, Suggestion = suggestion }]);

    private static IEnumerable<string> Faults(TaskData data)
    {
        foreach (var (name, hash) in new[] { ("training_sha256", data.TrainingSha256), ("test_sha256", data.TestSha256) })
        {
            if (!ArtefactName.IsValid(hash))
            {
                yield return $"{name} is '{hash}', not 64 hexadecimal digits in lower case.";
            }
        }

        var counts = new[]
        {
            ("input", data.Input), ("steps", data.Steps), ("classes", data.Classes),
            ("training_samples", data.TrainingSamples), ("test_samples", data.TestSamples),
        };
        foreach (var (name, count) in counts)
        {
            if (count < 1)
            {
                yield return $"{name} is {count.ToString(CultureInfo.InvariantCulture)}, but must be at least 1.";
            }
        }
    }

    private static CampaignSpecification Specify(CampaignContent content, TaskData data)
    {
        // At most a few hundred recipes, in chains of at most three: see the limit of variants.
        ImmutableArray<VariantSpecification> variants =
            [.. content.Seeds.SelectMany(seed => content.Recipes.Select(recipe => Variant(content, data, recipe, seed)))];
        return new CampaignSpecification
        {
            Name = content.Name,
            Data = data,
            Variants = variants,
            Reference = content.Reference,
            Devices = [.. content.Devices],
            Conditions = [.. content.Conditions],
            Replicates = content.Replicates,
            Measuring = content.Measuring,
            Priority = content.Priority,
            Digest = Digest(content, data, variants),
            Suite = content.Suite,
            Claims = content.Claims,
            Patience = content.Patience,
        };
    }

    private static VariantSpecification Variant(CampaignContent content, TaskData data, NamedRecipe recipe, long seed)
    {
        var start = Start(content, data, recipe.Recipe, seed);
        return new VariantSpecification
        {
            Key = Identity.Variant(content.Task, data.TrainingSha256, recipe.Recipe, seed, start),
            Name = recipe.Name,
            Recipe = recipe.Recipe,
            Seed = seed,
            Dense = start,
        };
    }

    // The key of the variant that it learns from, which may learn from another.
    private static string? Start(CampaignContent content, TaskData data, Recipe recipe, long seed) =>
        Dependencies.Of(recipe, content.Recipes.Select(named => named.Recipe)) is { } before
            ? Identity.Variant(content.Task, data.TrainingSha256, before, seed, Start(content, data, before, seed))
            : null;

    private static string Digest(CampaignContent content, TaskData data, IEnumerable<VariantSpecification> variants)
    {
        var measuring = content.Measuring;
        var whole = new JsonObject
        {
            ["name"] = content.Name,
            ["data"] = JsonSerializer.SerializeToNode(data, DomainJson.Default.TaskData),
            ["variants"] = new JsonArray([.. variants.Select(variant => new JsonArray(variant.Key, variant.Name))]),
            ["reference"] = content.Reference,
            ["devices"] = new JsonArray([.. content.Devices.Select(tag => JsonValue.Create(tag))]),
            ["conditions"] = new JsonArray([.. content.Conditions.Select(Digested)]),
            ["replicates"] = content.Replicates,
            ["priority"] = content.Priority,
            ["measuring"] = new JsonArray(
                measuring.RatioWidth,
                measuring.MinRounds,
                measuring.MaxRounds,
                measuring.TimeLimit.Ticks,
                measuring.Block.Ticks,
                measuring.GateCelsius,
                measuring.GateLimit?.Ticks,
                measuring.InvalidRetries),
        };
        if (content.Patience != CampaignSpecification.DefaultPatience)
        {
            // Left out at its default, so that campaigns from before there was the key are the same ones.
            whole["patience"] = content.Patience.Ticks;
        }

        return CanonicalJson.Hash(whole, 64);
    }

    private static JsonArray Digested(Condition condition) =>
    [
        condition.Mode.Word(),
        condition.Phase.Word(),
        condition.Clock.Word(),
        .. condition.Further.Select(axis => JsonValue.Create($"{axis.Key}={axis.Value}")),
    ];
}
