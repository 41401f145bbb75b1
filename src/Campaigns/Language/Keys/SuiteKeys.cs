namespace Fleet.Campaigns.Language.Keys;

/// <summary>What makes a campaign file a suite, beside the keys of a campaign.</summary>
internal static class SuiteKeys
{
    public static KeySection Section { get; } = new(
        "Suites",
        "A file with `benchmarks` is a suite of campaigns. Its other keys hold for each benchmark that does not have them itself;"
            + " its `name` begins the names of all.");

    public static Key Benchmarks { get; } = Section.Free("benchmarks", "list of sections", "the file is one campaign", "at least one",
        new(
            "Campaigns, each with a `name` of its own and any keys of a campaign but `model: import`.",
            "benchmarks: [{ name: har, task: uci-har }, { name: digits, task: spoken-digits }]"));
}
