using System.Diagnostics;
using Fleet.Os.Processes;

namespace Fleet.DeviceAgent.Tests.Support;

/// <summary>The program as it was built, in its own folder: beside the tests it lacks the assemblies that ASP.NET has in its framework.</summary>
internal static class AgentProgram
{
    private static readonly string Assembly = Find();

    public static ProcessStartInfo StartInfo(params string[] arguments) => new("dotnet", [Assembly, .. arguments]);

    private static string Find()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var file = FleetProgram.Agent.Assembly + ".dll";

        // All programs in one folder (FleetOut), or each in its own bin/CONFIGURATION/FRAMEWORK.
        var beside = Path.Combine(own.Parent!.FullName, FleetProgram.Agent.Folder, file);
        if (File.Exists(beside))
        {
            return beside;
        }

        var root = own;
        while (!File.Exists(Path.Combine(root.FullName, "Fleet.sln")))
        {
            root = root.Parent ?? throw new DirectoryNotFoundException($"Fleet.sln was not found above {own.FullName}.");
        }

        return Path.Combine(root.FullName, "src", "DeviceAgent", "bin", own.Parent!.Name, own.Name, file);
    }
}
