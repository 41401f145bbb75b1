using System.Security.Cryptography;
using Fleet.Campaigns.Ports;
using Fleet.Storage.Folders;
using Fleet.Silo.Tests.Running;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Storage.Tests.Folders;

public sealed class FileArtefactStoreTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];
    private static readonly string Name = Convert.ToHexStringLower(SHA256.HashData(Content));
    private readonly TemporaryFolder folder = new();
    private readonly FileArtefactStore store;

    public FileArtefactStoreTests() => store = Open();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_put_is_read_again_and_seekable()
    {
        Assert.Equal(Content.Length, (await store.PutAsync(Name, new MemoryStream(Content), default)).Bytes);
        Assert.Equal(Content.Length, (await store.FindAsync(Name, default))!.Bytes);
        await using var stream = (await store.OpenReadAsync(Name, default))!;
        stream.Seek(200_000, SeekOrigin.Begin);
        Assert.Equal(Content[200_000], stream.ReadByte());
    }

    [Fact]
    public async Task Content_of_another_hash_is_not_stored()
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => store.PutAsync(Name, new MemoryStream(Content[1..]), default));
        Assert.Contains(Name, error.Message);
        await AssertNothingStored();
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing_behind()
    {
        await Assert.ThrowsAsync<IOException>(() => store.PutAsync(Name, new BrokenStream(Content[..1000]), default));
        await AssertNothingStored();
    }

    [Fact]
    public async Task A_full_disk_is_told_as_one_and_leaves_nothing_behind()
    {
        var full = new IOException("No space left on device", 28);
        var error = await Assert.ThrowsAsync<OutOfSpaceException>(() => store.PutAsync(Name, new BrokenStream(Content[..1000], full), default));
        Assert.Contains($"The disk under {folder.Path} is full", error.Message, StringComparison.Ordinal);
        await AssertNothingStored();
    }

    [Fact]
    public async Task The_same_artefact_put_by_many_at_once_is_stored_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.PutAsync(Name, new MemoryStream(Content), default)));
        Assert.Equal([store.PathOf(Name)], Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Drafts_of_a_silo_that_died_are_cleared_away()
    {
        File.WriteAllText(folder["drafts/left-over"], "x");
        _ = Open();
        Assert.Empty(Directory.GetFiles(folder["drafts"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("ABCDEF")]
    public async Task A_name_that_is_no_hash_is_refused(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => store.PutAsync(name, new MemoryStream(Content), default));
        await Assert.ThrowsAsync<ArgumentException>(() => store.OpenReadAsync(name, default));
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("truncated")]
    [InlineData("longer")]
    [InlineData("empty")]
    public async Task What_was_damaged_counts_as_missing_and_can_be_put_again(string how)
    {
        await store.PutAsync(Name, new MemoryStream(Content), default);
        byte[] damaged = how switch
        {
            "flipped" => [.. Content[..^1], (byte)(Content[^1] ^ 1)],
            "truncated" => Content[..^1],
            "longer" => [.. Content, 0],
            _ => [],
        };

        // While the silo runs, and before its start.
        foreach (var seen in new[] { store, Open() })
        {
            await File.WriteAllBytesAsync(store.PathOf(Name), damaged);
            File.SetLastWriteTimeUtc(store.PathOf(Name), DateTime.UnixEpoch);
            Assert.Null(await seen.FindAsync(Name, default));
            Assert.Null(await seen.OpenReadAsync(Name, default));

            Assert.Equal(Content.Length, (await seen.PutAsync(Name, new MemoryStream(Content), default)).Bytes);
            await using var stream = (await seen.OpenReadAsync(Name, default))!;
            Assert.Equal(Name, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream)));
        }
    }

    [Fact]
    public async Task A_sound_one_is_hashed_once_and_not_for_each_range()
    {
        await store.PutAsync(Name, new MemoryStream(Content), default);
        var (path, written) = (store.PathOf(Name), DateTime.UnixEpoch);
        File.SetLastWriteTimeUtc(path, written);
        Assert.NotNull(await store.FindAsync(Name, default));

        // Only who hashes could see this.
        await File.WriteAllBytesAsync(path, new byte[Content.Length]);
        File.SetLastWriteTimeUtc(path, written);
        Assert.NotNull(await store.FindAsync(Name, default));
        Assert.Null(await Open().FindAsync(Name, default));
    }

    private FileArtefactStore Open() => new(folder.Path, NullLogger<FileArtefactStore>.Instance);

    private async Task AssertNothingStored()
    {
        Assert.Null(await store.FindAsync(Name, default));
        Assert.Null(await store.OpenReadAsync(Name, default));
        Assert.Empty(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    private sealed class BrokenStream(byte[] beginning, IOException? error = null) : MemoryStream(beginning)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 ? read : throw error ?? new IOException("The connection was lost.");
        }
    }
}
