using Fleet.Campaigns.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Storage.Sqlite;

/// <summary>Registers the ports that a database file of SQLite implements.</summary>
public static class SqliteStorage
{
    /// <summary>States, results and lists in one file. A clock and logging are expected to be registered.</summary>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, SqliteStorageOptions options) => services
        .AddSingleton(provider => Open(options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SqliteDatabase>>()))
        .AddSingleton(options)
        .AddSingleton<SqliteWriter>()
        .AddSingleton<IStateStore, SqliteStateStore>()
        .AddSingleton<IResultStore, SqliteResultStore>()
        .AddSingleton<IFleetIndex, SqliteFleetIndex>();

    private static SqliteDatabase Open(SqliteStorageOptions options, TimeProvider time, ILogger<SqliteDatabase> logger)
    {
        var path = Path.Combine(options.Folder, SqliteDatabase.FileName);
        foreach (var line in options.SetAsideDamaged ? DatabaseRescue.SetAsideIfDamaged(path, time.GetUtcNow()) : [])
        {
            StorageLog.Rescued(logger, line);
        }

        return new SqliteDatabase(path);
    }
}
