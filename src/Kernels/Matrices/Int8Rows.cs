namespace Fleet.Kernels.Matrices;

/// <summary>Some vectors of rows of a panel of bytes.</summary>
internal readonly unsafe struct Int8Rows(sbyte* weights, int groupBytes, int groups, float* scales, int* starts)
{
    /// <summary>Of the first group of columns.</summary>
    public sbyte* Weights => weights;

    /// <summary>From one group of columns to the next.</summary>
    public int GroupBytes => groupBytes;

    public int Groups => groups;

    public float* Scales => scales;

    /// <summary>What the sums begin with.</summary>
    public int* Starts => starts;
}
