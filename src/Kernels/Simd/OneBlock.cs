using System.Runtime.CompilerServices;

namespace Fleet.Kernels.Simd;

/// <summary>A block, or a part of one, is a vector: its x is one broadcast.</summary>
internal readonly unsafe struct OneBlock<V>(V sums) : IBlocks<OneBlock<V>>
    where V : unmanaged, IVector<V>
{
    private readonly V sums = sums;

    public static int Rows => V.Lanes;

    public static int Blocks => 1;

    public static OneBlock<V> Zero => new(V.Broadcast(0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneBlock<V> MultiplyAdd(float* values, float* x, ushort* columns, OneBlock<V> sums) =>
        new(V.MultiplyAdd(V.Load(values), V.Broadcast(x[*columns]), sums.sums));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneBlock<V> operator +(OneBlock<V> left, OneBlock<V> right) => new(left.sums + right.sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => sums.Store(target);
}
