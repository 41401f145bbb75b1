using Fleet.Measurement.Boards;
using Fleet.Measurement.Boards.Collectors;

namespace Fleet.Measurement.Tests.Simulation;

/// <summary>
/// A board that is a folder, a virtual clock, and laws of how they move together: work heats, waiting cools, throttling slows down. Tests
/// change its properties while a session runs.
/// </summary>
internal sealed class SimulatedBoard : IBoardCollector, IDisposable
{
    private const int Cores = 4;
    private const double TicksPerSecond = 100;

    private readonly string folder = Directory.CreateTempSubdirectory("fleet-board-").FullName;
    private readonly List<(double Seconds, Action Change)> script = [];
    private double ownSeconds;
    private double othersSeconds;
    private double waitSeconds;
    private bool hasFirmware;

    public SimulatedBoard()
    {
        Clock.Passed = Pass;
        Root = new BoardRoot(folder, Path.Combine(folder, "bin"));
    }

    public VirtualClock Clock { get; } = new();

    public BoardRoot Root { get; }

    public Board Board => new(Root, [this, .. BoardCollectors.All(core: 3)]);

    public double Celsius { get; set; } = 45;

    /// <summary>Degrees that a second of work adds.</summary>
    public double HeatingPerSecond { get; set; }

    /// <summary>Degrees that a second of waiting takes away, down to 45.</summary>
    public double CoolingPerSecond { get; set; }

    /// <summary>Share of the other cores that others use.</summary>
    public double OthersShare { get; set; }

    /// <summary>Share of the time in which another process holds the measured core.</summary>
    public double CoreWaitShare { get; set; }

    public double ClockHertz { get; set; } = 1.5e9;

    public long MajorFaults { get; set; }

    public string Governor { get; set; } = "ondemand";

    public ThrottleBits Throttle { get; set; }

    /// <summary>Everything takes this many times as long.</summary>
    public double Slowness { get; set; } = 1;

    /// <summary>Slowness as a function of the time in seconds, on top of <see cref="Slowness"/>.</summary>
    public Func<double, double> Drift { get; set; } = _ => 1;

    /// <summary>Makes the board one with a Raspberry Pi's firmware, which answers from files.</summary>
    public SimulatedBoard WithFirmware()
    {
        string bin = Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName;
        string command = Path.Combine(bin, "vcgencmd");
        File.WriteAllText(command, $"#!/bin/sh\ncat '{folder}/firmware/'\"$1\"\n");
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("a board's commands are shell scripts here");
        }

        File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        hasFirmware = true;
        return this;
    }

    /// <summary>Something that happens at a time of the virtual clock.</summary>
    public void At(double seconds, Action change) => script.Add((seconds, change));

    /// <summary>Runs one inference that takes this long on a board at rest.</summary>
    public void Work(double microseconds) => Clock.Work(microseconds * Slowness * Drift(Clock.Seconds));

    /// <summary>Writes the folder as it stands now: the first thing that happens when the board is read.</summary>
    public void Collect(BoardRoot root, BoardReading into)
    {
        Write("sys/class/thermal/thermal_zone0/temp", (Celsius * 1000).ToString("F0"));
        Write("sys/devices/system/cpu/cpu3/cpufreq/scaling_governor", Governor);
        Write("sys/devices/system/cpu/cpu3/cpufreq/scaling_cur_freq", (ClockHertz / 1000).ToString("F0"));
        Write("sys/devices/system/cpu/cpu3/cpufreq/scaling_max_freq", "1500000");
        long own = (long)(ownSeconds * TicksPerSecond), others = (long)(othersSeconds * TicksPerSecond);
        long idle = (long)(Clock.Seconds * Cores * TicksPerSecond) - own - others;
        Write("proc/stat", $"cpu  {own + others} 0 0 {idle} 0 0 0 0 0 0\ncpu0 1 2 3 4\n");
        Write("proc/self/stat", $"77 (a (odd) name) R 1 77 77 0 -1 4194560 900 0 {MajorFaults} 0 {own} 0 0 0 20 0 9 0");
        Write("proc/thread-self/schedstat", $"{ownSeconds * 1e9:F0} {waitSeconds * 1e9:F0} 12");
        Write("proc/thread-self/status", "Name:\tfleet\nvoluntary_ctxt_switches:\t5\nnonvoluntary_ctxt_switches:\t7\n");
        if (hasFirmware)
        {
            Write("firmware/get_throttled", $"throttled=0x{(uint)Throttle:x}\n");
            Write("firmware/measure_clock", $"frequency(48)={ClockHertz:F0}\n");
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Pass(double nanoseconds, bool working)
    {
        double seconds = nanoseconds / 1e9;
        ownSeconds += working ? seconds : 0;
        othersSeconds += seconds * OthersShare * Cores;
        waitSeconds += working ? seconds * CoreWaitShare : 0;
        Celsius = working ? Celsius + (HeatingPerSecond * seconds) : Math.Max(45, Celsius - (CoolingPerSecond * seconds));
        while (script.Count > 0 && script[0].Seconds <= Clock.Seconds)
        {
            Action change = script[0].Change;
            script.RemoveAt(0);
            change();
        }
    }

    private void Write(string path, string text)
    {
        string full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
