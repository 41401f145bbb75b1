using System.Globalization;
using Fleet.DeviceAgent.Diagnostics;
using Fleet.Os.Files;
using Fleet.Protocol.V1;

namespace Fleet.DeviceAgent.Journal;

/// <summary>
/// Results on the agent's own disk: written before they are sent, forgotten when the silo's answer is final. One file a result,
/// named by a number that only grows, so that they are delivered in the order in which they were measured.
/// </summary>
internal sealed class ResultJournal
{
    private const string Extension = ".report";
    private const string Rejected = "rejected";
    private readonly string folder;
    private readonly AgentLog log;
    private readonly SortedDictionary<long, Entry> entries = [];

    // Never given twice, not even where an entry was set aside or could not be read.
    private long next = 1;

    private ResultJournal(string folder, AgentLog log)
    {
        this.folder = folder;
        this.log = log;
    }

    public int Count => entries.Count;

    /// <summary>Results without a final answer, the oldest first.</summary>
    public IEnumerable<RunReport> Pending => entries.Values.Select(entry => entry.Report);

    /// <summary>Opens the journal. An entry that is damaged is moved into <c>damaged/</c> and reported, and does not stop the others.</summary>
    public static ResultJournal Open(string folder, AgentLog log)
    {
        var journal = new ResultJournal(folder, log);
        foreach (var unfinished in Directory.GetFiles(folder, "*.tmp"))
        {
            File.Delete(unfinished);
        }

        foreach (var path in Directory.GetFiles(folder, "*" + Extension, SearchOption.AllDirectories))
        {
            journal.next = Math.Max(journal.next, (NumberOf(path) ?? 0) + 1);
        }

        foreach (var path in Directory.GetFiles(folder, "*" + Extension))
        {
            journal.Load(path);
        }

        return journal;
    }

    /// <summary>Writes the result down. Where the disk does not take it, it is kept in memory, and that is reported.</summary>
    public void Add(RunReport report)
    {
        var number = next++;
        if (TryWrite(number, report, out var path) is { } error)
        {
            log.Write(
                $"The result of run {report.Run} cannot be written to {folder}: {error.Message} "
                + "It is kept in memory and lost if the agent stops before the silo has it.");
        }

        entries.Add(number, new Entry(path, report));
    }

    /// <summary>Writes down what the disk did not take before, if it does now. Nothing to do is cheap.</summary>
    public void Secure()
    {
        foreach (var (number, entry) in entries.Where(pair => pair.Value.Path is null).ToArray())
        {
            if (TryWrite(number, entry.Report, out var path) is not null)
            {
                return;
            }

            entries[number] = entry with { Path = path };
            log.Write($"The result of run {entry.Report.Run} is on the disk now.");
        }
    }

    public RunReport? Find(string run, string session) =>
        entries.Values.FirstOrDefault(entry => entry.Matches(run, session))?.Report;

    /// <summary>Lets go of a result that has its final answer; false where there is none such.</summary>
    public bool Forget(string run, string session)
    {
        var numbers = entries.Where(pair => pair.Value.Matches(run, session)).Select(pair => pair.Key).ToArray();
        foreach (var number in numbers)
        {
            try
            {
                if (entries[number].Path is { } path)
                {
                    File.Delete(path);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                log.Write($"{entries[number].Path} was delivered but cannot be deleted: {error.Message} It will be sent again when the agent starts again.");
            }

            entries.Remove(number);
        }

        return numbers.Length > 0;
    }

    /// <summary>Takes a result out of what is to be delivered; its file is kept aside.</summary>
    /// <returns>The folder where it is kept; null where there is no such result.</returns>
    public string? Reject(string run, string session)
    {
        var numbers = entries.Where(pair => pair.Value.Matches(run, session)).Select(pair => pair.Key).ToArray();
        foreach (var number in numbers)
        {
            try
            {
                if (entries[number].Path is { } path)
                {
                    Move(path, Rejected);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                log.Write($"{entries[number].Path} was rejected but cannot be moved aside: {error.Message} It will be sent again when the agent starts again.");
            }

            entries.Remove(number);
        }

        return numbers.Length > 0 ? Path.Combine(folder, Rejected) : null;
    }

    /// <returns>Why the disk does not take it; null where it did.</returns>
    private Exception? TryWrite(long number, RunReport report, out string? path)
    {
        path = Path.Combine(folder, number.ToString("D16", CultureInfo.InvariantCulture) + Extension);
        try
        {
            DurableFile.Write(path, stream => JournalEntry.Write(stream, report));
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            path = null;
            return error;
        }
    }

    private void Load(string path)
    {
        try
        {
            var number = NumberOf(path) ?? throw new InvalidDataException("its name is not a number");
            entries.Add(number, new Entry(path, JournalEntry.Read(File.ReadAllBytes(path))));
        }
        catch (Exception error) when (error is InvalidDataException or Google.Protobuf.InvalidProtocolBufferException)
        {
            SetAside(path, error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It may be readable next time, and is left where it is.
            log.Write($"The journal entry {path} cannot be read: {error.Message}");
        }
    }

    private void SetAside(string path, string cause)
    {
        try
        {
            var aside = Move(path, "damaged");
            log.Write($"The journal entry {path} is damaged ({cause}) and was moved to {aside}. Its run will be measured again when its lease is over.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.Write(
                $"The journal entry {path} is damaged ({cause}) and cannot be moved aside: {error.Message} "
                + "Its run will be measured again when its lease is over.");
        }
    }

    private string Move(string path, string kind)
    {
        var aside = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, kind)).FullName, Path.GetFileName(path));
        File.Move(path, aside, overwrite: true);
        return aside;
    }

    private static long? NumberOf(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private sealed record Entry(string? Path, RunReport Report)
    {
        public bool Matches(string run, string session) => Report.Run == run && Report.Session == session;
    }
}
