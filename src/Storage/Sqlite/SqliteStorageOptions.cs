namespace Fleet.Storage.Sqlite;

/// <summary>Where the database lies, and what becomes of what is damaged in it.</summary>
public sealed record SqliteStorageOptions
{
    /// <summary>An existing folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Damaged parts are kept under another name, and the rest is used. Default: an error says what is damaged.</summary>
    public bool SetAsideDamaged { get; init; }
}
