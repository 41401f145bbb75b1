using Fleet.Os.Files;

namespace Fleet.Os.Tests.Files;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class DurableFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fleet-durable-").FullName;

    private string Path => System.IO.Path.Combine(folder, "file");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_file_is_replaced_whole()
    {
        DurableFile.Write(Path, "a long text"u8.ToArray());
        DurableFile.Write(Path, "short"u8.ToArray());

        Assert.Equal("short", File.ReadAllText(Path));
        Assert.Equal([Path], Directory.GetFiles(folder));
    }

    [Fact]
    public void A_write_that_fails_leaves_what_was_there()
    {
        DurableFile.Write(Path, "before"u8.ToArray());

        Assert.Throws<InvalidDataException>(() => DurableFile.Write(Path, stream =>
        {
            stream.Write("half"u8);
            throw new InvalidDataException();
        }));

        Assert.Equal("before", File.ReadAllText(Path));
        Assert.Equal([Path], Directory.GetFiles(folder));
    }

    [Fact]
    public void Who_may_read_it_is_so_from_the_first_moment()
    {
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        UnixFileMode? early = null;

        DurableFile.Write(Path, _ => early = File.GetUnixFileMode(Directory.GetFiles(folder).Single()), OwnerOnly);

        Assert.Equal((OwnerOnly, OwnerOnly), (early, File.GetUnixFileMode(Path)));
    }

    [Fact]
    public void A_moved_file_takes_the_place_of_another()
    {
        File.WriteAllText(Path, "old");
        File.WriteAllText(Path + ".draft", "new");

        DurableFile.Move(Path + ".draft", Path);

        Assert.Equal("new", File.ReadAllText(Path));
        Assert.Equal([Path], Directory.GetFiles(folder));
    }

    [Fact]
    public void What_a_killed_process_left_is_cleared_and_no_other_file()
    {
        var other = Path + "-other.tmp";
        File.WriteAllText(Path, "whole");
        File.WriteAllText($"{Path}.{Guid.NewGuid():N}.tmp", "half");
        File.WriteAllText(other, "another's");

        DurableFile.ClearUnfinished(Path);

        Assert.Equal([Path, other], Directory.GetFiles(folder).Order());
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named() =>
        Assert.Contains(
            folder,
            Assert.ThrowsAny<IOException>(() => DurableFile.Write(System.IO.Path.Combine(folder, "none", "file"), new byte[1])).Message,
            StringComparison.Ordinal);
}
