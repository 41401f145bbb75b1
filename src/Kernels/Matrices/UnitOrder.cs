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

    /// <summary>For each place in this order, the row of a matrix whose rows stand gate by gate.</summary>
    public int[] Sources()
    {
        var sources = new int[Gates * Units];
        for (var row = 0; row < sources.Length; row++)
        {
            sources[Place(row / Units, row % Units)] = row;
        }

        return sources;
    }

    /// <summary>Values that stand gate by gate, in this order.</summary>
    public float[] Arrange(ReadOnlySpan<float> values)
    {
        var sources = Sources();
        var arranged = new float[values.Length];
        for (var place = 0; place < arranged.Length; place++)
        {
            arranged[place] = values[sources[place]];
        }

        return arranged;
    }
}
