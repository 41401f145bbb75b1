namespace Fleet.EndToEnd.Tests.Support;

/// <summary>What a test needs of the machine: without it the test is skipped, and says why. ./test.sh installs it where it may.</summary>
internal static class Need
{
    public static void Command(string command, string package) => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => System.IO.File.Exists(Path.Combine(folder, command))),
        $"{command} is not installed (Debian package {package}).");

    public static void File(string path, string package) => Assert.SkipUnless(System.IO.File.Exists(path), $"{path} is not there (Debian package {package}).");

    /// <summary>QEMU, and the libraries that an ARM64 program loads.</summary>
    public static void EmulatedArm()
    {
        Command("qemu-aarch64-static", "qemu-user-static");
        File("/lib/ld-linux-aarch64.so.1", "libc6:arm64");
        File("/lib/aarch64-linux-gnu/libgcc_s.so.1", "libgcc-s1:arm64");
        File("/usr/lib/aarch64-linux-gnu/libssl.so.3", "libssl3:arm64");
    }
}
