using Fleet.Os.Files;

namespace Fleet.Os.Tests.Files;

public sealed class FileLockTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void One_holder_at_a_time()
    {
        var path = temporary.File("lock");

        using (var first = FileLock.TryExclusive(path))
        {
            Assert.NotNull(first);
            Assert.Null(FileLock.TryExclusive(path));
            Assert.Null(FileLock.TryShared(path));
        }

        using var second = FileLock.TryExclusive(path);
        Assert.NotNull(second);
    }

    [Fact]
    public void A_path_that_cannot_be_opened_is_an_error_and_not_a_lock_that_somebody_holds()
    {
        Assert.Throws<DirectoryNotFoundException>(() => FileLock.TryExclusive(temporary.File("missing/lock")));
        Assert.Throws<FileNotFoundException>(() => FileLock.TryShared(temporary.File("lock")));
    }
}
