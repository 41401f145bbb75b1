using Fleet.DeviceAgent.Introduction;
using Fleet.DeviceAgent.Tests.Support;
using Fleet.Measurement.Boards;

namespace Fleet.DeviceAgent.Tests.Introduction;

public sealed class TelemetryTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Readings_are_in_base_units_and_the_hottest_sensor_counts()
    {
        Write("proc/loadavg", "0.52 0.58 0.59 1/467 12345\n");
        Write("proc/meminfo", "MemTotal:        3884376 kB\nMemFree:          120000 kB\nMemAvailable:    2000000 kB\n");
        Write("sys/class/thermal/thermal_zone0/temp", "45277\n");
        Write("sys/class/thermal/thermal_zone1/temp", "51500\n");

        var values = Telemetry.Read(new BoardRoot(temporary.Path));

        Assert.Equal(51.5, values["temperature_celsius"]);
        Assert.Equal(0.52, values["load_1m"]);
        Assert.Equal(2_048_000_000, values["memory_available_bytes"]);
    }

    [Fact]
    public void What_the_board_does_not_tell_is_left_out()
    {
        Write("proc/loadavg", "what?");
        Write("proc/meminfo", "MemAvailable: much\n");

        Assert.Empty(Telemetry.Read(new BoardRoot(temporary.Path)));
    }

    private void Write(string path, string text)
    {
        var full = temporary.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
