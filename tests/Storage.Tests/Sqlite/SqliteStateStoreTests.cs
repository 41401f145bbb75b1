using Fleet.Campaigns.Ports;
using Fleet.Silo.Tests.Running;
using Fleet.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Storage.Tests.Sqlite;

public sealed class SqliteStateStoreTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private SqliteDatabase database = null!;
    private SqliteWriter writer = null!;

    public ValueTask InitializeAsync()
    {
        database = new SqliteDatabase(folder["fleet.db"]);
        writer = new SqliteWriter(database);
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        database.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_state_is_read_as_it_was_written_and_its_version_grows_with_each_write()
    {
        var store = Store();
        Assert.Null(await store.ReadAsync("device/one", "lease"));
        Assert.Equal(1, await store.WriteAsync("device/one", "lease", "a"u8.ToArray(), null));
        Assert.Equal(2, await store.WriteAsync("device/one", "lease", "b"u8.ToArray(), 1));

        var stored = (await store.ReadAsync("device/one", "lease"))!;
        Assert.Equal(2, stored.Version);
        Assert.Equal("b"u8.ToArray(), stored.Payload.ToArray());
        Assert.Null(await store.ReadAsync("device/one", "other"));
        Assert.Null(await store.ReadAsync("device/two", "lease"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1L)]
    [InlineData(3L)]
    public async Task Who_holds_another_version_changes_nothing_and_learns_which_is_stored(long? held)
    {
        var store = Store();
        await store.WriteAsync("g", "s", "a"u8.ToArray(), null);
        await store.WriteAsync("g", "s", "b"u8.ToArray(), 1);

        var write = await Assert.ThrowsAsync<StateConflictException>(() => store.WriteAsync("g", "s", "c"u8.ToArray(), held));
        var clear = await Assert.ThrowsAsync<StateConflictException>(() => store.ClearAsync("g", "s", held));
        Assert.Equal((2, 2), (write.Stored, clear.Stored));
        Assert.Equal("b"u8.ToArray(), (await store.ReadAsync("g", "s"))!.Payload.ToArray());
    }

    [Fact]
    public async Task What_was_cleared_is_gone_and_can_be_written_anew()
    {
        var store = Store();
        await store.WriteAsync("g", "s", "a"u8.ToArray(), null);
        await store.ClearAsync("g", "s", 1);

        Assert.Null(await store.ReadAsync("g", "s"));
        Assert.Null((await Assert.ThrowsAsync<StateConflictException>(() => store.WriteAsync("g", "s", default, 1))).Stored);
        Assert.Equal(1, await store.WriteAsync("g", "s", "b"u8.ToArray(), null));
    }

    [Fact]
    public async Task A_damaged_state_stays_in_its_place_until_somebody_allows_to_set_it_aside()
    {
        await Store().WriteAsync("g", "s", "broken"u8.ToArray(), null);
        var why = new FormatException("It makes no sense.");

        var error = await Assert.ThrowsAsync<StorageException>(() => Store().SetAsideAsync("g", "s", why));
        Assert.StartsWith($"The state 's' of g in {folder["fleet.db"]} is damaged: It makes no sense. ", error.Message, StringComparison.Ordinal);
        Assert.Contains("--set-aside-damaged", error.Message, StringComparison.Ordinal);
        Assert.NotNull(await Store().ReadAsync("g", "s"));

        await Store(setAsideDamaged: true).SetAsideAsync("g", "s", why);
        Assert.Null(await Store().ReadAsync("g", "s"));
        Assert.Equal("broken"u8.ToArray(), (await Store().ReadAsync("g", "s.damaged-20000101-000000"))!.Payload.ToArray());
    }

    private SqliteStateStore Store(bool setAsideDamaged = false) => new(
        database,
        writer,
        new SqliteStorageOptions { Folder = folder.Path, SetAsideDamaged = setAsideDamaged },
        new FakeTimeProvider(),
        NullLogger<SqliteStateStore>.Instance);
}
