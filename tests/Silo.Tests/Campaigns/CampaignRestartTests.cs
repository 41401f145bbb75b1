using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Ports;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Jobs;
using Fleet.Grains.Contracts;
using Fleet.Protocol.Api;
using Fleet.Protocol.V1;
using Fleet.Silo.Tests.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Silo.Tests.Campaigns;

/// <summary>What a campaign makes of silos that stop or die in the middle, and of devices that come back.</summary>
public sealed class CampaignRestartTests : CampaignScene
{
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
        await EndedAsync(created.Campaign, CampaignStatus.Completed);
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
        // Only lists are asked, which wake nobody.
        await Wait.UntilAsync(silo.JobsAsync, jobs => jobs.All(job => job.State == JobStatus.Ready), jobs => string.Join('\n', jobs.AsEnumerable()));
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
        await index.SaveAsync(entry with { Summary = entry.Summary with { State = CampaignStatus.Paused } }, default);
        await silo.DisposeAsync();

        FakeCompressor.Held.Remove(key, out _);
        silo = await RunningSilo.StartAsync(folder.Path);
        // Only lists are asked, which wake nobody.
        await Wait.UntilAsync(
            silo.CampaignsAsync,
            campaigns => campaigns.Single() is { State: CampaignStatus.Running, VariantsReady: 2 },
            campaigns => $"It is {campaigns.Single()}.");
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
        await silo.UntilAsync(created.Campaign, detail => detail.Jobs.Single(one => one.Name == "hmd-2x").State == JobStatus.Cancelled);
        Assert.NotEqual(JobStatus.Cancelled, (await job.EnsureAsync(new JobDemand(created.Campaign, request, Retry: false))).Summary.State);
        await silo.DisposeAsync();

        silo = await RunningSilo.StartAsync(folder.Path);
        // Only the list is asked, which wakes nobody. (A stop that is orderly leaves the job as it was.)
        await Wait.UntilAsync(
            async () => (await silo.JobsAsync()).Single(one => one.Name == "hmd-2x").State,
            state => state == JobStatus.Cancelled,
            state => $"The job is {state}.");

        var campaigns = await silo.CampaignsAsync();
        Assert.Equal(CampaignStatus.Paused, Assert.Single(campaigns).State);
        var next = silo.Services.GetRequiredService<Orleans.IGrainFactory>().GetGrain<ICompressionJobGrain>(entry.Summary.Variant);
        Assert.Equal(JobStatus.Cancelled, (await next.StatusAsync())!.Summary.State);
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
        await silo.Services.GetRequiredService<IResultStore>()
            .TryStoreAsync(new StoredResult(row with { Run = run.Run, VariantName = variant.Name }, default), default);
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

        var before = Assert.Single(await silo.DevicesAsync());
        await silo.DisposeAsync();
        silo = await RunningSilo.StartAsync(folder.Path);

        var after = Assert.Single(await silo.DevicesAsync());
        Assert.InRange(before.LastSeen - after.LastSeen, TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }
}
