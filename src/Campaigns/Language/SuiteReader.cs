using Fleet.Campaigns.Language.Keys;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Tasks;

namespace Fleet.Campaigns.Language;

/// <summary>
/// Reads a suite: a file whose <c>benchmarks</c> are campaigns of their own. What stands beside them holds for each, unless it has
/// the same key itself.
/// </summary>
internal static class SuiteReader
{
    public static bool IsSuite(YamlMap map) => map.Entries.Any(entry => entry.Key.Text == SuiteKeys.Benchmarks.Name);

    /// <summary>
    /// All of its campaigns, of which none is sound where one has a mistake; or only the benchmark that is asked for, since the data is its
    /// own.
    /// </summary>
    public static IReadOnlyList<CampaignReading> Read(CampaignFile file, YamlMap map, ProblemList problems, IReadOnlyList<TaskData> data)
    {
        var reader = new SectionReader(map, map.At, problems);
        var before = problems.Count;
        var named = CampaignFileReader.ReadName(reader);
        var suite = (problems.Count > before ? "suite" : named) + (file.Synthetic ? CampaignFileReader.SyntheticEnding : "");
        var readings = new List<CampaignReading>();
        foreach (var (benchmark, campaign) in Campaigns(map, reader, suite).Where(one => file.Benchmark is null || one.Benchmark == file.Benchmark))
        {
            problems.ThrowIfCancelled();
            var own = problems.Another();
            var reading = CampaignFileReader.ReadCampaign(campaign, own, data, file.Synthetic, imported: null, suite, benchmark);
            if (reading.Import is not null)
            {
                own.Add(campaign.At, $"The benchmark '{benchmark}' imports a model, which a suite cannot do.", "Make it a campaign file of its own.");
            }

            readings.Add(reading);
            problems.Add(own);
        }

        if (readings.Count == 0 && problems.Count == before)
        {
            problems.Add(
                reader.PlaceOf(SuiteKeys.Benchmarks),
                file.Benchmark is { } wanted ? $"No benchmark is called '{wanted}'." : $"'{SuiteKeys.Benchmarks}' is empty.",
                file.Benchmark is null ? "List at least one: '- { name: har-lstm, task: uci-har }'." : null);
        }

        return problems.Count == 0 ? readings : [new CampaignReading(null, problems.InOrder(), [.. readings.SelectMany(reading => reading.Tasks).Distinct()])];
    }

    private static IEnumerable<(string Benchmark, YamlMap Campaign)> Campaigns(YamlMap map, SectionReader reader, string suite)
    {
        var shared = map.Entries.Where(entry => entry.Key.Text != SuiteKeys.Benchmarks.Name && entry.Key.Text != CampaignKeys.Name.Name).ToArray();
        var seen = new HashSet<string>();
        foreach (var item in reader.List(SuiteKeys.Benchmarks) ?? [])
        {
            if (item is not YamlMap entry)
            {
                reader.Problems.Add(item.At, $"A benchmark is a section of keys, but this is {item.Kind}.", "Write '- { name: har-lstm, task: uci-har }'.");
                continue;
            }

            var named = entry.Entries.FirstOrDefault(pair => pair.Key.Text == CampaignKeys.Name.Name);
            if (named is not { Key: { } key, Value: YamlText { IsNothing: false } name })
            {
                reader.Problems.Add(entry.At, "A benchmark has no name of its own.", "Give it one: 'name: har-lstm'.");
                continue;
            }

            if (!seen.Add(name.Text))
            {
                reader.Problems.Add(name.At, $"The benchmark '{name.Text}' stands twice.", "Give one of them another name.");
                continue;
            }

            var rest = entry.Entries.Where(pair => pair.Key.Text != CampaignKeys.Name.Name).ToArray();
            yield return (name.Text, new YamlMap(entry.At,
            [
                new(key, name with { Text = $"{suite}-{name.Text}" }),
                .. rest,
                .. shared.Where(pair => rest.All(other => other.Key.Text != pair.Key.Text)),
            ]));
        }
    }
}
