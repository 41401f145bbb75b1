using System.Text.Json;
using Fleet.Cli.Failures;
using Fleet.Cli.Http;
using Fleet.Domain.Results;
using Fleet.Os.Files;
using Fleet.Os.Processes;
using Fleet.Protocol;

namespace Fleet.Cli.Campaigns;

/// <summary>A campaign's results on this machine's disk. Each file is there whole or not at all.</summary>
internal static class ResultFiles
{
    public const string Results = "results.json";
    public const string Report = "report.html";

    /// <summary>Makes sure, before any work is done, that <paramref name="folder"/> can be written.</summary>
    public static void Prepare(string folder) => Guard(folder, () =>
    {
        Directory.CreateDirectory(folder);
        var probe = Path.Combine(folder, $".fleet-{Guid.NewGuid():N}");
        File.WriteAllBytes(probe, []);
        File.Delete(probe);
    });

    public static async Task WriteAsync(string folder, string campaign, IReadOnlyList<ResultRow> rows, SiloClient client, CancellationToken cancel)
    {
        Write(Path.Combine(folder, Results), JsonSerializer.SerializeToUtf8Bytes([.. rows], ProtocolJson.Indented.ResultRowArray));
        Write(Path.Combine(folder, Report), await client.ReportAsync(campaign, cancel).ConfigureAwait(false));
    }

    /// <exception cref="CommandFailedException">It cannot be written.</exception>
    public static void Write(string path, ReadOnlyMemory<byte> content) => Guard(path, () =>
    {
        var draft = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            File.WriteAllBytes(draft, content.Span);
            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    });

    private static void Guard(string path, Action write)
    {
        try
        {
            write();
        }
        catch (IOException error) when (DiskSpace.IsExhausted(error))
        {
            throw new CommandFailedException(
                ExitCodes.Failed, $"{path} cannot be written: {error.Message}", "Free some space, or give another place with --out.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.Usage($"{path} cannot be written: {error.Message}");
        }
    }
}
