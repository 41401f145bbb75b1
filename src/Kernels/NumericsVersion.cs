namespace Fleet.Kernels;

/// <summary>
/// Part of every variant's identity: raise it whenever the same recipe, data and seed would train to other bytes,
/// so that weights of the old arithmetic are never taken for those of the new.
/// </summary>
public static class NumericsVersion
{
    public const int Current = 1;
}
