using Fleet.Cli.Data;
using Fleet.Cli.Silos;
using Fleet.Cli.Terminals;
using Fleet.Cli.Views;
using Fleet.Protocol;
using Fleet.Protocol.Api;

namespace Fleet.Cli.Campaigns;

/// <summary>Takes a campaign from its file to its results, and out of it in order when interrupted.</summary>
internal sealed class CampaignRunner(SiloSource silos, Output output, TimeProvider time, Interruption interruption)
{
    private const int MostTakeovers = 3;

    // Of an interrupted command's two seconds; without it the silo is stopped in the middle, which it survives.
    private static readonly TimeSpan PauseLimit = TimeSpan.FromSeconds(0.4);

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CampaignOrder order, CancellationToken cancel)
    {
        if (order.Out is { } folder)
        {
            ResultFiles.Prepare(folder);
        }

        await using var session = new Session(await OpenAsync(order.Detach, cancel).ConfigureAwait(false));
        try
        {
            var submission = await PrepareAsync(session.Silo, order.File, order.Data, order.AlwaysNew, output, time, cancel).ConfigureAwait(false);
            var created = await session.Silo.Client.SubmitAsync(submission, cancel).ConfigureAwait(false);
            session.Campaign = created.Campaign;
            Announce(created);
            if (order.Detach)
            {
                output.Progress($"Follow it: fleet campaign watch {created.Campaign}");
                output.Document(created, ProtocolJson.Indented.CampaignCreated);
                return ExitCodes.Done;
            }

            var code = await FinishAsync(session, order.Out, order.Explain, cancel).ConfigureAwait(false);
            await session.Silo.StopAsync(interruption).ConfigureAwait(false);
            return code;
        }
        catch (OperationCanceledException) when (interruption.Requested.IsCancellationRequested)
        {
            throw await LeaveAsync(session, order.Again).ConfigureAwait(false);
        }
    }

    /// <summary>Follows a campaign that exists.</summary>
    /// <param name="find">Says which, once there is a silo to ask.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> WatchAsync(Func<SiloConnection, Task<CampaignSummary>> find, string? outFolder, CancellationToken cancel)
    {
        await using var session = new Session(await OpenAsync(false, cancel).ConfigureAwait(false));
        try
        {
            session.Campaign = (await find(session.Silo).ConfigureAwait(false)).Campaign;
            var code = await FinishAsync(session, outFolder, false, cancel).ConfigureAwait(false);
            await session.Silo.StopAsync(interruption).ConfigureAwait(false);
            return code;
        }
        catch (OperationCanceledException) when (interruption.Requested.IsCancellationRequested)
        {
            throw await LeaveAsync(session, $"fleet campaign resume {session.Campaign}").ConfigureAwait(false);
        }
    }

    /// <summary>Checks the file, and packs and sends the data that it wants.</summary>
    /// <exception cref="CommandFailedException">The file or the data is wrong.</exception>
    public static async Task<CampaignSubmission> PrepareAsync(
        SiloConnection silo, CampaignFile file, DataFolders data, bool alwaysNew, Output output, TimeProvider time, CancellationToken cancel)
    {
        var check = await silo.Client.CheckAsync(file, cancel).ConfigureAwait(false);
        if (check.Problems.Count > 0)
        {
            throw new CommandFailedException(
                ExitCodes.Usage,
                check.Problems.Count == 1 ? $"{file.Source} has a mistake." : $"{file.Source} has {check.Problems.Count} mistakes.")
            {
                Problems = check.Problems,
            };
        }

        var bound = await new DataSender(silo.Client, Path.GetDirectoryName(file.Source) ?? "", output, time).SendAsync(check.Tasks, data, cancel).ConfigureAwait(false);
        return new CampaignSubmission { File = file, Data = bound, AlwaysNew = alwaysNew };
    }

    private async Task<SiloConnection> OpenAsync(bool mustStay, CancellationToken cancel)
    {
        if (!mustStay)
        {
            return await silos.OpenAsync(new SiloRequest { WithAgent = true }, cancel).ConfigureAwait(false);
        }

        return await silos.FindAsync(cancel).ConfigureAwait(false)
            ?? throw new SiloUnreachableException("--detach leaves the campaign to a running silo, and there is none.", "Start one in another terminal: fleet up");
    }

    private void Announce(CampaignCreated created)
    {
        var plan = created.Plan;
        output.Progress(created.Resumed
            ? $"Going on with campaign {created.Campaign} where it was."
            : $"Campaign {created.Campaign}: {Quantity.Of(plan.Variants.Count, "variant")}, {Quantity.Of(plan.Runs, "run")} on {Quantity.Of(plan.Devices.Count, "device")}.");
        if (plan.Devices.Count == 0)
        {
            output.Warn("No device that is connected matches; the campaign waits until one does. See: fleet device list");
        }
    }

    private async Task<int> FinishAsync(Session session, string? outFolder, bool explain, CancellationToken cancel)
    {
        var detail = await FollowAsync(session, cancel).ConfigureAwait(false);
        var client = session.Silo.Client;
        var rows = await client.ResultsAsync(detail.Summary.Campaign, cancel).ConfigureAwait(false);
        if (outFolder is not null)
        {
            await ResultFiles.WriteAsync(outFolder, detail.Summary.Campaign, rows, client, cancel).ConfigureAwait(false);
        }

        if (!output.Json)
        {
            var table = await client.TableAsync(detail.Summary.Campaign, cancel).ConfigureAwait(false);
            output.Result(ResultView.Render(table, output.Width));
            output.Result("");
            foreach (var line in explain ? ClosingWords.Of(table) : [])
            {
                output.Result(line);
            }
        }

        output.Document(rows, ProtocolJson.Indented.ResultRowArray);
        return Conclude(detail, outFolder, explain);
    }

    // Another command's silo ends with that command: then this one goes on with a silo of its own.
    private async Task<CampaignDetail> FollowAsync(Session session, CancellationToken cancel)
    {
        await using var progress = CampaignProgress.Start(output, time);
        for (var takeovers = 0; ; takeovers++)
        {
            try
            {
                return await FollowOnceAsync(session, progress, cancel).ConfigureAwait(false);
            }
            catch (SiloUnreachableException) when (!session.Silo.Own && takeovers < MostTakeovers)
            {
                output.Progress("The silo is gone; going on with one of this command's own.");
                await session.ReplaceAsync(await silos.OpenAsync(new SiloRequest { WithAgent = true }, cancel).ConfigureAwait(false)).ConfigureAwait(false);
            }
        }
    }

    private async Task<CampaignDetail> FollowOnceAsync(Session session, ICampaignProgress progress, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var following = new CampaignFollower(session.Silo.Client, time).FollowAsync(session.Campaign!, progress.Show, either.Token);
        var ending = session.Silo.ProgramEndedAsync(either.Token);
        var first = await Task.WhenAny(following, ending).ConfigureAwait(false);
        await either.CancelAsync().ConfigureAwait(false);
        cancel.ThrowIfCancellationRequested();
        return first == following
            ? await following.ConfigureAwait(false)
            : throw new CommandFailedException(ExitCodes.Failed, await ending.ConfigureAwait(false), "Run the same command again: the campaign goes on where it was.");
    }

    private int Conclude(CampaignDetail detail, string? outFolder, bool explain)
    {
        var summary = detail.Summary;
        var id = summary.Campaign;
        if (outFolder is not null)
        {
            output.Result($"Written: {Path.Combine(outFolder, ResultFiles.Results)} and {Path.Combine(outFolder, ResultFiles.Report)}");
        }
        else if (summary.State == "completed")
        {
            output.Result($"Report: fleet campaign report {id}");
        }

        if (explain)
        {
            output.Result("Next: try it on real data (fleet campaign run campaigns/uci-har.yaml --data DIR), or compare more of them (fleet sweep --help).");
        }

        var failed = summary.RunsFailed + summary.VariantsFailed > 0;
        if (failed || summary.State is "failed" or "cancelled")
        {
            output.Warn(failed
                ? $"{summary.VariantsFailed} of {summary.Variants} variants and {summary.RunsFailed} of {summary.Runs} runs failed. Why: fleet campaign show {id}"
                : $"The campaign was {summary.State}. See: fleet campaign show {id}");
            foreach (var note in detail.Notes)
            {
                output.Warn(note);
            }

            return ExitCodes.Failed;
        }

        if (summary.State == "paused")
        {
            output.Warn($"The campaign was paused. Go on: fleet campaign resume {id}");
            return ExitCodes.Failed;
        }

        return ExitCodes.Done;
    }

    private async Task<CommandFailedException> LeaveAsync(Session session, string again)
    {
        if (session.Campaign is not { } campaign)
        {
            await session.Silo.StopAsync(interruption).ConfigureAwait(false);
            return new CommandFailedException(ExitCodes.Interrupted, "Interrupted before the campaign was started.");
        }

        if (session.Silo.Own)
        {
            await TryPauseAsync(session.Silo, campaign).ConfigureAwait(false);
            await session.Silo.StopAsync(interruption).ConfigureAwait(false);
            return new CommandFailedException(ExitCodes.Interrupted, "Interrupted: the campaign is paused and nothing runs.", $"Go on where it was: {again}");
        }

        return new CommandFailedException(
            ExitCodes.Interrupted,
            $"Detached: the campaign goes on in the silo at {session.Silo.Address.Http}.",
            $"Follow it: fleet campaign watch {campaign}; stop it: fleet campaign cancel {campaign}");
    }

    private async Task TryPauseAsync(SiloConnection silo, string campaign)
    {
        using var limit = new CancellationTokenSource(PauseLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, interruption.Forced);
        try
        {
            await silo.Client.ControlAsync(ApiRoutes.PauseCampaign, campaign, either.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is CommandFailedException or OperationCanceledException)
        {
            // The silo keeps what it has, also when it is stopped in the middle.
        }
    }

    private sealed class Session(SiloConnection silo) : IAsyncDisposable
    {
        public SiloConnection Silo { get; private set; } = silo;

        public string? Campaign { get; set; }

        public async Task ReplaceAsync(SiloConnection next)
        {
            await Silo.DisposeAsync().ConfigureAwait(false);
            Silo = next;
        }

        public ValueTask DisposeAsync() => Silo.DisposeAsync();
    }
}
