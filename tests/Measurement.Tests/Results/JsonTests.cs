using System.Text.Json;
using Fleet.Domain.Json;
using Fleet.Domain.Measuring;
using Fleet.Measurement.Tests.Simulation;

namespace Fleet.Measurement.Tests.Results;

public sealed class JsonTests
{
    [Fact]
    public void A_measurement_survives_the_way_through_json_with_all_its_blocks()
    {
        using SimulatedBoard board = new() { OthersShare = 0.5 };
        RunMeasurement measured = new SimulatedSession(board).With("dense", 400).With("hmd", 200).Run().Measured("hmd");
        string json = JsonSerializer.Serialize(measured, MeasurementJson.Default.RunMeasurement);
        RunMeasurement read = JsonSerializer.Deserialize(json, MeasurementJson.Default.RunMeasurement)!;
        Assert.Equal(json, JsonSerializer.Serialize(read, MeasurementJson.Default.RunMeasurement));
        Assert.Equal(measured.Blocks.Count, read.Blocks.Count);
        Assert.Equal(measured.Ratio, read.Ratio);
        Assert.Equal(measured.Latency, read.Latency);
        Assert.Contains("\"validity\":\"suspect\"", json);
        Assert.Contains("\"core_wait_share\":0", json);
    }
}
