using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fleet.Measurement.Boards;

/// <summary>Finds out what board this is.</summary>
public static class BoardProbe
{
    /// <summary>ARM's own registers of the cores' part numbers, there since Linux 4.7 and never under user-mode emulation.</summary>
    private const string MidrFile = "sys/devices/system/cpu/cpu0/regs/identification/midr_el1";

    public static BoardIdentity Identify(BoardRoot root)
    {
        IReadOnlyList<KeyValuePair<string, string>> cpu = Fields(root.ReadText("proc/cpuinfo"));
        string architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        return new BoardIdentity
        {
            Model = ModelName(root, cpu),
            Arch = architecture,
            Cores = Environment.ProcessorCount,
            MemoryBytes = MemoryBytes(root),
            Os = OsName(root),
            Kernel = root.ReadText("proc/sys/kernel/osrelease") ?? Environment.OSVersion.Version.ToString(),
            Runtime = RuntimeFeature.IsDynamicCodeSupported ? "jit" : "aot",
            EmulatedBecause = root.IsMoved ? "the board's readings come from a moved root" : EmulatedBecause(root, architecture),
        };
    }

    private static string ModelName(BoardRoot root, IReadOnlyList<KeyValuePair<string, string>> cpu) =>
        root.ReadText("proc/device-tree/model")
        ?? root.ReadText("sys/firmware/devicetree/base/model")
        ?? Field(cpu, "Model")
        ?? Field(cpu, "model name")
        ?? (Field(cpu, "CPU part") is { } part ? $"CPU {Field(cpu, "CPU implementer")} part {part}" : "unknown");

    internal static string? EmulatedBecause(BoardRoot root, string architecture)
    {
        IReadOnlyList<KeyValuePair<string, string>> cpu = Fields(root.ReadText("proc/cpuinfo"));
        if (Field(cpu, "model name") is { } name && (name.Contains("QEMU TCG") || name.Contains("QEMU Virtual CPU")))
        {
            return $"the CPU calls itself {name}";
        }

        // QEMU in user mode shows the host's /proc and /sys behind a process of another architecture. Its newer versions make up
        // an ARM /proc/cpuinfo, but nothing else.
        string? kernel = root.ReadText("proc/sys/kernel/arch");
        string? modalias = root.ReadText("sys/devices/system/cpu/modalias");
        bool hostIsX86 = Field(cpu, "vendor_id") is not null
            || root.Exists("sys/devices/system/cpu/cpu0/microcode")
            || kernel is "x86_64"
            || modalias?.StartsWith("cpu:type:x86", StringComparison.Ordinal) == true;
        bool hostIsArm = root.Exists(MidrFile) || kernel is "aarch64";
        return architecture switch
        {
            "arm64" when hostIsX86 && !hostIsArm => "an arm64 process on an x86 machine (user-mode emulation)",
            "x64" when hostIsArm => "an x64 process on an ARM machine (user-mode emulation)",
            _ => null,
        };
    }

    private static long MemoryBytes(BoardRoot root)
    {
        string? total = Field(Fields(root.ReadText("proc/meminfo")), "MemTotal");
        return total is not null && long.TryParse(total.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long kibibytes)
            ? kibibytes * 1024
            : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    }

    private static string OsName(BoardRoot root)
    {
        string? line = root.ReadText("etc/os-release")?.Split('\n').FirstOrDefault(candidate => candidate.StartsWith("PRETTY_NAME=", StringComparison.Ordinal));
        return line is null ? RuntimeInformation.OSDescription : line["PRETTY_NAME=".Length..].Trim().Trim('"');
    }

    private static List<KeyValuePair<string, string>> Fields(string? text)
    {
        List<KeyValuePair<string, string>> fields = [];
        foreach (string line in (text ?? "").Split('\n'))
        {
            int colon = line.IndexOf(':');
            if (colon > 0)
            {
                fields.Add(new(line[..colon].Trim(), line[(colon + 1)..].Trim()));
            }
        }

        return fields;
    }

    private static string? Field(IReadOnlyList<KeyValuePair<string, string>> fields, string name) =>
        fields.FirstOrDefault(field => field.Key == name).Value is { Length: > 0 } value ? value : null;
}
