using System.Collections.Immutable;
using System.Globalization;
using Fleet.Campaigns.Language.Keys;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Recipes;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Structures;

namespace Fleet.Campaigns.Language;

/// <summary>Reads <c>variants</c>: each item is a method, one or more compression factors and precisions, and the method's own parameters.</summary>
/// <param name="width">Values that a step brings to the first layer; null where the task is not known: factors are then not judged.</param>
/// <param name="seeds">How many: each recipe is a variant for each of them.</param>
internal sealed class VariantsReader(SectionReader campaign, ModelSection model, TrainingSettings training, int? width, bool readsTokens, int seeds)
{
    private const int MaxVariants = 500;
    private readonly ProblemList problems = campaign.Problems;
    private readonly List<(Place At, Recipe Recipe)> recipes = [];
    private long asked;
    private readonly int problemsBefore = campaign.Problems.Count;

    /// <summary>No variant is wrong, so those that were read are all that there are.</summary>
    public bool Complete => problems.Count == problemsBefore;

    public IReadOnlyList<NamedRecipe> Read()
    {
        if (campaign.List(CampaignKeys.Variants) is not { } items)
        {
            problems.Add(campaign.PlaceOf(CampaignKeys.Variants), "'variants' is missing.", "List at least one: '- method: dense'.");
            return [];
        }

        if (items.Count == 0)
        {
            problems.Add(campaign.PlaceOf(CampaignKeys.Variants), "'variants' is empty.", "List at least one: '- method: dense'.");
        }

        foreach (var item in items)
        {
            problems.ThrowIfCancelled();
            if (item is YamlMap map)
            {
                ReadVariant(new SectionReader(map, map.At, problems));
            }
            else
            {
                problems.Add(
                    item.At,
                    $"A variant is a section of keys, but this is {item.Kind}.",
                    "Write '- method: dense' or '- { method: hmd, compression: [2, 4] }'.");
            }
        }

        if (!IsTooMany)
        {
            return Named();
        }

        problems.Add(
            campaign.PlaceOf(CampaignKeys.Variants),
            seeds > 1
                ? $"{asked} recipes of {seeds} seeds each are {asked * seeds} variants; a campaign takes {MaxVariants}."
                : $"These are {asked} variants; a campaign takes {MaxVariants}.",
            "Split it into several campaigns: what is trained already is shared.");
        return [];
    }

    private bool IsTooMany => asked * Math.Max(1, seeds) > MaxVariants;

    private void ReadVariant(SectionReader variant)
    {
        var name = variant.Text(VariantKeys.Method);
        var method = name is null ? null : CellMethods.Find(name);
        if (method is null)
        {
            // Which other keys belong here cannot be said without the method.
            problems.Add(
                variant.PlaceOf(VariantKeys.Method),
                name is null ? "A variant has no 'method'." : $"Unknown method '{name}'.",
                name is null ? $"Name one of: {string.Join(", ", CellMethods.Names)}." : Spelling.Suggest(name, CellMethods.Names));
            return;
        }

        var factors = ReadFactors(variant, method);
        var arguments = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in method.Name == DenseStructure.Name ? [] : CellAllocator.Parameters(method))
        {
            if (variant.Argument(parameter) is { } text)
            {
                arguments[parameter.Name] = Canonical(text);
            }
        }

        var quantising = QuantisingReader.Read(variant);
        var learning = LearningReader.Read(variant, method, training, readsTokens, imports: model.Import is not null, quantising);
        variant.Finish($"a variant of method '{method.Name}'");
        if (!ArgumentsAreSound(variant, method, arguments))
        {
            return;
        }

        asked += (long)factors.Count * quantising.Precisions.Count;
        if (IsTooMany)
        {
            // Refused whatever they are: they are only counted.
            return;
        }

