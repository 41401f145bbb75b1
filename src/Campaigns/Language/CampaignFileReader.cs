using Fleet.Campaigns.Language.Keys;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Measuring;
using Fleet.Domain.Tasks;
using Fleet.Domain.Text;
using Fleet.Kernels.Structures;

namespace Fleet.Campaigns.Language;

/// <summary>Reads a campaign file and finds all that is wrong with it at once.</summary>
internal static class CampaignFileReader
{
    /// <summary>What a name ends in where the data is the product's own, so that results are not taken for those of real data.</summary>
    public const string SyntheticEnding = "-synthetic";

    private const int LongestName = 64;

    /// <summary>The one campaign of the file, or all those of its suite.</summary>
    /// <param name="data">What is bound so far: its shape wins over what this build knows of the task.</param>
    /// <param name="imported">What is bound as the model that the file imports.</param>
    public static IReadOnlyList<CampaignReading> Read(CampaignFile file, IReadOnlyList<TaskData> data, ImportedModel? imported, CancellationToken cancel)
    {
        var problems = new ProblemList(file.Source, cancel);
        var root = new YamlTreeReader(file.Text, problems).Read();
        var start = new Place(1, 1);
        if (root is not YamlMap map)
        {
            if (problems.Count == 0)
            {
                problems.Add(
                    root?.At ?? start,
                    root is null or YamlText { IsNothing: true } ? "The file is empty." : $"A campaign is a section of keys, but this is {root.Kind}.",
                    "Begin with 'name:', 'task:' and 'variants:'.");
            }

            return [new CampaignReading(null, problems.InOrder(), [])];
        }

        if (SuiteReader.IsSuite(map))
        {
            return SuiteReader.Read(file, map, problems, data);
        }

        if (file.Benchmark is { } benchmark)
        {
            problems.Add(map.At, $"The file has no benchmarks, so none that is called '{benchmark}'.");
        }

        return [ReadCampaign(map, problems, data, file.Synthetic, imported)];
    }

    /// <param name="synthetic">Take the task whose data the product makes itself.</param>
    /// <param name="imported">What is bound as the model that the campaign imports.</param>
    /// <param name="suite">Name of the suite that it is a benchmark of; its own name begins with it.</param>
    /// <param name="benchmark">Its name there.</param>
    public static CampaignReading ReadCampaign(
        YamlMap map,
        ProblemList problems,
        IReadOnlyList<TaskData> data,
        bool synthetic,
        ImportedModel? imported = null,
        string? suite = null,
        string? benchmark = null)
    {
        var reader = new SectionReader(map, map.At, problems);
        var name = ReadName(reader);
        var task = ReadTask(reader, synthetic);
        var readsTokens = KnownTasks.Find(task)?.ReadsTokens ?? false;
        var model = ModelSection.Read(reader.Section(CampaignKeys.Model), readsTokens, imported);
        var training = TrainingSection.Read(reader.Section(CampaignKeys.Training), readsTokens);
        var seeds = ReadSeeds(reader);
        var bound = Bound(reader, task, data);
        var width = model.IsOpen ? null : readsTokens ? model.Embedding ?? model.Hidden : bound?.Input ?? KnownTasks.Find(task)?.Input;
        var variants = new VariantsReader(reader, model, training, width, readsTokens, seeds.Length);
        var recipes = variants.Read();
        // A variant that is wrong might have been the reference.
        var reference = variants.Complete ? ReadReference(reader, recipes) : reader.Text(CampaignKeys.Reference) ?? DenseStructure.Name;
        var content = new CampaignContent
        {
            // A suite's name says already that its data is synthetic.
            Name = suite is null && synthetic ? name + SyntheticEnding : name,
            Suite = suite,
            Task = bound?.Task ?? task,
            Seeds = seeds,
            Recipes = recipes,
            Reference = reference,
            Devices = ReadDevices(reader),
            Conditions = ReadConditions(reader.Section(CampaignKeys.Conditions), model.Bidirectional),
            Replicates = reader.Integer(CampaignKeys.Replicates),
            Measuring = ReadMeasuring(reader.Section(CampaignKeys.Measuring)),
            Priority = reader.Integer(CampaignKeys.Priority),
            Claims = reader.Choice(CampaignKeys.Claims),
            Patience = reader.Duration(CampaignKeys.Patience),
        };
        reader.Finish("the campaign");
        IReadOnlyList<string> tasks = KnownTasks.Find(task) is null && !KnownTasks.IsFile(task) ? [] : [task];
        return new CampaignReading(problems.Count > 0 ? null : content, problems.InOrder(), tasks, model.Import, benchmark);
    }

