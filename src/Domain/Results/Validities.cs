namespace Fleet.Domain.Results;

/// <summary>As <see cref="ResultRow.Validity"/> spells them.</summary>
public static class Validities
{
    public const string Valid = "valid";
    public const string Suspect = "suspect";
    public const string Invalid = "invalid";
    public const string Failed = "failed";
}
