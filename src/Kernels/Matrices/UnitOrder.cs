namespace Fleet.Kernels.Matrices;

/// <summary>
/// The order in which packed cells keep the rows of all gates: unit by unit vector, so that all gates of a vector of units stand
/// together, [vector of units][gate][lane]. Units that do not fill a vector come last, gate by gate without gaps. So there is
/// no padding, and once a panel of <paramref name="Gates"/> vectors is summed up, its units can be put through their activations.
/// </summary>
internal readonly record struct UnitOrder(int Gates, int Units, int Lanes)
{
    /// <summary>Vectors of units, the last of which may not be full.</summary>
    public int Vectors => (Units + Lanes - 1) / Lanes;

    /// <summary>Where the rows of a vector of units begin.</summary>
    public int Start(int vector) => vector * Gates * Lanes;

    /// <summary>From one gate of a vector of units to the next.</summary>
    public int GateStride(int vector) => Math.Min(Lanes, Units - (vector * Lanes));

    public int Place(int gate, int unit)
    {
        var vector = unit / Lanes;
        return Start(vector) + (gate * GateStride(vector)) + (unit % Lanes);
    }

    /// <summary>Rows that stand gate by gate, in this order.</summary>
    public float[] Arrange(ReadOnlySpan<float> rows)
    {
        var length = rows.Length / (Gates * Units);
        var arranged = new float[rows.Length];
        for (var gate = 0; gate < Gates; gate++)
        {
            for (var unit = 0; unit < Units; unit++)
            {
                rows.Slice(((gate * Units) + unit) * length, length).CopyTo(arranged.AsSpan(Place(gate, unit) * length));
            }
        }

        return arranged;
    }
}
