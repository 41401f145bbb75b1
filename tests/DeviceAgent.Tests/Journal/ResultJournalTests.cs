using Fleet.DeviceAgent.Journal;
using Fleet.DeviceAgent.Tests.Support;
using Fleet.Protocol.V1;
using Google.Protobuf;

namespace Fleet.DeviceAgent.Tests.Journal;

public sealed class ResultJournalTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();
    private readonly LogLines log = new();

    private string Folder => Directory.CreateDirectory(temporary.File("journal")).FullName;

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void What_was_written_before_a_crash_is_there_after_it_in_the_order_of_measuring()
    {
        var before = Open();
        foreach (var run in Enumerable.Range(0, 12))
        {
            before.Add(Report($"run-{run}"));
        }

        // Nothing is closed: the process died here.
        var after = Open();

        Assert.Equal(before.Pending, after.Pending);
        Assert.Equal(Enumerable.Range(0, 12).Select(run => $"run-{run}"), after.Pending.Select(report => report.Run));
        Assert.Empty(log.Lines);
    }

    [Fact]
    public void A_result_with_its_final_answer_is_forgotten_and_its_number_is_not_given_again()
    {
        var journal = Open();
        journal.Add(Report("first"));
        journal.Add(Report("second"));

        Assert.True(journal.Forget("second", "session"));
        Assert.False(journal.Forget("second", "session"));
        Assert.False(journal.Forget("first", "another session"));
        journal.Add(Report("third"));

        Assert.Equal(["first", "third"], Open().Pending.Select(report => report.Run));
        Assert.Equal(["0000000000000001.report", "0000000000000003.report"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_rejected_result_is_kept_aside_and_not_delivered_again()
    {
        var journal = Open();
        journal.Add(Report("first"));
        journal.Add(Report("second"));

        Assert.Equal(Path.Combine(Folder, "rejected"), journal.Reject("first", "session"));
        Assert.Null(journal.Reject("first", "session"));

        Assert.Equal(["second"], Open().Pending.Select(report => report.Run));
        Assert.Equal("0000000000000001.report", Path.GetFileName(Assert.Single(Directory.GetFiles(Path.Combine(Folder, "rejected")))));
    }

    [Theory]
    [InlineData("cut short")]
    [InlineData("flipped bit")]
    [InlineData("empty")]
    [InlineData("text")]
    public void A_damaged_entry_is_moved_aside_with_a_message_and_the_others_live(string damage)
    {
        var journal = Open();
        journal.Add(Report("first"));
        journal.Add(Report("second"));
        journal.Add(Report("third"));
        var path = Path.Combine(Folder, "0000000000000002.report");
        var bytes = File.ReadAllBytes(path);
        switch (damage)
        {
            case "cut short":
                bytes = bytes[..^3];
                break;
            case "flipped bit":
                bytes[^1] ^= 4;
                break;
            case "empty":
                bytes = [];
                break;
            default:
                bytes = "What is this?"u8.ToArray();
                break;
        }

        File.WriteAllBytes(path, bytes);
        var opened = Open();

        Assert.Equal(["first", "third"], opened.Pending.Select(report => report.Run));
        Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(Folder, "damaged", "0000000000000002.report")));
        Assert.Contains($"{path} is damaged", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_crash_in_the_middle_of_writing_leaves_nothing_behind()
    {
        File.WriteAllText(Path.Combine(Folder, "0000000000000001.report.0123.tmp"), "half");

        Assert.Equal(0, Open().Count);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public void Damaged_entries_keep_their_numbers()
    {
        var journal = Open();
        journal.Add(Report("first"));
        File.WriteAllText(Path.Combine(Folder, "0000000000000001.report"), "?");

        Open().Add(Report("second"));

        Assert.Equal(["0000000000000002.report"], Directory.GetFiles(Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void A_result_that_the_disk_does_not_take_is_kept_in_memory_and_told_of()
    {
        var journal = Open();
        Directory.Delete(Folder);

        journal.Add(Report("first"));

        Assert.Equal("first", Assert.Single(journal.Pending).Run);
        Assert.Contains("cannot be written", Assert.Single(log.Lines), StringComparison.Ordinal);
        Assert.True(journal.Forget("first", "session"));
    }

    [Fact]
    public void A_result_kept_in_memory_is_written_down_when_the_disk_takes_it_again()
    {
        var journal = Open();
        Directory.Delete(Folder);
        journal.Add(Report("first"));
        journal.Secure();
        Assert.Single(log.Lines);

        _ = Folder;
        journal.Secure();

        Assert.Equal("first", Assert.Single(Open().Pending).Run);
        Assert.Contains("is on the disk now", log.Lines.Last(), StringComparison.Ordinal);
    }

    private ResultJournal Open() => ResultJournal.Open(Folder, log.Writer);

    private static RunReport Report(string run) => new()
    {
        Run = run,
        Session = "session",
        Epoch = 3,
        Variant = "key",
        Measurement = ByteString.CopyFromUtf8("{\"seed\": 7}"),
    };
}
