using Fleet.Campaigns.Ports;
using Microsoft.Data.Sqlite;

namespace Fleet.Storage.Sqlite;

/// <summary>The state folder's database file: how connections to it are opened, and its schema.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    public const string FileName = "fleet.db";

    /// <summary>What a person can do about a damaged database.</summary>
    public const string WayOut = "To go on, start the silo with --set-aside-damaged (fleet up --set-aside-damaged): the file is kept under another name, "
        + "and what can still be read is taken over.";

    private const int Corrupt = 11; // SQLITE_CORRUPT
    private const int Full = 13; // SQLITE_FULL
    private const int NotADatabase = 26; // SQLITE_NOTADB
    private const int SharedMemorySize = 4874; // SQLITE_IOERR_SHMSIZE: the index of the write-ahead log cannot grow
    private readonly string connectionString;

    /// <exception cref="StorageException">The file is not a database of Fleet's, or of a newer Fleet's.</exception>
    public SqliteDatabase(string path)
    {
        Path = path;
        if (Directory.Exists(path) || IsEmptied(path))
        {
            var what = Directory.Exists(path) ? "a folder" : "empty, though the state folder holds artefacts of campaigns";
            throw new StorageException($"The database {path} is {what}. {WayOut} Or choose another folder with --state.");
        }

        connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 10 }.ToString();
        try
        {
            using var connection = Open();
            Execute(connection, "PRAGMA journal_mode = WAL");
            Migrations.Apply(connection, path);
        }
        catch (SqliteException error) when (IsFull(error) || !DiskHasRoom(path))
        {
            throw new StorageException($"The disk under {path} is full ({error.Message}). Free some space, or choose another folder with --state.", error);
        }
        catch (SqliteException error)
        {
            throw Unusable(path, error);
        }
    }

    public string Path { get; }

    /// <summary>A connection for the caller alone. A commit on it is on disk when it returns.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        Execute(connection, "PRAGMA synchronous = FULL");
        return connection;
    }

    /// <summary>Reads on a connection of its own. Blocks the caller's thread.</summary>
    /// <exception cref="StorageException">The file is damaged.</exception>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        try
        {
            using var connection = Open();
            return read(connection);
        }
        catch (SqliteException error) when (IsDamage(error))
        {
            throw Unusable(Path, error);
        }
    }

    /// <summary>What SQLite says of a full disk or a damaged file, in the words of the ports; null for anything else.</summary>
    public Exception? Explain(SqliteException error) =>
        IsFull(error) ? new OutOfSpaceException($"The disk under {Path} is full: nothing was stored. Free some space.", error)
        : IsDamage(error) ? Unusable(Path, error)
        : null;

    /// <summary>In words for people, with the way out.</summary>
    public static StorageException Unusable(string path, SqliteException error) => new(
        IsDamage(error)
            ? $"The database {path} is damaged: {error.Message} {WayOut} Or choose another folder with --state."
            : $"The database {path} cannot be used: {error.Message} Is it another program's? Move it away to start afresh, "
                + "or choose another folder with --state.",
        error);

    /// <summary>The file is damaged, or no database at all.</summary>
    public static bool IsDamage(SqliteException error) => error.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>
    /// It has no content where there must have been some. A silo that was killed in its first moment leaves an empty file, too, but has
    /// stored nothing by then.
    /// </summary>
    public static bool IsEmptied(string path)
    {
        var artefacts = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, "artefacts");
        return new FileInfo(path) is { Exists: true, Length: 0 } && new FileInfo(path + "-wal") is not { Exists: true, Length: > 0 }
            && Directory.Exists(artefacts) && Directory.EnumerateFiles(artefacts, "*", SearchOption.AllDirectories).Any();
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static bool IsFull(SqliteException error) => error.SqliteErrorCode == Full || error.SqliteExtendedErrorCode == SharedMemorySize;

    // A file that cannot even be begun for want of room is reported as one that cannot be opened.
    private static bool DiskHasRoom(string path) => new DriveInfo(System.IO.Path.GetDirectoryName(path)!).AvailableFreeSpace > 1 << 16;

    /// <summary>Lets go of the file.</summary>
    public void Dispose()
    {
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }
}
