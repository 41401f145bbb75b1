using System.Net;
using System.Net.Http.Json;
using Fleet.Grains.Compression;
using Fleet.Grains.Ports;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Protocol.V1;
using Fleet.Silo.Storage;
using Fleet.Silo.Tests.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Silo.Tests.Campaigns;

public sealed class CampaignTests : IAsyncLifetime
{
    public const string File = """
        name: small
        task: synthetic-har
        model: { hidden: 16 }
        variants:
          - method: dense
          - { method: hmd, compression: 2 }
        """;

    private readonly TemporaryFolder folder = new();
    private RunningSilo silo = null!;

    public async ValueTask InitializeAsync() => silo = await RunningSilo.StartAsync(folder.Path);

    public async ValueTask DisposeAsync()
    {
        await silo.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_campaign_runs_from_its_file_to_its_rows_table_and_report()
    {
        var created = await SubmitAsync("whole");
        await using var agent = await FakeAgent.ConnectAsync(silo);
        var lease = await agent.LeaseAsync();
        Assert.Equal(["dense", "hmd-2x"], lease.Variants.Select(variant => variant.Name));
        Assert.Equal((lease.Variants[0].Variant, created.Campaign), (lease.Reference, lease.Campaign));
        Assert.All(await agent.FinishAsync(lease), answer => Assert.Equal(ReportOutcome.Stored, answer.Outcome));

        var detail = await EndedAsync(created.Campaign, "completed");
        Assert.Equal((4, 4, 0), (detail.Summary.Runs, detail.Summary.RunsClosed, detail.Summary.RunsFailed));
        var rows = await RowsAsync(created.Campaign);
        Assert.Equal(["dense streaming", "dense window", "hmd-2x streaming", "hmd-2x window"], rows.Select(row => $"{row.VariantName} {row.Mode}").Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal((agent.Device, lease.Session, 100.0), (row.Device, row.Session, row.LatencyUs!.P50)));

        var table = await silo.GetAsync(ApiRoutes.Of(ApiRoutes.CampaignTable, created.Campaign), ProtocolJson.Default.CampaignTable);
        Assert.Equal(["faster", "faster", "reference", "reference"], table.Rows.Select(row => row.Verdict).Order(StringComparer.Ordinal));
        var report = await silo.Http.GetStringAsync(ApiRoutes.Of(ApiRoutes.CampaignReport, created.Campaign));
        Assert.Contains("hmd-2x", report);

        await silo.UntilToldAsync("""fleet_run_latency_p50_seconds\{[^}]*variant="hmd-2x"[^}]*\} 0.0001""");
        await silo.UntilToldAsync("""fleet_campaigns\{[^}]*state="completed"[^}]*\} 1""");
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
        Assert.Equal(2, (await silo.GetAsync(ApiRoutes.Campaigns, ProtocolJson.Default.CampaignSummaryArray)).Length);
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

        await EndedAsync(created.Campaign, "completed");
        Assert.All((await RowsAsync(created.Campaign)).Where(row => row.VariantName == "hmd-2x-from-dense"), row =>
            Assert.Equal("hmd-2x-from-dense learns from dense, which could not be trained: no memory", Assert.Single(row.Reasons)));
    }

    [Fact]
    public async Task A_variant_that_cannot_be_trained_closes_its_runs_with_the_reason()
    {
        var submission = await silo.SubmissionAsync(File, "diverges");
        FakeCompressor.Failures[$"{submission.Data[0].TrainingSha256}/hmd-2x"] = "the loss is not a number";
        var created = await silo.SubmitAsync(submission);
        await using var agent = await FakeAgent.ConnectAsync(silo);
        await agent.FinishAsync(await agent.LeaseAsync());

        var detail = await EndedAsync(created.Campaign, "completed");
        Assert.Equal((1, 4, 2), (detail.Summary.VariantsFailed, detail.Summary.RunsClosed, detail.Summary.RunsFailed));
        Assert.Contains("hmd-2x could not be trained: the loss is not a number", detail.Notes);
        Assert.All((await RowsAsync(created.Campaign)).Where(row => row.VariantName == "hmd-2x"), row =>
        {
            Assert.Equal("failed", row.Validity);
            Assert.Contains("the loss is not a number", Assert.Single(row.Reasons));
            Assert.Null(row.LatencyUs);
        });
    }

    [Fact]
    public async Task A_campaign_that_lost_its_reference_fails_and_says_why()
    {
        var submission = await silo.SubmissionAsync(File, "no reference");
        FakeCompressor.Failures[$"{submission.Data[0].TrainingSha256}/dense"] = "no memory";
        var detail = await EndedAsync((await silo.SubmitAsync(submission)).Campaign, "failed");
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
        await silo.UntilAsync(created.Campaign, detail => detail.Jobs.Any(job => job.State == "training"));

        Assert.Equal("paused", (await CommandAsync(ApiRoutes.PauseCampaign, created.Campaign)).State);
        await silo.UntilAsync(created.Campaign, detail => detail.Jobs.All(job => job.State is "ready" or "cancelled"));
        await using var agent = await FakeAgent.ConnectAsync(silo);
        Assert.Equal("No campaign is running.", (await agent.AskAsync(new AgentMessage { WorkRequest = new WorkRequest() })).NoWork.Reason);

        held.SetResult();
        Assert.Equal("running", (await CommandAsync(ApiRoutes.ResumeCampaign, created.Campaign)).State);
        await silo.UntilAsync(created.Campaign, detail => detail.Summary.VariantsReady == 2);
        var lease = await agent.LeaseAsync();
        await CommandAsync(ApiRoutes.PauseCampaign, created.Campaign);
        var answer = await agent.AskAsync(new AgentMessage { Heartbeat = new Heartbeat { Session = lease.Session, Epoch = lease.Epoch, State = AgentState.Measuring } });
        Assert.Equal("The campaign is not running.", answer.LeaseRevoked.Reason);

        // What it measured all the same is taken: the runs are open.
        Assert.All(await agent.FinishAsync(lease), stored => Assert.Equal(ReportOutcome.Stored, stored.Outcome));
        await CommandAsync(ApiRoutes.ResumeCampaign, created.Campaign);
        await EndedAsync(created.Campaign, "completed");
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
            Assert.Equal("running", (await silo.DetailAsync(created.Campaign)).Summary.State);
        }

        held.Set();
        Assert.Equal("paused", (await pausing).State);
        Assert.True(await blocked);
    }

