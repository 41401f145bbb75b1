using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fleet.Campaigns.Results;
using Fleet.Domain.Json;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Text;

namespace Fleet.Campaigns.Tests.Results;

/// <summary>
/// Every field of the measurement that an agent sends, with every value that it must not have. A field that is added without a line in
/// <see cref="Fields"/> fails here: say what it may hold, and have <see cref="MeasurementCheck"/> hold it to that.
/// </summary>
public sealed class MeasurementTableTests
{
    /// <summary>What a value may be besides the right one: Null, Absent, Negative, Text (of any length and characters: it is cut and made plain).</summary>
    private static readonly Dictionary<string, string> Fields = new()
    {
        ["metric"] = "",
        ["metric.name"] = "",
        ["metric.value"] = "Null Absent",
        ["metric.low"] = "Null Absent",
        ["metric.high"] = "Null Absent",
        ["metric.samples"] = "Absent",
        ["latency"] = "",
        ["latency.cold"] = "Null Absent",
        ["latency.mean"] = "Null Absent",
        ["latency.p50"] = "Null Absent",
        ["latency.p50_low"] = "Null Absent",
        ["latency.p50_high"] = "Null Absent",
        ["latency.p90"] = "Null Absent",
        ["latency.p90_low"] = "Null Absent",
        ["latency.p90_high"] = "Null Absent",
        ["latency.p95"] = "Null Absent",
        ["latency.p99"] = "Null Absent",
        ["latency.n"] = "",
        ["latency.batch_size"] = "",
        ["latency.batched"] = "Absent",
        ["ratio"] = "Null Absent",
        ["ratio.value"] = "",
        ["ratio.low"] = "Null Absent",
        ["ratio.high"] = "Null Absent",
        ["ratio.rounds"] = "",
        ["model_bytes"] = "Absent",
        ["model_resident_bytes"] = "Null Absent",
        ["peak_rss_bytes"] = "Null Absent",
        ["energy_millijoules"] = "Null Absent",
        ["energy_source"] = "Null Absent Word",
        ["validity"] = "",
        ["reasons"] = "",
        ["reasons[].code"] = "",
        ["reasons[].count"] = "Null Absent",
        ["reasons[].total"] = "Null Absent",
        ["reasons[].detail"] = "Null Absent Text",
        ["blocks"] = "",
        ["blocks[].round"] = "",
        ["blocks[].position"] = "",
        ["blocks[].attempt"] = "Absent",
        ["blocks[].start_seconds"] = "",
        ["blocks[].seconds"] = "",
        ["blocks[].inferences"] = "",
        ["blocks[].mean_microseconds"] = "",
        ["blocks[].median_microseconds"] = "Null Absent",
        ["blocks[].validity"] = "",
        ["blocks[].reasons"] = "",
        ["blocks[].reasons[].code"] = "",
        ["blocks[].reasons[].count"] = "Null Absent",
        ["blocks[].reasons[].total"] = "Null Absent",
        ["blocks[].reasons[].detail"] = "Null Absent Text",
        ["blocks[].temperature_before_celsius"] = "Null Absent Negative",
        ["blocks[].temperature_after_celsius"] = "Null Absent Negative",
        ["blocks[].clock_ratio"] = "Null Absent",
        ["blocks[].others_cpu_share"] = "Null Absent",
        ["blocks[].core_wait_share"] = "Null Absent",
        ["blocks[].major_faults"] = "Null Absent",
        ["blocks[].involuntary_switches"] = "Null Absent",
        ["blocks[].garbage_collections"] = "Absent",
        ["blocks[].under_voltage"] = "Null Absent",
        ["blocks[].throttled"] = "Null Absent",
        ["blocks[].governor"] = "Null Absent Word",
        ["blocks[].gate_wait_seconds"] = "Absent",
        ["pin"] = "Null Absent",
        ["pin.core"] = "Null Absent",
        ["pin.isolated"] = "Absent",
        ["pin.raised_priority"] = "Absent",
        ["pin.notes"] = "",
        ["pin.notes[]"] = "Absent Text",
        ["seed"] = "",
        ["stopped_by"] = "Word",
    };

