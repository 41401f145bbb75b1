using System.Net;
using Fleet.Campaigns.Jobs;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Jobs;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Protocol.V1;
using Fleet.Storage.Sqlite;
using Fleet.Silo.Tests.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Silo.Tests.Campaigns;

public sealed class CampaignTests : CampaignScene
{
    [Fact]
    public async Task A_campaign_runs_from_its_file_to_its_rows_table_and_report()
    {
        var created = await SubmitAsync("whole");
        await using var agent = await FakeAgent.ConnectAsync(silo);
        var lease = await agent.LeaseAsync();
        Assert.Equal(["dense", "hmd-2x"], lease.Variants.Select(variant => variant.Name));
        Assert.Equal((lease.Variants[0].Variant, created.Campaign), (lease.Reference, lease.Campaign));
        Assert.All(await agent.FinishAsync(lease), answer => Assert.Equal(ReportOutcome.Stored, answer.Outcome));

        var detail = await EndedAsync(created.Campaign, CampaignStatus.Completed);
        Assert.Equal((4, 4, 0), (detail.Summary.Runs, detail.Summary.RunsClosed, detail.Summary.RunsFailed));
        var rows = await RowsAsync(created.Campaign);
        Assert.Equal(
            ["dense streaming", "dense window", "hmd-2x streaming", "hmd-2x window"],
            rows.Select(row => $"{row.VariantName} {row.Mode}").Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal((agent.Device, lease.Session, 100.0), (row.Device, row.Session, row.LatencyUs!.P50)));

        var table = await silo.GetAsync(ApiRoutes.Of(ApiRoutes.CampaignTable, created.Campaign), ProtocolJson.Default.CampaignTable);
        Assert.Equal(["faster", "faster", "reference", "reference"], table.Rows.Select(row => row.Verdict).Order(StringComparer.Ordinal));
        var report = await silo.Http.GetStringAsync(ApiRoutes.Of(ApiRoutes.CampaignReport, created.Campaign));
        Assert.Contains("hmd-2x", report);

        await silo.UntilMetricsAsync("""fleet_run_latency_p50_seconds\{[^}]*variant="hmd-2x"[^}]*\} 0.0001""");
        await silo.UntilMetricsAsync("""fleet_campaigns\{[^}]*state="completed"[^}]*\} 1""");
    }

    [Fact]
    public async Task The_same_unfinished_content_is_one_campaign_unless_a_new_one_is_asked_for()
    {
        var submission = await silo.SubmissionAsync(File, "twice");
        var both = await Task.WhenAll(silo.SubmitAsync(submission), silo.SubmitAsync(submission));
        Assert.Equal(both[0].Campaign, both[1].Campaign);
        Assert.Equal([false, true], both.Select(created => created.Resumed).Order());

        var another = await silo.SubmitAsync(submission with { AlwaysNew = true });
        Assert.False(another.Resumed);
        Assert.NotEqual(both[0].Campaign, another.Campaign);
        Assert.Equal(2, (await silo.CampaignsAsync()).Length);
    }

