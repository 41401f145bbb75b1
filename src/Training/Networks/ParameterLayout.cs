using Fleet.Training.Arithmetic;

namespace Fleet.Training.Networks;

/// <summary>Where each part of a network lies in the one vector of all that is learnt.</summary>
internal sealed class ParameterLayout(int input, int recurrent, int bias, int headWeight, int headBias)
{
    public Range Input => 0..input;

    public Range Recurrent => At(input, recurrent);

    public Range Bias => At(input + recurrent, bias);

    public Range HeadWeight => At(input + recurrent + bias, headWeight);

    public Range HeadBias => At(input + recurrent + bias + headWeight, headBias);

    public int Count => input + recurrent + bias + headWeight + headBias;

    /// <summary>Filled up with zeros, which stay zero, so that vector loops need no tail.</summary>
    public int Padded => (Count + Shard.Lanes - 1) / Shard.Lanes * Shard.Lanes;

    private static Range At(int start, int length) => start..(start + length);
}