    /// <summary>The name that stands there; empty, and a problem, where none does.</summary>
    public static string ReadName(SectionReader reader)
    {
        const string Form = "Write 1 to 64 letters, digits, '.', '_' or '-', a letter or digit first: 'name: uci-har'.";
        var name = reader.Text(CampaignKeys.Name);
        if (name is null)
        {
            reader.Problems.Add(reader.PlaceOf(CampaignKeys.Name), "'name' is missing.", Form);
        }
        else if (name.Length is 0 or > LongestName
            || !char.IsAsciiLetterOrDigit(name[0])
            || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-'))
        {
            reader.Problems.Add(reader.PlaceOf(CampaignKeys.Name), $"'{name}' cannot be a campaign's name.", Form);
        }

        return name ?? "";
    }

    /// <summary>The data of the campaign's task. What a task file calls its task, only its data says.</summary>
    private static TaskData? Bound(SectionReader reader, string task, IReadOnlyList<TaskData> data)
    {
        if (!KnownTasks.IsFile(task))
        {
            return data.FirstOrDefault(bound => bound.Task == task);
        }

        if (data is not [var own])
        {
            return null;
        }

        if (KnownTasks.Find(own.Task) is not null || !KnownTasks.IsName(own.Task))
        {
            reader.Problems.Add(
                reader.PlaceOf(CampaignKeys.Task), $"'{own.Task}' cannot be the name of a task of one's own.", "Give it another in the task file.");
        }

        return own;
    }

    private static string ReadTask(SectionReader reader, bool synthetic)
    {
        var known = KnownTasks.All.Select(task => task.Name).ToArray();
        if (reader.Text(CampaignKeys.Task) is not { } task)
        {
            reader.Problems.Add(reader.PlaceOf(CampaignKeys.Task), "'task' is missing.", $"Name one of: {string.Join(", ", known)}.");
            return "";
        }

        if (!known.Contains(task) && !KnownTasks.IsFile(task))
        {
            reader.Problems.Add(reader.PlaceOf(CampaignKeys.Task), $"Unknown task '{task}'.", Spelling.Suggest(task, known));
        }
        else if (synthetic && KnownTasks.IsFile(task))
        {
            reader.Problems.Add(
                reader.PlaceOf(CampaignKeys.Task), $"No synthetic data is like that of '{task}'.", "Run it on its own data, without --synthetic.");
        }

        return synthetic ? KnownTasks.Find(task)?.Twin ?? task : task;
    }

    private static long[] ReadSeeds(SectionReader reader)
    {
        if (reader.List(CampaignKeys.Seeds) is not { } items)
        {
            return [1];
        }

        var seeds = new List<long>();
        var seen = new HashSet<long>();
        foreach (var item in items)
        {
            var seed = reader.Item(item, CampaignKeys.Seeds);
            if (seed >= 0 && !seen.Add(seed))
            {
                reader.Problems.Add(item.At, $"The seed {seed} stands twice.", "Remove one; more runs of one variant are 'replicates'.");
            }
            else if (seed >= 0)
            {
                seeds.Add(seed);
            }
        }

        if (items.Count == 0)
        {
            reader.Problems.Add(reader.PlaceOf(CampaignKeys.Seeds), "'seeds' is empty.", "Give at least one whole number, or leave the key out.");
        }

        return [.. seeds];
    }

    private static string ReadReference(SectionReader reader, IReadOnlyList<NamedRecipe> recipes)
    {
        var given = reader.Text(CampaignKeys.Reference);
        var reference = given ?? DenseStructure.Name;
        var names = recipes.Select(recipe => recipe.Name).ToArray();
        if (!names.Contains(reference))
        {
            reader.Problems.Add(
                given is null ? reader.PlaceOf(CampaignKeys.Variants) : reader.PlaceOf(CampaignKeys.Reference),
                given is null ? $"No variant is '{reference}', with which all others are compared." : $"The reference '{reference}' is not among the variants.",
                given is null ? $"Add '- method: {reference}', or name another with 'reference: {names[0]}'." : Spelling.Suggest(reference, names));
        }

        return reference;
    }

    private static string[] ReadDevices(SectionReader reader)
    {
        var tags = new List<string>();
        foreach (var item in reader.List(CampaignKeys.Devices) ?? [])
        {
            if (item is YamlText { Text: var text } && text.IndexOf('=', StringComparison.Ordinal) is > 0 and var sign && sign < text.Length - 1)
            {
                tags.Add(text);
            }
            else
            {
                reader.Problems.Add(
                    item.At,
                    $"A device is chosen by tags key=value, but this is {item.Kind}.",
                    "Write [arch=arm64] or [board=..., room=lab]; leave the key out for every device.");
            }
        }

        return [.. tags.Distinct().Order(StringComparer.Ordinal)];
    }

    private static Condition[] ReadConditions(SectionReader conditions, bool bidirectional)
    {
        // A model that reads sequences from both ends needs all of one before its first answer.
        InferenceMode[] usual = bidirectional ? [InferenceMode.Window] : Enum.GetValues<InferenceMode>();
        var modes = ReadModes(conditions, usual);
        _ = Words<MeasuringPhase>.TryParse(conditions.Choice(ConditionKeys.Phase), out var phase);
        _ = Words<ClockPolicy>.TryParse(conditions.Choice(ConditionKeys.Clock), out var clock);
        var read = (modes.Count > 0 ? modes : [.. usual]).Select(mode => new Condition(mode, phase, clock)).ToArray();
        foreach (var key in ConditionKeys.Further)
        {
            read = ReadAxis(conditions, key, read);
        }

        conditions.Finish("'conditions'");
        return read;
    }

    private static List<InferenceMode> ReadModes(SectionReader conditions, IReadOnlyList<InferenceMode> usual)
    {
        var known = ConditionKeys.Modes.Known;
        var window = InferenceMode.Window.Word();
        var modes = new List<InferenceMode>();
        foreach (var item in conditions.List(ConditionKeys.Modes) ?? [])
        {
            if (item is not YamlText { Text: var word } || !Words<InferenceMode>.TryParse(word, out var mode))
            {
                var suggestion = item is YamlText text ? Spelling.Suggest(text.Text, known) : null;
                conditions.Problems.Add(item.At, $"A mode is {WordList.Or(known)}, but this is {item.Kind}.", suggestion);
            }
            else if (!usual.Contains(mode))
            {
                conditions.Problems.Add(
                    item.At,
                    $"A bidirectional model cannot be run in the mode '{word}': it reads a sequence from both ends.",
                    $"Write 'modes: {window}', or 'bidirectional: false'.");
            }
            else if (modes.Contains(mode))
            {
                conditions.Problems.Add(item.At, $"The mode '{word}' stands twice.", "Remove one; more runs of one condition are 'replicates'.");
            }
            else
            {
                modes.Add(mode);
            }
        }

        if (conditions.List(ConditionKeys.Modes) is { Count: 0 })
        {
            conditions.Problems.Add(
                conditions.PlaceOf(ConditionKeys.Modes),
                "'modes' is empty.",
                $"Name {WordList.Or(known)}, or leave the key out for all that the model can do.");
        }

        return modes;
    }

    /// <summary>Each condition under each value of the axis.</summary>
    private static Condition[] ReadAxis(SectionReader conditions, Key axis, Condition[] before)
    {
        var after = new List<Condition>();
        foreach (var item in conditions.List(axis) ?? [])
        {
            if (item is not YamlText { Text: var text } || before[0].With(axis.Name, text) is not { } first)
            {
                conditions.Problems.Add(item.At, $"'{axis}' is {axis.Range}, but this is {item.Kind}.");
            }
            else if (after.Contains(first))
            {
                conditions.Problems.Add(item.At, $"'{axis}: {text}' stands twice.", "Remove one; more runs of one condition are 'replicates'.");
            }
            else
            {
                after.AddRange(before.Select(condition => condition.With(axis.Name, text)!));
            }
        }

        if (conditions.List(axis) is { Count: 0 })
        {
            conditions.Problems.Add(conditions.PlaceOf(axis), $"'{axis}' is empty.", $"Name {axis.Range}, or leave the key out.");
        }

        return after.Count > 0 ? [.. after] : before;
    }

    private static MeasuringSpecification ReadMeasuring(SectionReader measuring)
    {
        var minRounds = measuring.Integer(MeasuringKeys.MinRounds);
        var maxRounds = measuring.Integer(MeasuringKeys.MaxRounds, Math.Max(MeasuringKeys.MaxRounds.Fallback, minRounds));
        if (maxRounds < minRounds)
        {
            measuring.Problems.Add(measuring.PlaceOf(MeasuringKeys.MaxRounds), $"'max_rounds' is {maxRounds}, below 'min_rounds', {minRounds}.");
        }

        var gateCelsius = measuring.Real(MeasuringKeys.GateCelsius);
        var gateLimit = measuring.Duration(MeasuringKeys.GateLimit);
        var settings = new MeasuringSpecification
        {
            RatioWidth = measuring.Real(MeasuringKeys.RatioWidth),
            MinRounds = minRounds,
            MaxRounds = maxRounds,
            TimeLimit = measuring.Duration(MeasuringKeys.TimeLimit),
            Block = measuring.Duration(MeasuringKeys.Block),
            GateCelsius = gateCelsius > 0 ? gateCelsius : null,
            GateLimit = gateLimit > TimeSpan.Zero ? gateLimit : null,
            InvalidRetries = measuring.Optional(MeasuringKeys.InvalidRetries),
        };
        if (settings.Block > settings.TimeLimit)
        {
            measuring.Problems.Add(
                measuring.PlaceOf(MeasuringKeys.Block),
                $"'block' is {DurationText.Format(settings.Block)}, longer than 'time_limit', {DurationText.Format(settings.TimeLimit)}.");
        }

        measuring.Finish("'measuring'");
        return settings;
    }
}