    [Fact]
    public async Task A_benchmark_that_is_complete_is_taken_as_it_is_and_a_campaign_that_stands_alone_is_measured_anew()
    {
        const string suite = """
            name: both
            claims: hmd
            benchmarks:
              - { name: one, task: synthetic-har, model: { hidden: 16 } }
              - { name: two, task: synthetic-har, model: { hidden: 24 } }
            variants:
              - method: dense
              - { method: hmd, compression: 2 }
            """;
        await using var agent = await FakeAgent.ConnectAsync(silo);
        var alone = await SubmitAsync("alone");
        await agent.FinishAsync(await agent.LeaseAsync());
        await EndedAsync(alone.Campaign, CampaignStatus.Completed);
        var anew = await SubmitAsync("alone");
        Assert.False(anew.Resumed);
        await CommandAsync(ApiRoutes.CancelCampaign, anew.Campaign);

        var submission = await silo.SubmissionAsync(suite, "suite");
        var one = submission with { File = submission.File with { Benchmark = "one" } };
        var created = await silo.SubmitAsync(one);
        await agent.FinishAsync(await agent.LeaseAsync());
        var summary = (await EndedAsync(created.Campaign, CampaignStatus.Completed)).Summary;
        Assert.Equal(("both-one", "both", "one"), (summary.Name, summary.Suite, summary.Benchmark));

        var again = await silo.SubmitAsync(one);
        Assert.Equal((created.Campaign, true, true), (again.Campaign, again.Resumed, again.Complete));
        Assert.Equal(CampaignStatus.Completed, (await silo.DetailAsync(created.Campaign)).Summary.State);
        var report = await silo.Http.GetStringAsync(ApiRoutes.SuiteReportOf("both"));
        Assert.Contains("<h2>one</h2>", report);
        Assert.Contains("hmd-2x runs faster than dense", report);
        using var none = await silo.Http.GetAsync(ApiRoutes.SuiteReportOf("neither"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);

        // What is measured again and was interrupted goes on, although an older one is complete.
        var measuredAgain = await silo.SubmitAsync(one with { AlwaysNew = true });
        Assert.Equal((false, false), (measuredAgain.Resumed, measuredAgain.Complete));
        var wentOn = await silo.SubmitAsync(one);
        Assert.Equal((measuredAgain.Campaign, true, false), (wentOn.Campaign, wentOn.Resumed, wentOn.Complete));
        Assert.False((await silo.SubmitAsync(submission with { File = submission.File with { Benchmark = "two" } })).Resumed);
    }

    [Fact]
    public async Task Two_campaigns_that_want_the_same_variant_share_it()
    {
        var submission = await silo.SubmissionAsync(File, "shared");
        var created = new[] { await silo.SubmitAsync(submission), await silo.SubmitAsync(submission with { AlwaysNew = true }) };
        foreach (var campaign in created)
        {
            await silo.UntilAsync(campaign.Campaign, detail => detail.Summary.VariantsReady == 2);
        }

        Assert.Equal(2, FakeCompressor.Trained.Count(variant => created[0].Plan.Variants.Any(planned => planned.Variant == variant)));
        Assert.All((await silo.SubmitAsync(submission)).Plan.Variants, variant => Assert.True(variant.Ready));
    }

    [Fact]
    public async Task What_learns_from_the_dense_variant_is_trained_once_that_is_ready_and_is_given_its_model()
    {
        const string file = """
            name: small
            task: synthetic-har
            model: { hidden: 16 }
            reference: lmf-2x
            variants:
              - { method: hmd, compression: 2, from: dense }
              - { method: lmf, compression: 2 }
              - method: dense
            """;
        var submission = await silo.SubmissionAsync(file, "from dense");
        var data = submission.Data[0].TrainingSha256;
        var held = FakeCompressor.Held[$"{data}/dense"] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var created = await silo.SubmitAsync(submission);
        await silo.UntilAsync(created.Campaign, detail => detail.Summary.VariantsReady == 1);
        Assert.DoesNotContain(Requests(), request => request.VariantName == "hmd-2x-from-dense");

        held.SetResult();
        var detail = await silo.UntilAsync(created.Campaign, detail => detail.Summary.VariantsReady == 3);

        var dense = detail.Jobs.Single(job => job.Name == "dense").ModelSha256;
        Assert.NotNull(dense);
        Assert.Equal(dense, Requests().Single(request => request.VariantName == "hmd-2x-from-dense").DenseModelSha256);
        Assert.All(Requests().Where(request => request.VariantName != "hmd-2x-from-dense"), request => Assert.Null(request.DenseModelSha256));

        CompressionRequest[] Requests() => [.. FakeCompressor.Requests.Where(request => request.TrainingDataSha256 == data)];
    }

    [Fact]
    public async Task What_learns_from_a_dense_variant_that_failed_is_closed_with_that_reason()
    {
        const string file = """
            name: small
            task: synthetic-har
            model: { hidden: 16 }
            reference: lmf-2x
            variants:
              - { method: hmd, compression: 2, from: dense }
              - { method: lmf, compression: 2 }
              - method: dense
            """;
        var submission = await silo.SubmissionAsync(file, "dense fails");
        FakeCompressor.Failures[$"{submission.Data[0].TrainingSha256}/dense"] = "no memory";
        var created = await silo.SubmitAsync(submission);
        await using var agent = await FakeAgent.ConnectAsync(silo);
        await agent.FinishAsync(await agent.LeaseAsync());

        await EndedAsync(created.Campaign, CampaignStatus.Completed);
        Assert.All((await RowsAsync(created.Campaign)).Where(row => row.VariantName == "hmd-2x-from-dense"), row =>
            Assert.Equal(new Reason(ReasonCodes.DependencyFailed, Detail: "dense: no memory"), Assert.Single(row.Reasons)));
    }

    [Fact]
    public async Task A_variant_that_cannot_be_trained_closes_its_runs_with_the_reason()
    {
        var submission = await silo.SubmissionAsync(File, "diverges");
        FakeCompressor.Failures[$"{submission.Data[0].TrainingSha256}/hmd-2x"] = "the loss is not a number";
        var created = await silo.SubmitAsync(submission);
        await using var agent = await FakeAgent.ConnectAsync(silo);
        await agent.FinishAsync(await agent.LeaseAsync());

        var detail = await EndedAsync(created.Campaign, CampaignStatus.Completed);
        Assert.Equal((1, 4, 2), (detail.Summary.VariantsFailed, detail.Summary.RunsClosed, detail.Summary.RunsFailed));
        Assert.Contains("hmd-2x could not be trained: the loss is not a number", detail.Notes);
        Assert.All((await RowsAsync(created.Campaign)).Where(row => row.VariantName == "hmd-2x"), row =>
        {
            Assert.Equal(Validity.Failed, row.Validity);
            Assert.Equal(new Reason(ReasonCodes.TrainingFailed, Detail: "the loss is not a number"), Assert.Single(row.Reasons));
            Assert.Null(row.LatencyUs);
        });
    }

    [Fact]
    public async Task A_campaign_that_lost_its_reference_fails_and_says_why()
    {
        var submission = await silo.SubmissionAsync(File, "no reference");
        FakeCompressor.Failures[$"{submission.Data[0].TrainingSha256}/dense"] = "no memory";
        var detail = await EndedAsync((await silo.SubmitAsync(submission)).Campaign, CampaignStatus.Failed);
        Assert.Contains(detail.Notes, note => note.Contains("no memory", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_variant_is_tried_again_when_its_campaign_is_resumed()
    {
        var submission = await silo.SubmissionAsync(File, "again");
        var key = $"{submission.Data[0].TrainingSha256}/hmd-2x";
        FakeCompressor.Failures[key] = "the disk was full";
        var created = await silo.SubmitAsync(submission);
        await silo.UntilAsync(created.Campaign, detail => detail.Summary.VariantsFailed == 1);

        FakeCompressor.Failures.Remove(key, out _);
        Assert.True((await silo.SubmitAsync(submission)).Resumed);
        var detail = await silo.UntilAsync(created.Campaign, detail => detail.Summary.VariantsReady == 2);
        Assert.Equal(0, detail.Summary.VariantsFailed);
    }

    [Fact]
    public async Task Pausing_stops_training_and_sessions_and_resuming_takes_them_up_again()
    {
        var submission = await silo.SubmissionAsync(File, "pause");
        var held = FakeCompressor.Held[$"{submission.Data[0].TrainingSha256}/hmd-2x"] = new TaskCompletionSource();
        var created = await silo.SubmitAsync(submission);
        await silo.UntilAsync(created.Campaign, detail => detail.Jobs.Any(job => job.State == JobStatus.Training));

        Assert.Equal(CampaignStatus.Paused, (await CommandAsync(ApiRoutes.PauseCampaign, created.Campaign)).State);
        await silo.UntilAsync(created.Campaign, detail => detail.Jobs.All(job => job.State is JobStatus.Ready or JobStatus.Cancelled));
        await using var agent = await FakeAgent.ConnectAsync(silo);
        Assert.Equal("No campaign is running.", (await agent.AskAsync(new AgentMessage { WorkRequest = new WorkRequest() })).NoWork.Reason);

        held.SetResult();
        Assert.Equal(CampaignStatus.Running, (await CommandAsync(ApiRoutes.ResumeCampaign, created.Campaign)).State);
        await silo.UntilAsync(created.Campaign, detail => detail.Summary.VariantsReady == 2);
        var lease = await agent.LeaseAsync();
        await CommandAsync(ApiRoutes.PauseCampaign, created.Campaign);
        var answer = await agent.BeatAsync(lease);
        Assert.Equal("The campaign is not running.", answer.LeaseRevoked.Reason);

        // What it measured all the same is taken: the runs are open.
        Assert.All(await agent.FinishAsync(lease), stored => Assert.Equal(ReportOutcome.Stored, stored.Outcome));
        await CommandAsync(ApiRoutes.ResumeCampaign, created.Campaign);
        await EndedAsync(created.Campaign, CampaignStatus.Completed);
    }

    [Fact]
    public async Task Nobody_sees_a_state_that_is_not_on_the_disk_yet()
    {
        var created = await SubmitAsync("seen");
        await silo.UntilAsync(created.Campaign, detail => detail.Summary.VariantsReady == 2);
        using var held = new ManualResetEventSlim();
        var blocked = silo.Services.GetRequiredService<SqliteWriter>().WriteAsync(_ => held.Wait(TimeSpan.FromMinutes(2)));
        var pausing = CommandAsync(ApiRoutes.PauseCampaign, created.Campaign);
        for (var look = 0; look < 20; look++)
        {
            Assert.Equal(CampaignStatus.Running, (await silo.DetailAsync(created.Campaign)).Summary.State);
        }

        held.Set();
        Assert.Equal(CampaignStatus.Paused, (await pausing).State);
        Assert.True(await blocked);
    }

    [Fact]
    public async Task A_cancelled_campaign_stays_so()
    {
        var created = await SubmitAsync("cancelled");
        Assert.Equal(CampaignStatus.Cancelled, (await CommandAsync(ApiRoutes.CancelCampaign, created.Campaign)).State);
        using var response = await silo.Http.PostAsync(ApiRoutes.Of(ApiRoutes.ResumeCampaign, created.Campaign), null);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.False((await SubmitAsync("cancelled")).Resumed);
    }

    [Fact]
    public async Task A_report_sent_again_is_stored_once_and_one_of_an_earlier_epoch_is_taken()
    {
        var created = await SubmitAsync("epochs");
        await using var agent = await FakeAgent.ConnectAsync(silo);
        var first = await agent.LeaseAsync();
        var (variant, run) = (first.Variants[1], first.Variants[1].Runs[0]);

        // It asks again, so the silo takes the first session for lost and grants another.
        var second = await agent.LeaseAsync();
        Assert.True(second.Epoch > first.Epoch);
        var report = FakeAgent.Report(first, variant, run);
        Assert.Equal(ReportOutcome.Stored, (await agent.ReportAsync(report)).Outcome);
        Assert.Equal(ReportOutcome.Stored, (await agent.ReportAsync(report)).Outcome);
        Assert.Equal(ReportOutcome.Superseded, (await agent.ReportAsync(FakeAgent.Report(second, variant, run))).Outcome);
        Assert.Equal([first.Session], (await RowsAsync(created.Campaign)).Select(row => row.Session));

        var wrong = FakeAgent.Report(second, variant, variant.Runs[1]);
        wrong.ModelSha256 = new string('0', 64);
        var answer = await agent.ReportAsync(wrong);
        Assert.Equal(ReportOutcome.Rejected, answer.Outcome);
        Assert.Contains("was leased with model", answer.Reason);
    }

    [Fact]
    public async Task A_device_acts_only_for_itself()
    {
        await SubmitAsync("thief");
        await using var honest = await FakeAgent.ConnectAsync(silo);
        await using var thief = await FakeAgent.ConnectAsync(silo);
        var lease = await honest.LeaseAsync();
        Assert.Equal(ReportOutcome.Rejected, (await thief.ReportAsync(FakeAgent.Report(lease, lease.Variants[0], lease.Variants[0].Runs[0]))).Outcome);
    }

    [Fact]
    public async Task A_measurement_that_cannot_be_read_closes_the_run_as_failed()
    {
        var created = await SubmitAsync("garbage");
        await using var agent = await FakeAgent.ConnectAsync(silo);
        var lease = await agent.LeaseAsync();
        var report = FakeAgent.Report(lease, lease.Variants[0], lease.Variants[0].Runs[0]);
        report.Measurement = Google.Protobuf.ByteString.CopyFromUtf8("{}");
        Assert.Equal(ReportOutcome.Stored, (await agent.ReportAsync(report)).Outcome);
        var row = Assert.Single(await RowsAsync(created.Campaign));
        Assert.Equal(Validity.Failed, row.Validity);
        Assert.Equal(ReasonCodes.Unreadable, Assert.Single(row.Reasons).Code);
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.GetAsync(ApiRoutes.Of(ApiRoutes.CampaignReport, created.Campaign))).StatusCode);
    }
}