    [Fact]
    public async Task A_cancelled_campaign_stays_so()
    {
        var created = await SubmitAsync("cancelled");
        Assert.Equal("cancelled", (await CommandAsync(ApiRoutes.CancelCampaign, created.Campaign)).State);
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
        Assert.Equal("failed", row.Validity);
        Assert.Contains("cannot be read", Assert.Single(row.Reasons));
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.GetAsync(ApiRoutes.Of(ApiRoutes.CampaignReport, created.Campaign))).StatusCode);
    }

    [Fact]
    public async Task A_campaign_goes_on_where_it_was_after_the_silo_was_stopped_in_the_middle()
    {
        var created = await SubmitAsync("restart");
        string device;
        Lease lease;
        await using (var agent = await FakeAgent.ConnectAsync(silo))
        {
            device = agent.Device;
            lease = await agent.LeaseAsync();
            await agent.ReportAsync(FakeAgent.Report(lease, lease.Variants[0], lease.Variants[0].Runs[0]));
        }

        await silo.DisposeAsync();
        silo = await RunningSilo.StartAsync(folder.Path);

        // The agent comes back with the session that it holds, and may go on with it.
        await using var back = await FakeAgent.ConnectAsync(silo, device, session: lease.Session, epoch: lease.Epoch);
        var answer = await back.AskAsync(new AgentMessage { Heartbeat = new Heartbeat { Session = lease.Session, Epoch = lease.Epoch } });
        Assert.NotNull(answer.HeartbeatAnswer.LeaseUntil);
        Assert.All(await back.FinishAsync(lease), stored => Assert.Equal(ReportOutcome.Stored, stored.Outcome));
        await EndedAsync(created.Campaign, "completed");
        Assert.Equal(4, (await RowsAsync(created.Campaign)).Length);
        Assert.All(created.Plan.Variants, planned => Assert.Single(FakeCompressor.Trained, planned.Variant));
    }

    [Fact]
    public async Task A_campaign_wakes_by_itself_when_the_silo_starts()
    {
        var submission = await silo.SubmissionAsync(File, "wakes");
        var key = $"{submission.Data[0].TrainingSha256}/hmd-2x";
        FakeCompressor.Held[key] = new TaskCompletionSource();
        var created = await silo.SubmitAsync(submission);
        await silo.UntilAsync(created.Campaign, detail => detail.Summary.VariantsReady == 1);
        await silo.DisposeAsync();

        FakeCompressor.Held.Remove(key, out _);
        silo = await RunningSilo.StartAsync(folder.Path);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        // Only lists are asked, which wake nobody.
        while ((await silo.GetAsync(ApiRoutes.Jobs, ProtocolJson.Default.JobSummaryArray, limit.Token)).Any(job => job.State != "ready"))
        {
            await Task.Delay(20, limit.Token);
        }
    }

    [Fact]
    public async Task A_campaign_that_the_index_calls_paused_although_it_runs_wakes_as_well()
    {
        var submission = await silo.SubmissionAsync(File, "half resumed");
        var key = $"{submission.Data[0].TrainingSha256}/hmd-2x";
        FakeCompressor.Held[key] = new TaskCompletionSource();
        var created = await silo.SubmitAsync(submission);
        await silo.UntilAsync(created.Campaign, detail => detail.Summary.VariantsReady == 1);

        // As a silo leaves it that dies between the two writes of a resume.
        var index = silo.Services.GetRequiredService<IFleetIndex>();
        var entry = (await index.CampaignsAsync(default)).Single();
        await index.SaveAsync(entry with { Summary = entry.Summary with { State = "paused" } }, default);
        await silo.DisposeAsync();

        FakeCompressor.Held.Remove(key, out _);
        silo = await RunningSilo.StartAsync(folder.Path);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        // Only lists are asked, which wake nobody.
        while ((await silo.GetAsync(ApiRoutes.Campaigns, ProtocolJson.Default.CampaignSummaryArray, limit.Token)).Single() is not { State: "running", VariantsReady: 2 })
        {
            await Task.Delay(20, limit.Token);
        }
    }

    [Fact]
    public async Task A_training_of_a_paused_campaign_whose_silo_died_before_it_was_told_is_let_go_at_the_start()
    {
        var submission = await silo.SubmissionAsync(File, "untold");
        var key = $"{submission.Data[0].TrainingSha256}/hmd-2x";
        FakeCompressor.Held[key] = new TaskCompletionSource();
        var created = await silo.SubmitAsync(submission);
        await silo.UntilAsync(created.Campaign, detail => detail.Summary.VariantsReady == 1);
        await CommandAsync(ApiRoutes.PauseCampaign, created.Campaign);

        // As a silo leaves it that dies when the pause is on the disk, and the job has not heard of it.
        var entry = (await silo.Services.GetRequiredService<IFleetIndex>().JobsAsync(default)).Single(job => job.Summary.Name == "hmd-2x");
        var request = new CompressionRequest
        {
            Variant = entry.Summary.Variant,
            VariantName = entry.Summary.Name,
            Task = entry.Summary.Task,
            Recipe = entry.Recipe,
            Seed = 1,
            TrainingDataSha256 = submission.Data[0].TrainingSha256,
        };
        var job = silo.Services.GetRequiredService<Orleans.IGrainFactory>().GetGrain<ICompressionJobGrain>(entry.Summary.Variant);
        await silo.UntilAsync(created.Campaign, detail => detail.Jobs.Single(one => one.Name == "hmd-2x").State == "cancelled");
        Assert.NotEqual("cancelled", (await job.EnsureAsync(new JobDemand(created.Campaign, request, Retry: false))).Summary.State);
        await silo.DisposeAsync();

        silo = await RunningSilo.StartAsync(folder.Path);
        // Only the list is asked, which wakes nobody. (A stop that is orderly leaves the job as it was.)
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        string state;
        while ((state = (await silo.GetAsync(ApiRoutes.Jobs, ProtocolJson.Default.JobSummaryArray, limit.Token)).Single(one => one.Name == "hmd-2x").State) != "cancelled")
        {
            Assert.False(limit.IsCancellationRequested, $"The job is {state}.");
            await Task.Delay(20);
        }

        var campaigns = await silo.GetAsync(ApiRoutes.Campaigns, ProtocolJson.Default.CampaignSummaryArray);
        Assert.Equal("paused", Assert.Single(campaigns).State);
        var next = silo.Services.GetRequiredService<Orleans.IGrainFactory>().GetGrain<ICompressionJobGrain>(entry.Summary.Variant);
        Assert.Equal("cancelled", (await next.StatusAsync())!.Summary.State);
        FakeCompressor.Held.Remove(key, out _);
    }

    [Fact]
    public async Task A_run_that_was_closed_unheard_is_not_measured_again()
    {
        var created = await SubmitAsync("unheard");
        await using var agent = await FakeAgent.ConnectAsync(silo);
        var first = await agent.LeaseAsync();
        var (variant, run) = (first.Variants[1], first.Variants[1].Runs[0]);

        // Straight into the store: as if the notice to the campaign had been lost, or were late.
        await agent.ReportAsync(FakeAgent.Report(first, first.Variants[0], first.Variants[0].Runs[0]));
        var row = Assert.Single(await RowsAsync(created.Campaign));
        await silo.Services.GetRequiredService<IResultStore>().TryStoreAsync(new StoredResult(row with { Run = run.Run, VariantName = variant.Name }, default), default);
        var second = await agent.LeaseAsync();

        Assert.DoesNotContain(run.Run, second.Variants.SelectMany(one => one.Runs).Select(one => one.Run));
    }

    [Fact]
    public async Task A_run_whose_result_still_waits_on_the_device_is_not_measured_again()
    {
        await SubmitAsync("undelivered");
        await using var agent = await FakeAgent.ConnectAsync(silo);
        var first = await agent.LeaseAsync();
        var waiting = first.Variants[1].Runs[0].Run;

        var answer = await agent.AskAsync(new AgentMessage { WorkRequest = new WorkRequest { Undelivered = { waiting } } });

        var runs = answer.Lease.Variants.SelectMany(one => one.Runs).Select(one => one.Run).ToArray();
        Assert.Equal(3, runs.Length);
        Assert.DoesNotContain(waiting, runs);
    }

    [Fact]
    public async Task What_training_goes_on_from_is_forgotten_once_the_model_is_recorded()
    {
        var created = await SubmitAsync("forgotten");
        await silo.UntilAsync(created.Campaign, detail => detail.Summary.VariantsReady == 2);
        Assert.All(created.Plan.Variants, variant => Assert.Contains(variant.Variant, FakeCompressor.Forgotten));
    }

    [Fact]
    public async Task After_a_restart_a_device_was_last_seen_when_it_was()
    {
        await using (var agent = await FakeAgent.ConnectAsync(silo))
        {
            Assert.Equal("No campaign is running.", (await agent.AskAsync(new AgentMessage { WorkRequest = new WorkRequest() })).NoWork.Reason);
        }

        var before = Assert.Single(await silo.GetAsync(ApiRoutes.Devices, ProtocolJson.Default.DeviceSummaryArray));
        await silo.DisposeAsync();
        silo = await RunningSilo.StartAsync(folder.Path);

        var after = Assert.Single(await silo.GetAsync(ApiRoutes.Devices, ProtocolJson.Default.DeviceSummaryArray));
        Assert.InRange(before.LastSeen - after.LastSeen, TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }

    private async Task<CampaignCreated> SubmitAsync(string salt) => await silo.SubmitAsync(await silo.SubmissionAsync(File, salt));

    private Task<CampaignDetail> EndedAsync(string campaign, string state) => silo.UntilAsync(campaign, detail => detail.Summary.State == state);

    private Task<Protocol.Results.ResultRow[]> RowsAsync(string campaign) => silo.GetAsync(ApiRoutes.Of(ApiRoutes.CampaignResults, campaign), ProtocolJson.Default.ResultRowArray);

    private async Task<CampaignSummary> CommandAsync(string route, string campaign)
    {
        using var response = await silo.Http.PostAsync(ApiRoutes.Of(route, campaign), null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync(ProtocolJson.Default.CampaignSummary))!;
    }
}