        foreach (var (at, factor) in factors)
        {
            if (IsPossible(method, at, factor, arguments))
            {
                recipes.AddRange(quantising.Precisions.Select(precision => (at, new Recipe
                {
                    Cell = model.Cell,
                    Hidden = model.Hidden,
                    Layers = model.Layers,
                    Bidirectional = model.Bidirectional,
                    // As wide as the layers is what is usual, and must not be another variant where it is said.
                    Embedding = model.Embedding == model.Hidden ? null : model.Embedding,
                    Method = method.Name,
                    Compression = factor,
                    MethodParameters = arguments.ToImmutableSortedDictionary(),
                    Precision = precision,
                    Quantisation = precision == Precisions.Int8 ? quantising.Way : null,
                    Training = learning.Training,
                    From = learning.From,
                    Distil = learning.Distil,
                    Import = method.Name == DenseStructure.Name && learning.From is null && precision == Precisions.Fp32 ? model.Imported : null,
                })));
            }
        }
    }

    private List<(Place At, double Factor)> ReadFactors(SectionReader variant, ICellMethod method)
    {
        var factors = new List<(Place, double)>();
        var items = variant.List(VariantKeys.Compression);
        if (method.Name == DenseStructure.Name && items is null)
        {
            return [(variant.At, 1)];
        }

        if (items is null or { Count: 0 })
        {
            problems.Add(
                variant.PlaceOf(VariantKeys.Compression), $"'{method.Name}' has no 'compression'.", "Give a factor or a list of them: 'compression: [2, 4]'.");
            return [];
        }

        foreach (var item in items)
        {
            // The allocator judges the range, and its message names what is possible.
            if (variant.Item(item, VariantKeys.Compression) is var factor && !double.IsNaN(factor))
            {
                factors.Add((item.At, factor));
            }
        }

        return factors;
    }

    // Wrong arguments are wrong for every factor: said once, and no factor is judged by them.
    private bool ArgumentsAreSound(SectionReader variant, ICellMethod method, IReadOnlyDictionary<string, string> arguments)
    {
        try
        {
            CellAllocator.Range(CellNames.Shape(model.Cell, width ?? CellAllocator.NarrowInput, model.Hidden), method, arguments);
            return true;
        }
        catch (MethodArgumentException error)
        {
            problems.Add(variant.PlaceOfArgument(error.Argument), MessageOf(error));
            return false;
        }
    }

    private bool IsPossible(ICellMethod method, Place at, double factor, IReadOnlyDictionary<string, string> arguments)
    {
        try
        {
            return width is not { } input || model.Allocate(input, method, factor, arguments).Count > 0;
        }
        catch (CompressionRangeException error)
        {
            problems.Add(at, MessageOf(error), "Ask for another factor, change 'hidden', or remove the variant.");
            return false;
        }
    }

    // Two recipes of one method and factor are told apart by the parameters that were given; the plain one keeps the plain name.
    private NamedRecipe[] Named()
    {
        var named = new List<NamedRecipe>();
        if (Complete)
        {
            FindOrphans();
        }

        var alike = recipes.CountBy(read => PlainName(read.Recipe)).ToDictionary();
        var taken = new HashSet<string>();
        foreach (var (at, recipe) in recipes)
        {
            var plain = PlainName(recipe);
            var shared = alike[plain] > 1;
            var name = shared ? plain + string.Concat(recipe.MethodParameters.Select(parameter => $"-{parameter.Key}{parameter.Value}")) : plain;
            if (!taken.Add(name))
            {
                problems.Add(at, $"The variant '{name}' stands twice.", "Remove one; more runs of one variant are 'replicates', other weights are 'seeds'.");
            }
            else
            {
                named.Add(new NamedRecipe(name, recipe));
            }
        }

        return [.. named];
    }

    private void FindOrphans()
    {
        foreach (var kind in recipes.Where(read => IsOrphan(read.Recipe)).GroupBy(read => read.Recipe.NeedsFp32))
        {
            var (at, orphan) = kind.First();
            var (message, suggestion) = kind.Key
                ? ($"'{PlainName(orphan)}' is made of the same variant in fp32, and there is none.",
                    orphan.QuantisesTrained
                        ? $"Write 'precision: [{Precisions.Fp32}, {Precisions.Int8}]', or add the variant in fp32."
                        : "Add the variant in fp32.")
                : ($"'{PlainName(orphan)}' learns from the dense variant, and there is none.", $"Add '- method: {DenseStructure.Name}'.");
            problems.Add(at, message, suggestion);
        }
    }

    private bool IsOrphan(Recipe recipe) =>
        (recipe.NeedsDense || recipe.NeedsFp32) && Dependencies.Of(recipe, recipes.Select(read => read.Recipe)) is null;

    private static string PlainName(Recipe recipe)
    {
        var start = recipe.From is null ? "" : $"-from-{recipe.From}";
        var end = recipe.Distil is null ? "" : "-distilled";
        var precision = recipe.Precision == Precisions.Fp32 ? "" : $"-{recipe.Precision}{(recipe.Quantisation is { } way ? $"-{way}" : "")}";
        return recipe.Method == DenseStructure.Name
            ? $"{recipe.Method}{(recipe.From == DenseStructure.Name ? "-tuned" : start)}{precision}"
            : string.Create(CultureInfo.InvariantCulture, $"{recipe.Method}-{recipe.Compression:0.####}x{start}{end}{precision}");
    }

    // One way to write each value, so that the same recipe has the same key.
    private static string Canonical(string text) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture)
        : bool.TryParse(text, out var truth) ? (truth ? "true" : "false")
        : text;

    // ArgumentException appends the parameter's name where there is one; only its first line is for people.
    private static string MessageOf(ArgumentException error) => error.Message.Split('\n')[0];
}
