using System.Runtime.CompilerServices;

namespace Fleet.Kernels.Simd;

/// <summary>
/// Zeroed elements at an address that is a multiple of 64 bytes and does not move. Whoever works with <see cref="Pointer"/> keeps
/// this object alive meanwhile.
/// </summary>
internal sealed unsafe class Aligned<T>
    where T : unmanaged
{
    private const int Alignment = 64;

    private readonly T[] array;

    public Aligned(int length)
    {
        Length = length;
        array = GC.AllocateArray<T>(length + (Alignment / sizeof(T)), pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref array[0]);
        Pointer = (T*)((address + Alignment - 1) / Alignment * Alignment);
    }

    public int Length { get; }

    public T* Pointer { get; }

    public Span<T> Span => new(Pointer, Length);

    public long Bytes => (long)array.Length * sizeof(T);
}
