using System.Numerics;
using Fleet.Training.Arithmetic;

namespace Fleet.Training.Networks;

/// <summary>What decides which values are dropped in one training step, beside where they stand.</summary>
/// <param name="Step">Optimiser steps done.</param>
internal readonly record struct DropoutKey(double Probability, long Seed, long Step);

/// <summary>
/// Dropout (Srivastava et al. 2014) between layers as Zaremba et al. 2014 place it: never on the recurrence, and drawn anew for
/// every time step. A value is zero with probability p and multiplied by 1 / (1 - p) otherwise, so that nothing changes when the
/// model is run. Whether it is dropped is decided by seed, training step, sample, place in the network, row and time step alone.
/// </summary>
/// <param name="place">Which of the network's dropouts it is.</param>
internal sealed unsafe class Dropout<T>(int place, int rows, int steps) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Vector = MicroBatch.Samples;
    // A draw of 64 bits decides on so many values, by 16 bits each.
    private const int Draws = 4;
    private const int DrawBits = 64 / Draws;

    private readonly AlignedBuffer<T> mask = new((long)rows * steps * Vector);

    /// <summary>Draws for these samples and multiplies: x[steps][rows, samples].</summary>
    public void Forward(DropoutKey key, ReadOnlySpan<int> samples, int count, T* x, BatchArithmetic<T> arithmetic)
    {
        Draw(key, samples, count * rows);
        Backward(count, x, arithmetic);
    }

    /// <summary>Multiplies by what was drawn last.</summary>
    public void Backward(int count, T* x, BatchArithmetic<T> arithmetic) => arithmetic.MultiplyBy(mask.Pointer, x, (long)count * rows * Vector);

    public void Dispose() => mask.Dispose();

    private void Draw(DropoutKey key, ReadOnlySpan<int> samples, int all)
    {
        // A draw below this keeps.
        var bound = (uint)Math.Round((1 - key.Probability) * (1 << DrawBits));
        var kept = T.CreateTruncating(1 / (1 - key.Probability));
        var start = Mix(Mix(Mix((ulong)key.Seed) ^ (ulong)key.Step) ^ (ulong)place);
        Span<ulong> keys = stackalloc ulong[samples.Length];
        for (var sample = 0; sample < keys.Length; sample++)
        {
            keys[sample] = Mix(start ^ (ulong)samples[sample]);
        }

        for (var row = 0; row < all; row += Draws)
        {
            var to = mask.Pointer + ((long)row * Vector);
            var there = Math.Min(Draws, all - row);
            for (var sample = 0; sample < keys.Length; sample++)
            {
                var draw = Mix(keys[sample] + ((ulong)row * 0x9E3779B97F4A7C15));
                for (var line = 0; line < there; line++, draw >>= DrawBits)
                {
                    to[(line * Vector) + sample] = (draw & ((1 << DrawBits) - 1)) < bound ? kept : T.Zero;
                }
            }
        }
    }

    // The finaliser of SplitMix64 (Steele et al. 2014).
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
