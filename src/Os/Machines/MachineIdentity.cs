namespace Fleet.Os.Machines;

/// <summary>Tells processes that would disturb one another's measurements (one kernel, whatever their containers) from those that would not.</summary>
public static class MachineIdentity
{
    private const string BootIdPath = "/proc/sys/kernel/random/boot_id";

    /// <summary>Equal for all processes on one machine until it boots again.</summary>
    public static string Current { get; } = Read();

    private static string Read()
    {
        try
        {
            return File.ReadAllText(BootIdPath).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not Linux: no containers share the kernel, so its name will do.
            return Environment.MachineName;
        }
    }
}
