using Fleet.Silo.Hosting;
using Microsoft.Data.Sqlite;

namespace Fleet.Silo.Storage;

/// <summary>The state folder's database file: how connections to it are opened, and its schema.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly string connectionString;

    /// <exception cref="SiloException">The file is not a database of Fleet's, or of a newer Fleet's.</exception>
    public SqliteDatabase(string path)
    {
        Path = path;
        connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 10 }.ToString();
        try
        {
            using var connection = Open();
            Execute(connection, "PRAGMA journal_mode = WAL");
            Migrations.Apply(connection, path);
        }
        catch (SqliteException error)
        {
            throw new SiloException($"The database {path} cannot be used: {error.Message} Move it away to start afresh, or choose another folder with --state.", error);
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

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Lets go of the file.</summary>
    public void Dispose()
    {
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }
}
