using System.CommandLine;
using System.Security.Cryptography;
using Fleet.Cli.Failures;
using Fleet.Cli.Http;
using Fleet.Domain.Jobs;
using Fleet.Domain.Text;
using Fleet.Os.Processes;
using Fleet.Reports.Quantities;

namespace Fleet.Cli.Campaigns;

/// <summary>A variant that is trained, and the bytes of its model file, which have the hash that the job names.</summary>
internal sealed record TrainedVariant(JobSummary Job, ReadOnlyMemory<byte> Bytes);

/// <summary>The models that a fleet has trained, by the names that people call them by.</summary>
internal static class TrainedModels
{
    public static Option<long?> SeedOption() => new("--seed") { Description = "Of a variant with several seeds: which one", HelpName = "N" };

    /// <param name="reference">A key, the beginning of one, or a name.</param>
    /// <exception cref="CommandFailedException">There is no such variant, several have the name, it is not trained, or its model is lost.</exception>
    public static async Task<TrainedVariant> GetAsync(SiloClient client, string reference, long? seed, CancellationToken cancel)
    {
        var job = One(await CampaignReference.JobsAsync(client, reference, cancel).ConfigureAwait(false), reference, seed);
        if (job is not { State: JobStatus.Ready, ModelSha256: { } sha256 })
        {
            throw new CommandFailedException(
                ExitCodes.Failed,
                $"{job.Name} has no model: its training is {job.State.Word()}{(job.Reason is { } reason ? $" ({reason})" : "")}.",
                $"See it: fleet job show {Quantity.Short(job.Variant)}");
        }

        var bytes = await client.ArtefactAsync(sha256, cancel).ConfigureAwait(false)
            ?? throw new CommandFailedException(
                ExitCodes.Failed,
                $"The model of {job.Name} ({sha256}) is not in the silo's store any more.",
                "The next campaign that wants the variant trains it again: fleet campaign run FILE --new");
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == sha256
            ? new TrainedVariant(job, bytes)
            : throw new CommandFailedException(
                ExitCodes.Failed,
                $"The model of {job.Name} came with other bytes than its hash {sha256} says; nothing was written.",
                "Try again. If that does not help, the silo's store is damaged.");
    }

    private static JobSummary One(IReadOnlyList<JobSummary> named, string reference, long? seed)
    {
        JobSummary[] wanted = [.. named.Where(job => seed is null || job.Seed == seed)];
        return wanted switch
        {
            [var only] => only,
            [] => throw CommandFailedException.Usage($"{named[0].Name} has no seed {seed}; there {(named.Count == 1 ? "is" : "are")} {Which(named)}."),
            _ => throw CommandFailedException.Usage(
                $"'{reference}' may be any of {wanted.Length} variants: {Which(wanted)}.",
                wanted.Select(job => job.Seed).Distinct().Count() == wanted.Length
                    ? "Say which with --seed N."
                    : "Give the beginning of its key in place of its name."),
        };
    }

    private static string Which(IReadOnlyList<JobSummary> jobs) =>
        string.Join(
            ", ", jobs.Select(job => $"{Quantity.Short(job.Variant)} ({job.Task}{(job.Seed is { } seed ? $", seed {seed}" : "")}, {job.State.Word()})"));
}
