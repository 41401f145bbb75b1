using Fleet.Campaigns.Specifications;
using Fleet.Kernels.Structures;

namespace Fleet.Campaigns.Language.Keys;

/// <summary>What may stand at the top of a campaign file.</summary>
internal static class CampaignKeys
{
    /// <summary>All sections of the file, as the reference has them.</summary>
    public static IReadOnlyList<KeySection> Sections =>
    [
        Section, ModelKeys.Section, ModelKeys.ImportSection, ModelKeys.NormaliseSection, TrainingKeys.Section, VariantKeys.Section, VariantKeys.FineTuneSection,
        VariantKeys.DistilSection, ConditionKeys.Section, MeasuringKeys.Section, SuiteKeys.Section,
    ];

    public static KeySection Section { get; } = new("The campaign", "The top of the file.");

    public static Key Name { get; } = Section.Free("name", "text", KeySection.Required, "1 to 64 letters, digits, `.`, `_` or `-`; a letter or digit first",
        new("What the campaign is called.", "name: uci-har"));

    public static Key Task { get; } = Section.Free("task", "text", KeySection.Required, "a known task, or a path that ends in `.yaml`",
        new("The data and the metric: a task of `fleet data list`, or a [task file of your own](data.md#your-own-data).", "task: ./my-task.yaml"));

    public static Key Model { get; } = Section.Free("model", "section", "the defaults of its keys", "",
        new("The recurrent layers that all variants have: see [model](#model).", "model: { cell: gru, hidden: 128 }"));

    public static Key Training { get; } = Section.Free("training", "section", "the defaults of its keys", "",
        new("How the weights of all variants are found: see [training](#training).", "training: { epochs: 40 }"));

    public static Key Variants { get; } = Section.Free("variants", "list of sections", KeySection.Required, "1 to 500 variants",
        new("What is compared: see [variants](#variants).", "variants: [{ method: dense }, { method: hmd, compression: [2, 4] }]"));

    public static Key Reference { get; } = Section.Free("reference", "text", DenseStructure.Name, "the name of a variant",
        new("The variant that all others are compared with. It is measured in every session.", "reference: dense"));

    public static NumberKey<long> Seeds { get; } = Section.Integers("seeds", "1", -1, 0, int.MaxValue,
        new("Every variant is trained once with each seed; several show how much of a difference is chance.", "seeds: [1, 2, 3]"));

    public static Key Devices { get; } = Section.Free("devices", "list of `key=value`", "every device", "",
        new("Tags that a device must all have to take part; `fleet device list` shows them.", "devices: [arch=arm64, room=lab]"));

    public static Key Conditions { get; } = Section.Free("conditions", "section", "the defaults of its keys", "",
        new("How each variant is run: see [conditions](#conditions).", "conditions: { modes: streaming }"));

    public static NumberKey<int> Replicates { get; } = Section.Integer("replicates", 1, 1, 100,
        new("How often each run is done again, in another session. Intervals over several also hold from day to day.", "replicates: 3", "runs"));

    public static Key Measuring { get; } = Section.Free("measuring", "section", "the defaults of its keys", "",
        new("The measuring protocol: see [measuring](#measuring).", "measuring: { time_limit: 1m }"));

    public static NumberKey<int> Priority { get; } = Section.Integer("priority", 0, -100, 100,
        new("Where several campaigns want a device or a trainer, the higher one goes first.", "priority: 10"));

    public static ChoiceKey Claims { get; } = Section.Choice("claims", ["none", CampaignSpecification.HmdClaims],
        new("Whose published claims the report judges: see [reproduction](reproduction.md#the-verdicts). It changes no result.", "claims: hmd"));

    public static DurationKey Patience { get; } = Section.Duration(
        "patience", CampaignSpecification.DefaultPatience, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30),
        new(
            "How long a silent device is waited for. Then its open runs end with that reason;"
                + " they are taken up again if it comes back while the campaign runs.",
            "patience: 1h"));
}
