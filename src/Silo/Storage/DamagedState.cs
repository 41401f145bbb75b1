using Microsoft.Data.Sqlite;

namespace Fleet.Silo.Storage;

/// <summary>Finds a damaged state behind what Orleans makes of it.</summary>
internal static class DamagedState
{
    /// <summary>What is damaged and the way out; null where the failure is another.</summary>
    public static string? Explain(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case DamagedStateException:
                    return cause.Message;
                case SqliteException broken when SqliteDatabase.IsDamage(broken):
                    return $"The silo's database is damaged: {broken.Message} {SqliteDatabase.WayOut}";
            }
        }

        return null;
    }
}
