using System.Runtime.InteropServices;

namespace Fleet.Cli.Packages;

/// <summary>A kind of board that an agent is made for.</summary>
/// <param name="Arch">arm64 | x64</param>
/// <param name="Machine">What <c>uname -m</c> says there.</param>
/// <param name="ElfMachine">The number of the architecture in an ELF header.</param>
internal sealed record AgentTarget(string Arch, string Machine, ushort ElfMachine)
{
    /// <summary>Level of the x64 instruction set that an agent is made for unless told otherwise: AVX2, in every x64 processor since about 2015.</summary>
    public const string DefaultLevel = "x86-64-v3";

    public static IReadOnlyList<AgentTarget> All { get; } = [new("arm64", "aarch64", 183), new("x64", "x86_64", 62)];

    /// <summary>
    /// What each level asks of a processor, in the words of /proc/cpuinfo, a level also those before it. lzcnt is left out: some virtual machines have it and
    /// do not list it (abm).
    /// </summary>
    private static readonly (string Level, string[] Flags)[] Levels =
    [
        ("x86-64-v2", ["cx16", "popcnt", "sse4_1", "sse4_2", "ssse3"]),
        (DefaultLevel, ["avx", "avx2", "bmi1", "bmi2", "fma", "movbe"]),
        ("x86-64-v4", ["avx512bw", "avx512cd", "avx512dq", "avx512f", "avx512vl"]),
    ];

    public static IEnumerable<string> LevelNames => Levels.Select(level => level.Level);

    public string RuntimeIdentifier => $"linux-{Arch}";

    /// <summary>GNU's name, with which the names of cross tools begin.</summary>
    private string Triple => $"{Machine}-linux-gnu";

    private string DebianArch => Arch == "x64" ? "amd64" : Arch;

    private bool IsHost => RuntimeInformation.OSArchitecture.ToString().Equals(Arch, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// What compiling ahead of time for this target takes beside the SDK: commands and files, each with the Debian package that has it.
    /// Of files with several usual places, any will do.
    /// </summary>
    public IReadOnlyList<(string[] AnyOf, string Package)> Toolchain => IsHost
        ?
        [
            (["clang"], "clang"),
            (["objcopy"], "binutils"),
            ([$"/usr/lib/{Triple}/Scrt1.o", "/usr/lib64/Scrt1.o", "/usr/lib/Scrt1.o"], "libc6-dev"),
        ]
        :
        [
            (["clang"], "clang"),
            ([$"{Triple}-gcc"], $"gcc-{Triple.Replace('_', '-')}"),
            ([$"{Triple}-objcopy"], $"binutils-{Triple.Replace('_', '-')}"),
            ([$"/usr/{Triple}/lib/Scrt1.o", $"/usr/lib/{Triple}/Scrt1.o"], $"libc6-dev-{DebianArch}-cross"),
        ];

    /// <summary>What the processor must have for an agent of this level, in the words of /proc/cpuinfo. Nothing for ARM64: all of them have NEON.</summary>
    public static IEnumerable<string> FlagsOf(string level) => Levels
        .TakeWhile(one => one.Level != level)
        .Append(Levels.Single(one => one.Level == level))
        .SelectMany(one => one.Flags)
        .Order(StringComparer.Ordinal);
}
