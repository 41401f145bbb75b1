using System.Security.Cryptography;
using Fleet.Grains.Ports;
using Fleet.Silo.Storage;
using Fleet.Silo.Tests.Running;

namespace Fleet.Silo.Tests.Storage;

public sealed class FileArtefactStoreTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];
    private static readonly string Name = Convert.ToHexStringLower(SHA256.HashData(Content));
    private readonly TemporaryFolder folder = new();
    private readonly FileArtefactStore store;

    public FileArtefactStoreTests() => store = new FileArtefactStore(folder.Path);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_put_is_read_again_and_seekable()
    {
        Assert.Equal(Content.Length, (await store.PutAsync(Name, new MemoryStream(Content), default)).Bytes);
        Assert.Equal(Content.Length, (await store.FindAsync(Name, default))!.Bytes);
        await using var stream = store.OpenRead(Name)!;
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
        var error = await Assert.ThrowsAsync<NoRoomException>(() => store.PutAsync(Name, new BrokenStream(Content[..1000], full), default));
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
        _ = new FileArtefactStore(folder.Path);
        Assert.Empty(Directory.GetFiles(folder["drafts"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("ABCDEF")]
    public async Task A_name_that_is_no_hash_is_refused(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => store.PutAsync(name, new MemoryStream(Content), default));
        Assert.Throws<ArgumentException>(() => store.OpenRead(name));
    }

    private async Task AssertNothingStored()
    {
        Assert.Null(await store.FindAsync(Name, default));
        Assert.Null(store.OpenRead(Name));
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
