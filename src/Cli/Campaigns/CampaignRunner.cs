using Fleet.Cli.Data;
using Fleet.Cli.Failures;
using Fleet.Cli.Silos;
using Fleet.Cli.Terminals;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Results;
using Fleet.Domain.Text;
using Fleet.Os.Processes;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Reports.Model;
using Fleet.Reports.Quantities;
using Fleet.Reports.Terminal;

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
            var submissions = await PrepareAsync(session.Silo, order.File, order.Data, order.AlwaysNew, output, time, cancel).ConfigureAwait(false);
            if (order.Detach)
            {
                return await DetachAsync(session, submissions, cancel).ConfigureAwait(false);
            }

            var code = submissions is [{ File.Benchmark: null } only]
                ? Conclude(await TakeThroughAsync(session, only, order.Out, order.Explain, cancel).ConfigureAwait(false))
                : await SuiteAsync(session, submissions, order, cancel).ConfigureAwait(false);
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
            var code = Conclude(await FinishAsync(session, outFolder, false, cancel).ConfigureAwait(false));
            await session.Silo.StopAsync(interruption).ConfigureAwait(false);
            return code;
        }
        catch (OperationCanceledException) when (interruption.Requested.IsCancellationRequested)
        {
            throw await LeaveAsync(session, $"fleet campaign resume {session.Campaign}{silos.Options}").ConfigureAwait(false);
        }
    }

    /// <summary>Checks the file, and packs and sends the data, and the model, that it wants.</summary>
    /// <returns>One for each of its campaigns, in the file's order.</returns>
    /// <exception cref="CommandFailedException">The file, the data or the model is wrong.</exception>
    public static async Task<IReadOnlyList<CampaignSubmission>> PrepareAsync(
        SiloConnection silo, CampaignFile file, DataFolders data, bool alwaysNew, Output output, TimeProvider time, CancellationToken cancel)
    {
        var check = await silo.Client.CheckAsync(file, cancel).ConfigureAwait(false);
        if (check.Problems.Count > 0)
        {
            throw Mistakes(file, check.Problems);
        }

        var sender = new DataSender(silo.Client, Path.GetDirectoryName(file.Source) ?? "", output, time);
        var bound = await sender.SendAsync(check.Tasks, data, cancel).ConfigureAwait(false);
        var byTask = check.Tasks.Zip(bound).ToDictionary(pair => pair.First, pair => pair.Second);
        var model = check.Import is { } import && bound is [var only]
            ? await new ModelSender(silo.Client, file.Source, output).SendAsync(import, only, cancel).ConfigureAwait(false)
            : null;
        return check.Benchmarks.Count == 0
            ? [new CampaignSubmission { File = file, Data = bound, Model = model, AlwaysNew = alwaysNew }]
            : [.. check.Benchmarks.Select(benchmark => new CampaignSubmission
            {
                File = file with { Benchmark = benchmark.Name },
                Data = [.. benchmark.Tasks.Select(task => byTask[task])],
                AlwaysNew = alwaysNew,
            })];
    }

    /// <summary>What ends a command whose campaign file is wrong.</summary>
    public static CommandFailedException Mistakes(CampaignFile file, IReadOnlyList<FileProblem> problems) =>
        new(ExitCodes.Usage, problems.Count == 1 ? $"{file.Source} has a mistake." : $"{file.Source} has {problems.Count} mistakes.") { Problems = problems };

    // One after the other: what one has trained and measured is there for good before the next begins.
    private async Task<int> SuiteAsync(Session session, IReadOnlyList<CampaignSubmission> submissions, CampaignOrder order, CancellationToken cancel)
    {
        var outcomes = new List<Outcome>();
        foreach (var (index, submission) in submissions.Index())
        {
            var benchmark = submission.File.Benchmark!;
            output.Progress($"Benchmark {index + 1} of {submissions.Count}: {benchmark}");
            session.MoreToCome = index + 1 < submissions.Count;
            var folder = order.Out is null ? null : Path.Combine(order.Out, benchmark);
            if (folder is not null)
            {
                ResultFiles.Prepare(folder);
            }

            var outcome = await TakeThroughAsync(session, submission, folder, order.Explain, cancel).ConfigureAwait(false);
            outcomes.Add(outcome);
            if (outcome.Detail.Summary.State == CampaignStatus.Paused)
            {
                // Whoever paused it wants the machine; the next one would take it.
                break;
            }
        }

        output.Document([.. outcomes.SelectMany(outcome => outcome.Rows)], ProtocolJson.Indented.ResultRowArray);
        var codes = outcomes.Select(ConcludeQuietly).ToArray();
        CampaignTable[] tables = [.. outcomes.Select(outcome => outcome.Table).Where(table => table.ClaimsAsked)];
        if (!output.Json && tables.Length > 0)
        {
            output.Result(ClaimView.Render(tables, output.Width));
        }

        if (outcomes.Count < submissions.Count)
        {
            output.Warn($"{Quantity.Of(submissions.Count - outcomes.Count, "benchmark")} not begun. Run all of them: {order.Again}");
        }

        if (outcomes[^1].Detail.Summary.Suite is { } suite)
        {
            output.Result($"Report of all: fleet campaign report {suite}{silos.Options}");
        }

        return codes.Max();
    }

    private async Task<Outcome> TakeThroughAsync(Session session, CampaignSubmission submission, string? outFolder, bool explain, CancellationToken cancel)
    {
        var created = await session.Silo.Client.SubmitAsync(submission, cancel).ConfigureAwait(false);
        session.Campaign = created.Campaign;
        Announce(created);
        return await FinishAsync(session, outFolder, explain, cancel).ConfigureAwait(false);
    }

    private async Task<int> DetachAsync(Session session, IReadOnlyList<CampaignSubmission> submissions, CancellationToken cancel)
    {
        var created = new List<CampaignCreated>();
        foreach (var submission in submissions)
        {
            created.Add(await session.Silo.Client.SubmitAsync(submission, cancel).ConfigureAwait(false));
            session.Campaign = created[^1].Campaign;
            Announce(created[^1]);
            output.Progress($"Follow it: fleet campaign watch {created[^1].Campaign}{silos.Options}");
        }

        if (submissions[0].File.Benchmark is null)
        {
            output.Document(created[0], ProtocolJson.Indented.CampaignCreated);
        }
        else
        {
            output.Document([.. created], ProtocolJson.Indented.CampaignCreatedArray);
        }

        return ExitCodes.Done;
    }

    private async Task<SiloConnection> OpenAsync(bool mustStay, CancellationToken cancel)
    {
        if (!mustStay)
        {
            return await silos.OpenAsync(new SiloRequest { WithAgent = true }, cancel).ConfigureAwait(false);
        }

        return await silos.FindAsync(cancel).ConfigureAwait(false)
            ?? throw new SiloUnreachableException(
                "--detach leaves the campaign to a running silo, and there is none.", "Start one in another terminal: fleet up");
    }

    private void Announce(CampaignCreated created)
    {
        var plan = created.Plan;
        if (created.Complete)
        {
            output.Progress($"Campaign {created.Campaign} is complete already; --new measures it again.");
            return;
        }

        output.Progress(created.Resumed
            ? $"Going on with campaign {created.Campaign} where it was."
            : $"Campaign {created.Campaign}: {Quantity.Of(plan.Variants.Count, "variant")}, {Quantity.Of(plan.Runs, "run")} on"
                + $" {Quantity.Of(plan.Devices.Count, "device")}.");
        if (plan.Devices.Count == 0)
        {
            output.Warn($"No device that is connected matches; the campaign waits until one does. See: fleet device list{silos.Options}");
        }
    }

    private async Task<Outcome> FinishAsync(Session session, string? outFolder, bool explain, CancellationToken cancel)
    {
        var detail = await FollowAsync(session, cancel).ConfigureAwait(false);
        var client = session.Silo.Client;
        var rows = await client.ResultsAsync(detail.Summary.Campaign, cancel).ConfigureAwait(false);
        if (outFolder is not null)
        {
            await ResultFiles.WriteAsync(outFolder, detail.Summary.Campaign, rows, client, cancel).ConfigureAwait(false);
        }

        var table = await client.TableAsync(detail.Summary.Campaign, cancel).ConfigureAwait(false);
        if (!output.Json)
        {
            output.Result(ResultView.Render(table, output.Width));
            output.Result("");
        }

        return new Outcome(detail, rows, table, outFolder, explain);
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
            : throw new CommandFailedException(ExitCodes.Failed, await ending.ConfigureAwait(false), "Run the same command again: the campaign resumes.");
    }

    private int Conclude(Outcome outcome)
    {
        output.Document(outcome.Rows, ProtocolJson.Indented.ResultRowArray);
        return ConcludeQuietly(outcome);
    }

    private int ConcludeQuietly(Outcome outcome)
    {
        var (detail, _, table, outFolder, explain) = outcome;
        var summary = detail.Summary;
        var id = summary.Campaign;
        if (outFolder is not null)
        {
            output.Result($"Written: {Path.Combine(outFolder, ResultFiles.Results)} and {Path.Combine(outFolder, ResultFiles.Report)}");
        }
        else if (summary.State == CampaignStatus.Completed)
        {
            output.Result($"Report: fleet campaign report {id}{silos.Options}");
        }

        if (summary.State == CampaignStatus.Completed && ExportHint.Of(outcome.Table, silos.Options) is { } export)
        {
            output.Result(export);
        }

        if (explain && table.Unranked is null)
        {
            output.Result("Next: try it on real data (fleet campaign run campaigns/uci-har.yaml --data DIR), or compare more of them (fleet sweep --help).");
        }

        var failed = summary.RunsFailed + summary.VariantsFailed > 0;
        if (failed || summary.State is CampaignStatus.Failed or CampaignStatus.Cancelled)
        {
            output.Warn(failed
                ? $"{summary.VariantsFailed} of {summary.Variants} variants and {summary.RunsFailed} of {summary.Runs} runs failed. Why:"
                    + $" fleet campaign show {id}{silos.Options}"
                : $"The campaign was {summary.State.Word()}. See: fleet campaign show {id}{silos.Options}");
            foreach (var note in detail.Notes)
            {
                output.Warn(note);
            }

            return ExitCodes.Failed;
        }

        if (table.Unranked is { } unranked && summary.EndedAt is not null)
        {
            output.Warn($"{unranked.Text} Why, and what to do: fleet why {id}{silos.Options}");
            return ExitCodes.Failed;
        }

        if (summary.State == CampaignStatus.Paused)
        {
            output.Warn($"The campaign was paused. Resume it: fleet campaign resume {id}{silos.Options}");
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
            return new CommandFailedException(ExitCodes.Interrupted, "Interrupted: the campaign is paused and nothing runs.", $"Resume it: {again}");
        }

        return new CommandFailedException(
            ExitCodes.Interrupted,
            $"Detached: the campaign continues in the silo at {session.Silo.Address.Http}.",
            $"Follow it: fleet campaign watch {campaign}{silos.Options}; stop it: fleet campaign cancel {campaign}{silos.Options}"
                + (session.MoreToCome ? $"; continue with the benchmarks after it: {again}" : ""));
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

    /// <summary>How a campaign came to rest, and where its files went.</summary>
    private sealed record Outcome(CampaignDetail Detail, ResultRow[] Rows, CampaignTable Table, string? OutFolder, bool Explain);

    private sealed class Session(SiloConnection silo) : IAsyncDisposable
    {
        public SiloConnection Silo { get; private set; } = silo;

        public string? Campaign { get; set; }

        /// <summary>Campaigns of the suite have not been started yet.</summary>
        public bool MoreToCome { get; set; }

        public async Task ReplaceAsync(SiloConnection next)
        {
            await Silo.DisposeAsync().ConfigureAwait(false);
            Silo = next;
        }

        public ValueTask DisposeAsync() => Silo.DisposeAsync();
    }
}
