namespace Fleet.Measurement.Boards.Collectors;

/// <summary>
/// cpufreq's governor and clock of one core, in kHz there. On a Raspberry Pi the clock is what the kernel asked for and does not show
/// throttling; <see cref="VideoCore"/>, which runs later, puts the true one in its place.
/// </summary>
public sealed class CpuFrequency(int core) : IBoardCollector
{
    private readonly string folder = $"sys/devices/system/cpu/cpu{core}/cpufreq";

    public void Collect(BoardRoot root, BoardReading into)
    {
        into.Governor = root.ReadText($"{folder}/scaling_governor");
        into.ClockHertz = 1000.0 * root.ReadNumber($"{folder}/scaling_cur_freq");

        // Where there is a turbo, the greatest clock is a hope; the base clock is what the maker promises.
        into.NominalHertz = 1000.0 * (root.ReadNumber($"{folder}/base_frequency")
            ?? root.ReadNumber($"{folder}/scaling_max_freq")
            ?? root.ReadNumber($"{folder}/cpuinfo_max_freq"));
    }
}