    /// <summary>JSON of each value, and which words in <see cref="Fields"/> allow it.</summary>
    private static readonly (string Kind, string? Json, string[] Allowing)[] Values =
    [
        ("null", "null", ["Null"]),
        ("absent", null, ["Absent"]),
        ("NaN", "\"NaN\"", ["Text", "Word"]),
        ("infinite", "1e999", []),
        ("minus infinite", "-1e999", []),
        ("negative", "-1", ["Negative"]),
        ("huge", "1e300", []),
        ("of another type", "[{\"x\":1}]", []),
        ("1 MB of text", $"\"{new string('x', 1 << 20)}\"", ["Text"]),
        ("half a surrogate", "\"\\ud800\"", []),
        ("terminal escapes", "\"\\u001b[31m\\r\\n\\u202e\\u200b\"", ["Text"]),
    ];

    private static readonly RunMeasurement Sound = new()
    {
        Metric = new MeasuredMetric("accuracy", 0.9, 0.87, 0.92, 300),
        Latency = new Latency
        {
            Cold = 50, Mean = 11, P50 = 10, P50Low = 9, P50High = 12, P90 = 20, P90Low = 19, P90High = 21, P95 = 25, P99 = 30, N = 1000, BatchSize = 1,
        },
        Ratio = new Ratio { Value = 0.5, Low = 0.49, High = 0.51, Rounds = 1 },
        ModelBytes = 777,
        ModelResidentBytes = 888,
        PeakRssBytes = 999,
        EnergyMillijoules = 3,
        EnergySource = "none",
        Validity = Validity.Suspect,
        Reasons = [new(ReasonCodes.OthersBusy, 1, 1, "detail")],
        Blocks =
        [
            new Block
            {
                Round = 1, Position = 0, Attempt = 0, StartSeconds = 1, Seconds = 1, Inferences = 1000, MeanMicroseconds = 11, MedianMicroseconds = 10,
                Validity = Validity.Suspect, Reasons = [new(ReasonCodes.OthersBusy, 1, 1, "detail")],
                TemperatureBeforeCelsius = 40, TemperatureAfterCelsius = 41,
                ClockRatio = 1, OthersCpuShare = 0.5, CoreWaitShare = 0.1, MajorFaults = 0, InvoluntarySwitches = 1, GarbageCollections = 0,
                UnderVoltage = false, Throttled = false, Governor = "ondemand", GateWaitSeconds = 0,
            },
        ],
        Pin = new PinResult(3, true, false, ["a note"]),
        Seed = 5,
        StoppedBy = "width reached",
    };

