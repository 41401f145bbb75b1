using System.Diagnostics;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>A disk of a few MiB (tmpfs) on a folder, which a test can fill to the last byte. Mounting takes root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string folder;
    private readonly string ballast;

    public SmallDisk(string folder, int mebibytes)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root may mount a small disk.");
        this.folder = Directory.CreateDirectory(folder).FullName;
        ballast = Path.Combine(folder, "ballast");
        Assert.SkipUnless(
            Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m,mode=0700", "tmpfs", folder) == 0,
            "This root may not mount: the test needs CAP_SYS_ADMIN.");
    }

    public void Fill()
    {
        using var file = new FileStream(ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(page);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void MakeRoom() => File.Delete(ballast);

    // Lazily: whoever still has a file open on it keeps it until it is gone.
    public void Dispose() => Run("umount", "-l", folder);

    private static int Run(params string[] commandLine)
    {
        using var process = Process.Start(commandLine[0], commandLine[1..]);
        process.WaitForExit();
        return process.ExitCode;
    }
}
