using Fleet.Campaigns.Language;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Tasks;

namespace Fleet.Campaigns.Tests;

/// <summary>A small, sound campaign to start from.</summary>
internal static class SampleCampaign
{
    public const string File = """
        name: small
        task: uci-har
        variants:
          - method: dense
          - { method: hmd, compression: [2, 4] }
        """;

    public static TaskData Data { get; } = new()
    {
        Task = "uci-har",
        TrainingSha256 = new string('a', 64),
        TestSha256 = new string('b', 64),
        Input = 9,
        Steps = 128,
        Classes = 6,
        TrainingSamples = 1000,
        TestSamples = 300,
    };

    public static TaskData Text { get; } = Data with { Task = "char-lm", Input = 1, Steps = 35, Classes = 66 };

    public static CampaignSpecification Specification(string file = File)
    {
        var data = file.Contains($"task: {Text.Task}", StringComparison.Ordinal) ? Text : Data;
        var (specification, problems) = CampaignFiles.Bind(
            new CampaignSubmission { File = new CampaignFile { Text = file, Source = "x.yaml" }, Data = [data] });
        Assert.Empty(problems);
        return specification!;
    }
}
