using System.Diagnostics;

namespace Fleet.Os.Processes;

/// <summary>The programs of the product, and how one finds another: they lie side by side, one folder each.</summary>
public sealed record FleetProgram(string Folder, string Assembly)
{
    /// <summary>Names the folder that holds the programs' folders where that is not the one beside the caller's.</summary>
    public const string Variable = "FLEET_PROGRAMS";

    public static FleetProgram Silo { get; } = new("Fleet.Silo", "fleet-silo");

    public static FleetProgram Agent { get; } = new("Fleet.DeviceAgent", "fleet-agent");

    public static FleetProgram Trainer { get; } = new("Fleet.Trainer", "fleet-trainer");

    /// <summary>
    /// How to start the program: its assembly on the dotnet host where the caller runs on one, else its own binary. A caller that is a
    /// binary itself may stand on a machine that has no dotnet.
    /// </summary>
    /// <exception cref="FileNotFoundException">It is not beside the caller; the message says where it was looked for.</exception>
    public ProcessStartInfo StartInfo(params IEnumerable<string> arguments)
    {
        var root = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
            ? given
            : Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, ".."));
        var assembly = Path.Combine(root, Folder, Assembly + ".dll");
        var binary = Path.Combine(root, Folder, Assembly);
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : null;
        if (File.Exists(binary) && (host is null || !File.Exists(assembly)))
        {
            return new ProcessStartInfo(binary, arguments);
        }

        return File.Exists(assembly)
            ? new ProcessStartInfo(host ?? "dotnet", [assembly, .. arguments])
            : throw new FileNotFoundException(
                $"{Assembly} was not found in {Path.Combine(root, Folder)}. "
                + $"Build the product with ./fleet, or set {Variable} to the folder of the programs.",
                assembly);
    }
}
