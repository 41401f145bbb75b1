namespace Fleet.Measurement.Boards;

/// <summary>What a board is, as far as it tells.</summary>
public sealed record BoardIdentity
{
    /// <summary>The board's own name ("Raspberry Pi 4 Model B Rev 1.4"), else the CPU's.</summary>
    public required string Model { get; init; }
    /// <summary>x64 | arm64, or another architecture's name in lower case</summary>
    public required string Arch { get; init; }
    /// <summary>Cores that this process may use.</summary>
    public required int Cores { get; init; }
    public required long MemoryBytes { get; init; }
    /// <summary>"Debian GNU/Linux 12 (bookworm)"</summary>
    public required string Os { get; init; }
    public required string Kernel { get; init; }
    /// <summary>aot | jit</summary>
    public required string Runtime { get; init; }
    /// <summary>Why its latencies are not a real board's; null where nothing says so.</summary>
    public string? EmulatedBecause { get; init; }

    public bool Emulated => EmulatedBecause is not null;
}
