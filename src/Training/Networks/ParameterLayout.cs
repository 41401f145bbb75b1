using Fleet.Training.Arithmetic;

namespace Fleet.Training.Networks;

/// <summary>Where each part of a network lies in the one vector of all that is learnt: one part after the other.</summary>
internal sealed class ParameterLayout
{
    public int Count { get; private set; }

    /// <summary>Filled up with zeros, which stay zero, so that vector loops need no tail.</summary>
    public int Padded => (Count + MicroBatch.Lanes - 1) / MicroBatch.Lanes * MicroBatch.Lanes;

    /// <summary>Takes room for a part behind those that are there.</summary>
    /// <exception cref="OverflowException">The network is larger than one vector can hold.</exception>
    public Range Add(long length)
    {
        var start = Count;
        Count = checked((int)(Count + length));
        return start..Count;
    }
}
