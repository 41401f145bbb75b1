using Fleet.Measurement.Boards;
using Fleet.Measurement.Boards.Collectors;

namespace Fleet.Measurement.Tests.Boards;

public sealed class CollectorTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fleet-collectors-").FullName;

    [Fact]
    public void An_empty_root_leaves_everything_unknown()
    {
        BoardReading reading = new Board(Root, BoardCollectors.All()).Read();
        Assert.Empty(reading.Temperatures);
        Assert.Null(reading.HottestCelsius);
        Assert.Null(reading.Governor);
        Assert.Null(reading.ClockHertz);
        Assert.Null(reading.NominalHertz);
        Assert.Null(reading.Throttle);
        Assert.Null(reading.MachineTicks);
        Assert.Null(reading.OwnTicks);
        Assert.Null(reading.CoreWaitSeconds);
        Assert.Null(reading.MajorFaults);
        Assert.Null(reading.InvoluntarySwitches);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu")]
    [InlineData("cpu  a b c d e f g h\n")]
    [InlineData("-1")]
    [InlineData("((((")]
    [InlineData("\u0000\u0001\u0002")]
    public void Files_of_another_form_leave_everything_unknown(string text)
    {
        string[] paths =
        [
            "sys/class/thermal/thermal_zone0/temp", "sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "proc/stat", "proc/self/stat",
            "proc/thread-self/schedstat", "proc/thread-self/status",
        ];
        foreach (string path in paths.Skip(text == "-1" ? 2 : 0))
        {
            Write(path, text);
        }

        BoardReading reading = new Board(Root, BoardCollectors.All()).Read();
        Assert.Empty(reading.Temperatures);
        Assert.Null(reading.ClockHertz);
        Assert.Null(reading.MachineTicks);
        Assert.Null(reading.OwnTicks);
        Assert.Null(reading.CoreWaitSeconds);
        Assert.Null(reading.InvoluntarySwitches);
    }

    [Fact]
    public void Temperatures_come_in_degrees_and_a_sensor_that_fails_is_left_out()
    {
        Write("sys/class/thermal/thermal_zone0/temp", "48312\n");
        Write("sys/class/thermal/thermal_zone1/temp", "51000\n");
        Write("sys/class/thermal/thermal_zone2/type", "no temperature");
        BoardReading reading = Read(new ThermalZones());
        Assert.Equal(48.312, reading.Temperatures["thermal_zone0"]);
        Assert.Equal(51, reading.HottestCelsius);
        Assert.Equal(2, reading.Temperatures.Count);
    }

    [Fact]
    public void The_nominal_clock_is_the_base_clock_where_there_is_a_turbo()
    {
        Write("sys/devices/system/cpu/cpu2/cpufreq/scaling_governor", "performance\n");
        Write("sys/devices/system/cpu/cpu2/cpufreq/scaling_cur_freq", "1800000\n");
        Write("sys/devices/system/cpu/cpu2/cpufreq/cpuinfo_max_freq", "4000000\n");
        BoardReading reading = Read(new CpuFrequency(core: 2));
        Assert.Equal("performance", reading.Governor);
        Assert.Equal(1.8e9, reading.ClockHertz);
        Assert.Equal(4.0e9, reading.NominalHertz);

        Write("sys/devices/system/cpu/cpu2/cpufreq/base_frequency", "2000000\n");
        Assert.Equal(2.0e9, Read(new CpuFrequency(core: 2)).NominalHertz);
    }

    [Fact]
    public void Processor_times_leave_out_the_guests_and_count_what_was_stolen()
    {
        // user 10, nice 20, system 30, idle 400, iowait 50, irq 1, softirq 2, steal 3, guest 9 (already within user)
        Write("proc/stat", "cpu  10 20 30 400 50 1 2 3 9 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n");
        Write("proc/self/stat", "42 (a) b)) S 1 42 42 0 -1 4194304 100 0 7 0 11 12 13 14 20 0 9 0 999");
        BoardReading reading = Read(new ProcessorTimes());
        Assert.Equal((66, 516), reading.MachineTicks);
        Assert.Equal(11 + 12 + 13 + 14, reading.OwnTicks);
        Assert.Equal(7, reading.MajorFaults);
    }

    [Fact]
    public void A_threads_wait_for_its_core_comes_in_seconds()
    {
        Write("proc/thread-self/schedstat", "123456 2500000000 77\n");
        Write("proc/thread-self/status", "Name:\tx\nvoluntary_ctxt_switches:\t1\nnonvoluntary_ctxt_switches:\t42\n");
        BoardReading reading = Read(new ThreadScheduling());
        Assert.Equal(2.5, reading.CoreWaitSeconds);
        Assert.Equal(42, reading.InvoluntarySwitches);
    }

    [Fact]
    public void The_firmware_tells_throttling_and_the_true_clock()
    {
        Command("case $1 in get_throttled) echo throttled=0x50005;; measure_clock) echo 'frequency(48)=600117184';; esac");
        BoardReading reading = Read(new VideoCore());
        Assert.Equal(
            ThrottleBits.UnderVoltageNow | ThrottleBits.ThrottledNow | ThrottleBits.UnderVoltageSinceBoot | ThrottleBits.ThrottledSinceBoot, reading.Throttle);
        Assert.Equal(600_117_184, reading.ClockHertz);
        Assert.True(reading.ClockIsMeasured);
    }

    [Theory]
    [InlineData("exit 1")]
    [InlineData("echo nonsense")]
    [InlineData("echo throttled=; echo x")]
    public void A_firmware_command_that_fails_tells_nothing(string script)
    {
        Command(script);
        BoardReading reading = Read(new VideoCore());
        Assert.Null(reading.Throttle);
        Assert.Null(reading.ClockHertz);
        Assert.False(reading.ClockIsMeasured);
    }

    [Fact]
    public void A_firmware_command_that_hangs_is_given_up_and_not_asked_again()
    {
        string asked = Path.Combine(folder, "asked");
        Command($"echo x >> '{asked}'; exec sleep 60");
        VideoCore firmware = new(TimeSpan.FromMilliseconds(300));
        for (int i = 0; i < 3; i++)
        {
            BoardReading reading = new();
            firmware.Collect(Root, reading);
            Assert.Null(reading.Throttle);
        }

        Assert.Single(File.ReadAllLines(asked));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private BoardRoot Root => new(folder, Path.Combine(folder, "bin"));

    private BoardReading Read(IBoardCollector collector)
    {
        BoardReading reading = new();
        collector.Collect(Root, reading);
        return reading;
    }

    private void Command(string script)
    {
        Write("bin/vcgencmd", $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(folder, "bin/vcgencmd"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private void Write(string path, string text)
    {
        string full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
