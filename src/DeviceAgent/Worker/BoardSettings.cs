using System.Text;
using Fleet.Measurement.Boards;
using Fleet.Os.Files;

namespace Fleet.DeviceAgent.Worker;

/// <summary>
/// Settings of the board that a measurement changes. What they were is on the disk before they are changed, so that the agent can put
/// them back whatever becomes of the worker, and the next agent whatever becomes of this one.
/// </summary>
internal sealed class BoardSettings : IDisposable
{
    public const string FileName = "settings-to-restore";

    private const string Performance = "performance";
    private readonly string note;

    private BoardSettings(string note) => this.note = note;

    /// <summary>Has every core run at its full clock until the handle is disposed.</summary>
    /// <param name="note">The file that remembers what was there before.</param>
    /// <exception cref="SettingRefusedException">The board has no such setting, or this user may not change it.</exception>
    public static BoardSettings SetPerformance(BoardRoot root, string note)
    {
        const string Cpus = "sys/devices/system/cpu";
        var governors = root.Folders(Cpus, "cpu*")
            .Select(folder => root.PathOf($"{folder}/cpufreq/scaling_governor"))
            .Where(File.Exists)
            .Select(path => (Path: path, Value: File.ReadAllText(path).Trim()))
            .ToList();
        if (governors.Count == 0)
        {
            throw new SettingRefusedException(
                $"The clock cannot be set to performance: this machine has no governors under {root.PathOf(Cpus)}. Ask for clock as-is.");
        }

        var settings = new BoardSettings(note);
        DurableFile.Write(note, Encoding.UTF8.GetBytes(string.Concat(governors.Select(one => $"{one.Path}\t{one.Value}\n"))));
        try
        {
            foreach (var (path, _) in governors.Where(one => one.Value != Performance))
            {
                File.WriteAllText(path, Performance);
            }

            return settings;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            settings.Dispose();
            throw new SettingRefusedException(
                $"The clock cannot be set to performance: {error.Message} "
                + "Let the agent's user write the governors (or run it as root), or ask for clock as-is.");
        }
    }

    /// <summary>Puts back what a measurement changed and could not put back itself. Nothing to do is no error.</summary>
    /// <returns>What could not be put back, in plain words; null if all is as it was.</returns>
    public static string? Restore(string note)
    {
        try
        {
            if (!File.Exists(note))
            {
                return null;
            }

            foreach (var line in File.ReadAllLines(note))
            {
                if (line.Split('\t') is [var path, var before] && File.ReadAllText(path).Trim() != before)
                {
                    File.WriteAllText(path, before);
                }
            }

            File.Delete(note);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"A setting that a measurement changed could not be put back: {error.Message} {note} says what it was.";
        }
    }

    public void Dispose() => Restore(note);
}
