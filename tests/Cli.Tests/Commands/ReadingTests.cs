using System.Text.Json;
using Fleet.Cli.Tests.Support;
using Fleet.Domain.Devices;
using Fleet.Domain.Jobs;
using Fleet.Os.Processes;

namespace Fleet.Cli.Tests.Commands;

public sealed class ReadingTests : IDisposable
{
    private readonly CommandHarness fleet = new();

    public void Dispose() => fleet.Dispose();

    public static TheoryData<string, JsonValueKind> ReadingCommands => new()
    {
        { "campaign list", JsonValueKind.Array },
        { "campaign show last", JsonValueKind.Object },
        { "campaign pause last", JsonValueKind.Object },
        { "campaign resume last", JsonValueKind.Object },
        { "campaign cancel last", JsonValueKind.Object },
        { "campaign export last", JsonValueKind.Array },
        { "campaign report last --markdown", JsonValueKind.Array },
        { "device list", JsonValueKind.Array },
        { "device show pi4", JsonValueKind.Object },
        { "device exclude last pi4", JsonValueKind.Object },
        { "device exclude last pi4 --undo", JsonValueKind.Object },
        { "job list", JsonValueKind.Array },
        { "job show hmd-4x", JsonValueKind.Object },
        { "why last", JsonValueKind.Object },
    };

