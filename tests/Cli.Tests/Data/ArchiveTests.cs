using System.Formats.Tar;
using Fleet.Cli.Data;
using Fleet.Cli.Tests.Support;
using Fleet.Tasks.Numerics;

namespace Fleet.Cli.Tests.Data;

public sealed class ArchiveTests : IDisposable
{
    private const long Plenty = 1 << 20;

    private readonly TemporaryFolder place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public async Task Files_and_folders_of_a_zip_are_unpacked()
    {
        await UnpackAsync(ArchiveKind.Zip, Archives.Zip(("a/", []), ("a/b.txt", Archives.Text("one")), ("c\\d.txt", Archives.Text("two"))));

        Assert.Equal("one", File.ReadAllText(place["in", "a", "b.txt"]));
        Assert.Equal("two", File.ReadAllText(place["in", "c", "d.txt"]));
    }

    [Fact]
    public async Task Files_and_folders_of_a_tar_are_unpacked()
    {
        await UnpackAsync(
            ArchiveKind.TarGz, Archives.TarGz(new PaxTarEntry(TarEntryType.Directory, "./"), Archives.File("./a/b.txt", "one"), Archives.File("c.txt", "")));

        Assert.Equal("one", File.ReadAllText(place["in", "a", "b.txt"]));
        Assert.Equal("", File.ReadAllText(place["in", "c.txt"]));
    }

    [Theory]
    [InlineData("../evil.txt")]
    [InlineData("a/../../evil.txt")]
    [InlineData("/evil.txt")]
    [InlineData("..\\evil.txt")]
    [InlineData("../in-beside/evil.txt")]
    [InlineData("a/..")]
    public async Task An_entry_that_lies_outside_is_refused(string name)
    {
        var zip = await Assert.ThrowsAsync<InvalidDataException>(() => UnpackAsync(ArchiveKind.Zip, Archives.Zip((name, Archives.Text("evil")))));
        var tar = await Assert.ThrowsAsync<InvalidDataException>(() => UnpackAsync(ArchiveKind.TarGz, Archives.TarGz(Archives.File(name, "evil"))));

        Assert.Contains($"'{name}'", zip.Message);
        Assert.Contains($"'{name}'", tar.Message);
        Assert.Equal(["archive", "in"], Directory.GetFileSystemEntries(place.Path).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    public async Task Links_are_refused(TarEntryType type)
    {
        var wrong = await Assert.ThrowsAsync<InvalidDataException>(() => UnpackAsync(
            ArchiveKind.TarGz,
            Archives.TarGz(Archives.Link(type, "a", "/etc"), Archives.File("a/evil.txt", "evil"))));

        Assert.Contains("'a' is no plain file", wrong.Message);
    }

    [Fact]
    public async Task A_name_that_stands_twice_and_more_bytes_than_are_sane_are_refused()
    {
        Assert.Contains(
            "'a.txt' stands twice",
            (await Assert.ThrowsAsync<InvalidDataException>(() => UnpackAsync(ArchiveKind.Zip, Archives.Zip(("a.txt", []), ("a.txt", []))))).Message);
        Assert.Contains(
            "more than 9 bytes",
            (
                await Assert.ThrowsAsync<InvalidDataException>(
                    () => UnpackAsync(ArchiveKind.TarGz, Archives.TarGz(Archives.File("a", "12345"), Archives.File("b", "67890")), 9))).Message);
    }

    [Fact]
    public async Task Whatever_an_entry_is_called_it_stays_within_the_folder_or_is_refused()
    {
        string[] parts = ["..", ".", "a", "b.txt", "", "\\", "..\\..", " ", "C:"];
        var random = new Xoshiro256(21);
        for (var draw = 0; draw < 300; draw++)
        {
            var name = string.Join('/', Enumerable.Range(0, 1 + random.Below(5)).Select(_ => parts[random.Below(parts.Length)]));
            try
            {
                await UnpackAsync(ArchiveKind.Zip, Archives.Zip((name.Length == 0 ? "x" : name, Archives.Text("evil"))));
            }
            catch (InvalidDataException)
            {
                // Refused; what counts is where nothing lies.
            }

            Assert.Equal(["archive", "in"], Directory.GetFileSystemEntries(place.Path).Select(Path.GetFileName).Order());
        }
    }

    [Fact]
    public async Task An_archive_with_bytes_changed_or_missing_is_unpacked_within_the_folder_or_refused()
    {
        var whole = Archives.TarGz(Archives.File("a.txt", new string('a', 600)), Archives.File("b.txt", "b"));
        var random = new Xoshiro256(22);
        for (var draw = 0; draw < 100; draw++)
        {
            var changed = whole[..(1 + random.Below(whole.Length))];
            changed[random.Below(changed.Length)] ^= (byte)(1 + random.Below(255));
            try
            {
                await UnpackAsync(ArchiveKind.TarGz, changed);
            }
            catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
            {
                // Both are named as the archive's fault.
            }

            Assert.Equal(["archive", "in"], Directory.GetFileSystemEntries(place.Path).Select(Path.GetFileName).Order());
        }
    }

    private async Task UnpackAsync(ArchiveKind kind, byte[] archive, long most = Plenty)
    {
        if (Directory.Exists(place["in"]))
        {
            Directory.Delete(place["in"], recursive: true);
        }

        Directory.CreateDirectory(place["in"]);
        File.WriteAllBytes(place["archive"], archive);
        await Archive.UnpackAsync(place["archive"], kind, place["in"], most, CancellationToken.None);
    }
}
