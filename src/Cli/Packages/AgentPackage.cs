namespace Fleet.Cli.Packages;

/// <summary>A package that was made, and what it needs of a board.</summary>
/// <param name="Path">The tar.gz.</param>
/// <param name="Arch">arm64 | x64</param>
/// <param name="Runtime">aot | jit</param>
/// <param name="Glibc">The oldest glibc that the binary starts with, read from the binary.</param>
/// <param name="Libraries">Shared libraries that must be there.</param>
/// <param name="Cpu">What the processor must have, in the words of /proc/cpuinfo.</param>
internal sealed record AgentPackage(
    string Path, long Bytes, string Version, string Arch, string Runtime, long BinaryBytes, string Sha256, string Glibc,
    IReadOnlyList<string> Libraries, IReadOnlyList<string> Cpu);
