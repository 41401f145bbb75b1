using System.Runtime.InteropServices;
using Fleet.Kernels.Simd;
using Fleet.Measurement.Boards;
using Fleet.Os.Machines;
using Fleet.Protocol;
using Fleet.Protocol.V1;

namespace Fleet.DeviceAgent.Introduction;

/// <summary>What an agent says of itself and its board.</summary>
internal static class DeviceIntroduction
{
    /// <summary>Tags that are made of what the board says of itself; people cannot give them.</summary>
    public static IReadOnlyList<string> FoundTags { get; } = ["arch", "board", "cores", "emulated", "isa", "name", "runtime"];

    /// <summary>"0.1.0"</summary>
    public static string Version { get; } = typeof(DeviceIntroduction).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>The widest vector path that the kernels use here: avx512 | avx2 | sse | neon | scalar</summary>
    public static string Isa { get; } = SimdLevels.Best switch
    {
        SimdLevel.V512 => "avx512",
        SimdLevel.V256 => "avx2",
        SimdLevel.V128 => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? "neon" : "sse",
        _ => "scalar",
    };

    /// <summary>Of this process: no copy of its state folder has it.</summary>
    private static string Instance { get; } = Guid.NewGuid().ToString();

    public static Hello Make(string device, string name, IReadOnlyDictionary<string, string> tags, BoardIdentity identity)
    {
        var hello = new Hello
        {
            ProtocolVersion = ProtocolVersion.Current,
            Device = device,
            Name = name,
            AgentVersion = Version,
            Instance = Instance,
            Board = new Fleet.Protocol.V1.Board
            {
                Model = identity.Model,
                Arch = identity.Arch,
                Isa = Isa,
                Cores = identity.Cores,
                MemoryBytes = identity.MemoryBytes,
                Os = identity.Os,
                Kernel = identity.Kernel,
                Runtime = identity.Runtime,
                Emulated = identity.Emulated,
                Machine = MachineIdentity.Current,
            },
        };
        foreach (var (key, value) in tags)
        {
            hello.Tags[key] = value;
        }

        return hello;
    }
}
