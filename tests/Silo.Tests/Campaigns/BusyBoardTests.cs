using System.Text.Json;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Text;
using Fleet.Domain.Json;
using Fleet.Domain.Measuring;
using Fleet.Measurement.Tests.Simulation;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Protocol.V1;
using Fleet.Silo.Tests.Running;
using Google.Protobuf;

namespace Fleet.Silo.Tests.Campaigns;

/// <summary>Campaigns whose session is measured on a simulated board.</summary>
public sealed class BusyBoardTests : CampaignScene
{
    [Fact]
    public async Task Where_other_processes_take_the_core_everything_says_that_nothing_could_be_ranked_why_and_what_to_do()
    {
        using var board = new SimulatedBoard { CoreWaitShare = 0.6 };
        var campaign = await MeasureAsync(board, "busy");

        var table = await silo.GetAsync(ApiRoutes.Of(ApiRoutes.CampaignTable, campaign), ProtocolJson.Default.CampaignTable);
        Assert.Equal("No run could be ranked: all 4 runs are invalid.", table.Unranked!.Text);
        Assert.Contains(table.Unranked.Reasons, reason => (reason.Code, reason.Runs) == ("core-taken", 4));
        Assert.Contains("--new", table.Unranked.WayOut);
        Assert.All(
            table.Rows,
            row => Assert.Equal((Validity.Invalid, 0.9, (string?)null, false), (row.Row.Validity, row.Row.MetricValue!.Value, row.Verdict, row.ParetoBest)));
        Assert.All(
            table.Conditions.SelectMany(condition => condition.Variants),
            variant => Assert.Equal((0.9, null, null), (variant.Metric!.Value, variant.LatencyUs, variant.Standing)));

        var report = await silo.Http.GetStringAsync(ApiRoutes.Of(ApiRoutes.CampaignReport, campaign));
        var why = await silo.Http.GetStringAsync(ApiRoutes.WhyOf(campaign));
        Assert.All([report, why], text =>
        {
            Assert.Contains("all 4 runs are invalid", text);
            Assert.Contains("core-taken", text);
            Assert.Contains("on a quiet machine", text);
            Assert.DoesNotContain("nothing to explain", text);
            Assert.DoesNotContain("ranked yet", text);
        });
        Assert.Contains("90.0", report);
    }

    [Fact]
    public async Task The_same_board_left_alone_is_ranked()
    {
        using var board = new SimulatedBoard();
        var table = await silo.GetAsync(ApiRoutes.Of(ApiRoutes.CampaignTable, await MeasureAsync(board, "quiet")), ProtocolJson.Default.CampaignTable);
        Assert.Null(table.Unranked);
        Assert.All(table.Conditions, condition => Assert.Equal(["faster", "reference"], condition.Variants.Select(variant => variant.Verdict)));
    }

    private async Task<string> MeasureAsync(SimulatedBoard board, string salt)
    {
        var created = await SubmitAsync(salt);
        await using var agent = await FakeAgent.ConnectAsync(silo);
        var lease = await agent.LeaseAsync();
        var session = new SimulatedSession(board)
        {
            Settings = new() { GateLimit = TimeSpan.Zero, MaxRounds = 8 },
            Modes = [InferenceMode.Window, InferenceMode.Streaming],
            Reference = lease.Reference,
        };
        foreach (var variant in lease.Variants)
        {
            session.With(variant.Variant, variant.Variant == lease.Reference ? 400 : 200);
        }

        session.Run();
        foreach (var (variant, run) in lease.Variants.SelectMany(variant => variant.Runs.Select(run => (variant, run))))
        {
            var outcome = session.Outcomes.Single(one => one.Variant == variant.Variant && one.Mode.Word() == run.Mode);
            var report = FakeAgent.Report(lease, variant, run);
            report.Measurement = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(outcome.Measurement!, MeasurementJson.Default.RunMeasurement));
            Assert.Equal(ReportOutcome.Stored, (await agent.ReportAsync(report)).Outcome);
        }

        await agent.SayAsync(new AgentMessage { SessionEnded = new SessionEnded { Session = lease.Session, Epoch = lease.Epoch } });
        await EndedAsync(created.Campaign, CampaignStatus.Completed);
        return created.Campaign;
    }
}
