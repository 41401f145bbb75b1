using System.Diagnostics;

namespace Fleet.Cli.Tests.Support;

/// <summary>
/// Writes programs for tests to run. A file that this process has open for writing cannot be run ("Text file busy"), and a child that
/// another test starts in that moment holds it open for a while longer. So a process of its own writes it.
/// </summary>
internal static class Executable
{
    public static void Write(string path, string content)
    {
        var draft = path + ".draft";
        File.WriteAllText(draft, content);
        using var install = Process.Start("install", ["-m", "755", draft, path]);
        install.WaitForExit();
        Assert.True(install.ExitCode == 0, $"{path} could not be written: install ended with {install.ExitCode}.");
        File.Delete(draft);
    }
}