    [Fact]
    public void Every_field_of_a_measurement_has_its_line() =>
        Assert.Equal(PathsOf(MeasurementJson.Default.RunMeasurement, "").Order(StringComparer.Ordinal), Fields.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void A_sound_measurement_comes_through_as_it_was()
    {
        var json = MeasurementReader.Write(Sound);
        Assert.Equal(json, MeasurementReader.Write(MeasurementReader.Read(json, "uci-har")));
    }

    public static TheoryData<string> Paths => [.. Fields.Keys];

    [Theory, MemberData(nameof(Paths))]
    public void An_impossible_value_is_refused_and_a_possible_one_is_stored_plain_and_bounded(string path)
    {
        foreach (var (kind, value, allowing) in Values)
        {
            var allowed = allowing.Any(Fields[path].Split(' ').Contains);
            try
            {
                var stored = MeasurementReader.Write(MeasurementReader.Read(Encoding.UTF8.GetBytes(With(path, value)), "uci-har"));
                Assert.True(allowed, $"{path}: {kind} was taken");
                Assert.InRange(stored.Length, 1, 32_768);
                Assert.DoesNotContain("\\u001b", Encoding.UTF8.GetString(stored), StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("\\u202e", Encoding.UTF8.GetString(stored), StringComparison.OrdinalIgnoreCase);
            }
            catch (UnusableMeasurementException refused)
            {
                Assert.False(allowed, $"{path}: {kind} was refused: {refused.Message}");
                Assert.True(refused.Reason.Code is ReasonCodes.Unreadable or ReasonCodes.ImpossibleValue);
                Assert.True(PlainText.IsPlain(refused.Reason.Detail!, PlainText.MaxDetail + 32), $"{path}: {kind}: {refused.Reason.Detail}");
            }
        }
    }

    [Theory]
    [InlineData("metric.name", "\"<b>evil</b>\"", "metric.name is '<b>evil</b>', and must be accuracy")]
    [InlineData("metric.value", "2.5", "metric.value is 2.5, and must be from 0 to 1")]
    [InlineData("metric.value", "0.5", "metric.value is 0.5, less than metric.low, which is 0.87")]
    [InlineData("latency.mean", "-5", "latency.mean is -5, and must be from 0 to 1E+12")]
    [InlineData("latency.p50", "8", "latency.p50 is 8, less than latency.p50_low, which is 9")]
    [InlineData("latency.p99", "24", "latency.p99 is 24, less than latency.p95, which is 25")]
    [InlineData("latency.n", "1001", "latency.n is 1001, and must be from 0 to 1000")]
    [InlineData("ratio.value", "0.52", "ratio.high is 0.51, less than ratio.value, which is 0.52")]
    [InlineData("ratio.rounds", "2", "ratio.rounds is 2, and must be from 0 to 1")]
    [InlineData("reasons[].count", "2", "reasons.total is 1, less than reasons.count, which is 2")]
    [InlineData("reasons[].code", "\"row-unreadable\"", "reasons.code is 'row-unreadable', which cannot stand there")]
    [InlineData("blocks[].reasons[].code", "\"training-failed\"", "blocks.reasons.code is 'training-failed', which cannot stand there")]
    [InlineData("validity", "\"failed\"", "validity is 'failed', and must be valid or suspect or invalid")]
    [InlineData("blocks[].others_cpu_share", "1.5", "blocks.others_cpu_share is 1.5, and must be from 0 to 1")]
    public void A_value_that_cannot_be_is_named_with_its_field(string path, string value, string fault)
    {
        var refused = Assert.Throws<UnusableMeasurementException>(() => MeasurementReader.Read(Encoding.UTF8.GetBytes(With(path, value)), "uci-har"));
        Assert.Equal(new Reason(ReasonCodes.ImpossibleValue, Detail: fault), refused.Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"metric\":")]
    [InlineData("[1]")]
    [InlineData("\u0001")]
    public void What_is_no_measurement_is_unreadable(string json)
    {
        var refused = Assert.Throws<UnusableMeasurementException>(() => MeasurementReader.Read(Encoding.UTF8.GetBytes(json), "uci-har"));
        Assert.Equal(ReasonCodes.Unreadable, refused.Reason.Code);
    }

    [Fact]
    public void Nats_may_exceed_one_and_are_not_an_accuracy()
    {
        var json = With("metric", """{"name":"nats","value":1.6,"low":1.5,"high":1.7,"samples":100}""");
        Assert.Equal(1.6, MeasurementReader.Read(Encoding.UTF8.GetBytes(json), "char-lm").Metric.Value);
        Assert.Throws<UnusableMeasurementException>(() => MeasurementReader.Read(Encoding.UTF8.GetBytes(json), "uci-har"));
    }

    /// <summary>The sound measurement with this JSON at the path, or without the field.</summary>
    private static string With(string path, string? json)
    {
        const string mark = "\"@here@\"";
        var document = JsonSerializer.SerializeToNode(Sound, MeasurementJson.Default.RunMeasurement)!;
        var node = document;
        var parts = path.Replace("[]", ".0", StringComparison.Ordinal).Split('.');
        foreach (var part in parts[..^1])
        {
            node = part == "0" ? node![0] : node![part];
        }

        if (parts[^1] == "0")
        {
            node!.AsArray().Clear();
            if (json is not null)
            {
                node.AsArray().Add("@here@");
            }
        }
        else if (json is null)
        {
            node!.AsObject().Remove(parts[^1]);
        }
        else
        {
            node![parts[^1]] = "@here@";
        }

        return document.ToJsonString().Replace(mark, json, StringComparison.Ordinal);
    }

    private static IEnumerable<string> PathsOf(JsonTypeInfo type, string prefix)
    {
        foreach (var property in type.Properties)
        {
            foreach (var path in PathsOf(property.PropertyType, prefix + property.Name))
            {
                yield return path;
            }
        }
    }

    private static IEnumerable<string> PathsOf(Type type, string path)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var item = type.GetGenericArguments()[0];
            return item == typeof(string) ? [path, path + "[]"] : [path, .. Inside(item, path + "[].")];
        }

        return type.Assembly == typeof(Block).Assembly && type.IsClass ? [path, .. Inside(type, path + ".")] : [path];
    }

    // A reason has a converter of its own: its parts are those of its record.
    private static IEnumerable<string> Inside(Type type, string prefix) => type == typeof(Reason)
        ? typeof(Reason).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => prefix + JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))
        : PathsOf(MeasurementJson.Default.GetTypeInfo(type)!, prefix);
}
