using System.Diagnostics;
using Fleet.DeviceAgent.Worker;
using Fleet.Os.Machines;

namespace Fleet.DeviceAgent.Tests.Support;

/// <summary>Worker processes: the real one, and shell scripts in its place.</summary>
internal static class Workers
{
    /// <summary>With a machine lock of its own, so that nothing else on this machine is waited for.</summary>
    public static Func<string, ProcessStartInfo> Real(string lockFolder) => plan =>
    {
        var start = AgentProgram.StartInfo("worker", "--plan", plan);
        start.Environment[MachineLock.Variable] = lockFolder;
        return WorkerProcess.WithSettledCode(start);
    };

    /// <summary>A script that finds the plan's path in $1.</summary>
    public static Func<string, ProcessStartInfo> Script(string script) => plan => new ProcessStartInfo("sh", ["-c", script, "sh", plan]);

    /// <summary>A script's command that answers a run.</summary>
    public static string Answers(string run) =>
        $$$"""echo '{"kind":"result","run":"{{{run}}}","started_at":"2026-01-02T03:04:05+00:00","measurement":{"made_by":"a script"}}';""";
}
