using System.Numerics;

namespace Fleet.Training.Data;

/// <summary>Normalised sequences, [samples, steps, features], with their labels.</summary>
internal sealed record Sequences<T>(int Steps, int Features, T[] Inputs, ushort[] Labels)
    where T : unmanaged, IFloatingPointIeee754<T>;
