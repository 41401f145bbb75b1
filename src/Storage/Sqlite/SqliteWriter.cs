using System.Threading.Channels;
using Fleet.Campaigns.Ports;
using Microsoft.Data.Sqlite;

namespace Fleet.Storage.Sqlite;

/// <summary>
/// The only writer of the database. Writes that come while one transaction is being made durable go into the next one together
/// (group commit), so that many callers share one wait for the disk.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MaxBatch = 256;
    private readonly Channel<Write> queue = Channel.CreateBounded<Write>(4096);
    private readonly SqliteDatabase database;
    private readonly SqliteConnection connection;
    private readonly Task worker;

    public SqliteWriter(SqliteDatabase database)
    {
        this.database = database;
        connection = database.Open();
        worker = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Runs the write inside a transaction and returns its value once that is on disk. A write that throws changes nothing.</summary>
    /// <exception cref="OutOfSpaceException">The disk is full.</exception>
    /// <exception cref="StorageException">The file is damaged.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> write)
    {
        var request = new Write<T>(write);
        try
        {
            await queue.Writer.WriteAsync(request).ConfigureAwait(false);
        }
        catch (ChannelClosedException error)
        {
            throw new InvalidOperationException("The database is closed: the silo is stopping.", error);
        }

        try
        {
            return await request.Done.Task.ConfigureAwait(false);
        }
        catch (SqliteException error) when (database.Explain(error) is { } known)
        {
            throw known;
        }
    }

    /// <summary>Finishes what was queued.</summary>
    public async ValueTask DisposeAsync()
    {
        if (queue.Writer.TryComplete())
        {
            await worker.ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Work()
    {
        var batch = new List<Write>(MaxBatch);
        // A thread of its own may block: SQLite has no other way.
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            while (batch.Count < MaxBatch && queue.Reader.TryRead(out var write))
            {
                batch.Add(write);
            }

            Commit(batch);
        }
    }

    private void Commit(List<Write> batch)
    {
        try
        {
            using var transaction = connection.BeginTransaction();
            foreach (var write in batch)
            {
                transaction.Save("one");
                if (!write.Run(connection))
                {
                    transaction.Rollback("one");
                }

                transaction.Release("one");
            }

            transaction.Commit();
        }
        catch (Exception error)
        {
            // Where SQLite took the whole transaction back, the first failure in it is the cause, not what came after.
            var cause = batch.Select(write => write.Thrown).OfType<SqliteException>().FirstOrDefault() ?? error;
            foreach (var write in batch)
            {
                write.Fail(cause);
            }

            return;
        }

        foreach (var write in batch)
        {
            write.Succeed();
        }
    }

    private abstract class Write
    {
        /// <summary>False where it threw: its effects are taken back, the others' stand.</summary>
        public abstract bool Run(SqliteConnection connection);

        public Exception? Thrown { get; protected set; }

        public abstract void Succeed();

        public abstract void Fail(Exception error);
    }

    private sealed class Write<T>(Func<SqliteConnection, T> write) : Write
    {
        private T? value;

        public TaskCompletionSource<T> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool Run(SqliteConnection connection)
        {
            try
            {
                value = write(connection);
                return true;
            }
            catch (Exception error)
            {
                Thrown = error;
                return false;
            }
        }

        public override void Succeed()
        {
            if (Thrown is null)
            {
                Done.TrySetResult(value!);
            }
            else
            {
                Done.TrySetException(Thrown);
            }
        }

        public override void Fail(Exception error) => Done.TrySetException(Thrown is null or SqliteException ? error : Thrown);
    }
}