    [Theory]
    [MemberData(nameof(ReadingCommands))]
    public async Task With_json_standard_output_holds_one_document_and_nothing_else(string command, JsonValueKind kind)
    {
        await using var silo = await SiloWithThingsAsync();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync([.. command.Split(' '), "--json"]));
        using var document = JsonDocument.Parse(fleet.Out);
        Assert.Equal(kind, document.RootElement.ValueKind);
    }

    [Theory]
    [MemberData(nameof(ReadingCommands))]
    public async Task Without_json_the_same_commands_speak_to_people(string command, JsonValueKind kind)
    {
        await using var silo = await SiloWithThingsAsync();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync(command.Split(' ')));
        Assert.NotEqual(JsonValueKind.Undefined, kind);
        Assert.NotEmpty(fleet.Out);
        // Export is for programs either way.
        Assert.Equal(command.Contains("export", StringComparison.Ordinal), fleet.Out.StartsWith('['));
        Assert.All(
            fleet.Out.Split('\n'),
            line => Assert.True(
                line.Length <= 120 || command.Contains("export", StringComparison.Ordinal) || command.Contains("--markdown", StringComparison.Ordinal), line));
    }

    [Fact]
    public async Task The_document_of_a_campaign_has_its_table_too()
    {
        await using var silo = await SiloWithThingsAsync();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "show", "last", "--json"));
        using var document = JsonDocument.Parse(fleet.Out);
        Assert.Equal(Samples.Campaign, document.RootElement.GetProperty("summary").GetProperty("campaign").GetString());
        Assert.Equal(Samples.Table().Rows.Count, document.RootElement.GetProperty("table").GetProperty("rows").GetArrayLength());
    }

    [Fact]
    public async Task Why_tells_each_cause_with_its_way_out_below_it()
    {
        await using var silo = await SiloWithThingsAsync();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("why", Samples.Campaign));
        Assert.Equal(
            [$"Campaign {Samples.Campaign} (uci-har): paused", "", "It is paused.", "    Let it go on.", "", "2 runs failed."],
            fleet.Out.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Why_of_a_name_that_is_not_known_is_wrong_usage_with_what_was_meant_perhaps()
    {
        await using var silo = await SiloWithThingsAsync();
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("why", "uci har"));
        Assert.Contains("There is no campaign, device or run 'uci har'. Did you mean 'uci-har'?", fleet.Error);
    }

    [Fact]
    public async Task A_campaign_may_be_named_by_the_beginning_of_its_id()
    {
        await using var silo = await SiloWithThingsAsync();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "cancel", Samples.Campaign[..9]));
        Assert.Contains($"POST /api/campaigns/{Samples.Campaign}/cancel", silo.Requests);
    }

    [Fact]
    public async Task A_beginning_that_two_campaigns_share_names_both()
    {
        await using var silo = await SiloWithThingsAsync();
        silo.Campaigns.Add(Samples.Summary(id: Samples.Campaign[..10] + "0000", name: "older", createdSeconds: -60));
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("campaign", "show", Samples.Campaign[..10]));
        Assert.Contains("any of 2 campaigns", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("older", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_is_excluded_from_a_campaign_and_taken_back()
    {
        await using var silo = await SiloWithThingsAsync();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("device", "exclude", "last", "pi4"));
        Assert.Contains($"pi4 is excluded from {Samples.Campaign}", fleet.Out.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains($"--undo --state {fleet.State}", fleet.Out, StringComparison.Ordinal);
        Assert.Contains($"PUT /api/campaigns/{Samples.Campaign}/excluded/{Samples.Device}", silo.Requests);
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("device", "exclude", "last", "pi4", "--undo"));
        Assert.Contains($"DELETE /api/campaigns/{Samples.Campaign}/excluded/{Samples.Device}", silo.Requests);
    }

    [Fact]
    public async Task A_device_that_was_removed_can_still_be_excluded_from_a_campaign_that_knows_it()
    {
        await using var silo = await SiloWithThingsAsync();
        silo.Devices.Clear();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("device", "exclude", "last", "pi4"));
    }

    [Fact]
    public async Task A_device_is_removed_by_its_name_unless_it_is_connected()
    {
        await using var silo = await SiloWithThingsAsync();
        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("device", "remove", "pi4"));
        Assert.Contains("The agent of pi4 is connected.", fleet.Error, StringComparison.Ordinal);

        silo.Devices.Clear();
        silo.Devices.Add(Samples.DeviceOf(state: DeviceStatus.Silent));
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("device", "remove", Samples.Device[..6]));
        Assert.Contains("pi4 is removed", fleet.Out, StringComparison.Ordinal);
        Assert.Contains($"DELETE /api/devices/{Samples.Device}", silo.Requests);
    }

    [Theory]
    [InlineData("device remove pi5", "There is no device 'pi5'.")]
    [InlineData("device exclude last pi5", "There is no device 'pi5'.")]
    [InlineData("device exclude none pi4", "There is no campaign 'none'.")]
    [InlineData("device remove 0b7c", "may be any of 2 devices")]
    public async Task A_device_that_is_not_there_or_may_be_any_of_several_is_wrong_usage(string command, string message)
    {
        await using var silo = await SiloWithThingsAsync();
        silo.Devices.Add(Samples.DeviceOf("other", Samples.Device[..30] + "000000"));
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync(command.Split(' ')));
        Assert.Contains(message, fleet.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(
            silo.Requests, request => request.StartsWith("DELETE", StringComparison.Ordinal) || request.StartsWith("PUT", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("device list")]
    [InlineData("device show pi4")]
    public async Task Another_agent_of_the_same_identity_is_named_with_the_way_out(string command)
    {
        await using var silo = await SiloWithThingsAsync();
        silo.Devices.Clear();
        silo.Devices.Add(Samples.DeviceOf() with { Rival = new RivalAgent { Name = "pi4-copy", Address = "10.0.0.7:50123", At = Samples.Start } });
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync(command.Split(' ')));
        var words = string.Join(' ', fleet.Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("another agent has this identity: pi4-copy at 10.0.0.7:50123", words, StringComparison.Ordinal);
        Assert.Contains("fleet-agent reset-identity", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Last_is_the_newest_campaign_whatever_the_order_of_the_list()
    {
        await using var silo = await SiloWithThingsAsync();
        silo.Campaigns.Insert(0, Samples.Summary(id: "aaaa", createdSeconds: -60));
        silo.Campaigns.Add(Samples.Summary(id: "bbbb", createdSeconds: 60));
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "pause", "last"));
        Assert.Contains("POST /api/campaigns/bbbb/pause", silo.Requests);
    }

    [Fact]
    public async Task A_wrong_name_gets_the_nearest_one()
    {
        await using var silo = await SiloWithThingsAsync();
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("campaign", "show", "uci-hra"));
        Assert.Contains("Did you mean uci-har?", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Last_of_nothing_says_how_to_begin()
    {
        await using var silo = await fleet.RunningSiloAsync();
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("campaign", "show", "last"));
        Assert.Contains("fleet campaign run FILE", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_report_is_written_where_it_was_asked_for()
    {
        await using var silo = await SiloWithThingsAsync();
        var path = fleet.Folder["my-report.html"];
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "report", "last", "--out", path));
        Assert.StartsWith("<!doctype html>", await File.ReadAllTextAsync(path), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(fleet.Folder.Path));
    }

    [Fact]
    public async Task Csv_has_one_line_a_run_and_a_column_for_each_part_of_the_latency()
    {
        await using var silo = await SiloWithThingsAsync();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "export", "last", "--format", "csv"));
        var lines = fleet.Out.TrimEnd('\n').Split('\n');
        Assert.Equal(Samples.Table().Rows.Count + 1, lines.Length);
        var columns = lines[0].Split(',');
        Assert.Contains("latency_us_p50_low", columns);
        Assert.Contains("ratio_to_reference_value", columns);
        Assert.DoesNotContain("latency_us", columns);
        var pruned = lines.Single(line => line.Contains("pruned-4x-window", StringComparison.Ordinal));
        Assert.Contains(",others-busy:9/16,", pruned, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_is_shown_without_starting_anything()
    {
        await using var silo = await fleet.RunningSiloAsync();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "plan", fleet.WriteCampaign()));
        Assert.Contains("1 of 1 variant to train (about 1 min 35 s), 10 runs to measure (about 3 min 20 s).", fleet.Out, StringComparison.Ordinal);
        Assert.Empty(silo.Submissions);
    }

    [Fact]
    public async Task A_name_that_several_seeds_share_lists_which_job_is_which()
    {
        await using var silo = await SiloWithThingsAsync();
        silo.Jobs.AddRange(
            [Samples.Job("hmd-2x", JobStatus.Ready) with { Variant = "bbb0", Seed = 2 },
                Samples.Job("hmd-2x", JobStatus.Ready) with { Variant = "aaa0", Seed = 1 }]);
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("job", "show", "hmd-2x"));
        Assert.Equal([("1", "aaa0"), ("2", "bbb0")], fleet.Out.Split('\n').Where(line => line.StartsWith("hmd-2x", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(cells => (cells[1], cells[2])));
        Assert.Contains($"fleet job show aaa0 --state {fleet.State}", fleet.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_campaign_is_shown_by_seed_where_that_is_asked_for()
    {
        await using var silo = await SiloWithThingsAsync();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "show", "last", "--by-seed"));
        Assert.Matches(@"variant +seed +ratio", fleet.Out);
    }

    private async Task<FakeSilo> SiloWithThingsAsync()
    {
        var silo = await fleet.RunningSiloAsync();
        silo.Campaigns.Add(Samples.Summary());
        silo.Devices.Add(Samples.DeviceOf());
        return silo;
    }
}
