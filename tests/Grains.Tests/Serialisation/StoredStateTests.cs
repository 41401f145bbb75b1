using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Fleet.Domain.Measuring;
using Fleet.Campaigns.Running;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Recipes;
using Fleet.Domain.Tasks;
using Fleet.Grains.Serialisation;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace Fleet.Grains.Tests.Serialisation;

public sealed class StoredStateTests
{
    /// <summary>Written by version 0.1.0, in which the specification was still a type of Orleans' own code generator.</summary>
    private const string Stored =
        "IOgg6EALc21hbGwxAcGvPIQJanNvbkBVRmxlZXQuUHJvdG9jb2wuQXBpLlRhc2tEYXRhLEZsZWV0LlByb3RvY29sQRYEeyJ0YXNrIjoidWNpLWhhciIsInRy" +
        "YWluaW5nX3NoYTI1NiI6ImFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWEiLCJ0ZXN0X3No" +
        "YTI1NiI6ImJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmIiLCJpbnB1dCI6OSwic3RlcHMi" +
        "OjEyOCwiY2xhc3NlcyI6NiwidHJhaW5pbmdfc2FtcGxlcyI6MTAwMCwidGVzdF9zYW1wbGVzIjozMDB94CEgAAUh6EBBZGRkZGRkZGRkZGRkZGRkZGRkZGRk" +
        "ZGRkZGRkZGRkZGRBC2RlbnNlOQNAW0ZsZWV0LlByb3RvY29sLlRyYWluaW5nLlJlY2lwZSxGbGVldC5Qcm90b2NvbEE2A3siY2VsbCI6ImxzdG0iLCJoaWRk" +
        "ZW4iOjY0LCJtZXRob2QiOiJkZW5zZSIsImNvbXByZXNzaW9uIjoxLCJtZXRob2RfcGFyYW1ldGVycyI6e30sInByZWNpc2lvbiI6ImZwMzIiLCJ0cmFpbmlu" +
        "ZyI6eyJlcG9jaHMiOjI1LCJiYXRjaF9zaXplIjo2NCwibGVhcm5pbmdfcmF0ZSI6MC4wMDMsImNsaXBfbm9ybSI6MSwidmFsaWRhdGlvbl9mcmFjdGlvbiI6" +
        "MC4xfX3gAR3BAeAg6EBBaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhBB2htZDkDQFtGbGVldC5Qcm90b2NvbC5UcmFpbmluZy5SZWNpcGUsRmxl" +
        "ZXQuUHJvdG9jb2xBLgN7ImNlbGwiOiJsc3RtIiwiaGlkZGVuIjo2NCwibWV0aG9kIjoiaG1kIiwiY29tcHJlc3Npb24iOjIsIm1ldGhvZF9wYXJhbWV0ZXJz" +
        "Ijp7fSwicHJlY2lzaW9uIjoiZnAzMiIsInRyYWluaW5nIjp7ImVwb2NocyI6MjUsImJhdGNoX3NpemUiOjY0LCJsZWFybmluZ19yYXRlIjowLjAwMywiY2xp" +
        "cF9ub3JtIjoxLCJ2YWxpZGF0aW9uX2ZyYWN0aW9uIjowLjF9feABHUFBMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWbg4ODBGSEgAAVBFWFyY2g9" +
        "YXJtNjRAEXJvb209bGFi4OAhIAAFIehADXdpbmRvd0ELYnVyc3RBC2FzLWlz4CDoQBNzdHJlYW1pbmfBS0EXcGVyZm9ybWFuY2Xg4OABDSHogHsUrkfhepQ/" +
        "AREBMYGAHSwEAAAAAIFADQMAAAAAAIEAAAAAAAD4P4EAjIZHAAAAAAEV4AEHQYFkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRk" +
        "ZGRkZGRkZGRkZGRkZGRkZGRkZGRkQQlib3Ro4EENcGF1c2VkIYAAoPFGaNfeCIEAAAAAAAAAAODBASEg4ODBAeA=";

    /// <summary>As version 1 of the states keeps it. Whatever comes must read it.</summary>
    private const string Kept = """
        {"version":1,"state":{"specification":{"name":"small","data":{"task":"uci-har",
        "training_sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "test_sha256":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","input":9,"steps":128,"classes":6,"training_samples":1000,
        "test_samples":300},"variants":[{"key":"dddddddddddddddddddddddddddddddd","name":"dense","recipe":{"cell":"lstm","hidden":64,"method":"dense",
        "compression":1,"method_parameters":{},"precision":"fp32","training":{"epochs":25,"batch_size":64,"learning_rate":0.003,"clip_norm":1,
        "validation_fraction":0.1}},"seed":7,"dense":null},{"key":"hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh","name":"hmd","recipe":{"cell":"lstm","hidden":64,
        "method":"hmd","compression":2,"method_parameters":{},"precision":"fp32","training":{"epochs":25,"batch_size":64,"learning_rate":0.003,"clip_norm":1,
        "validation_fraction":0.1}},"seed":7,"dense":"0123456789abcdef0123456789abcdef"}],"reference":"dense","devices":["arch=arm64","room=lab"],
        "conditions":[{"mode":"window","phase":"burst","clock":"as-is"},{"mode":"streaming","phase":"burst","clock":"performance"}],"replicates":3,
        "measuring":{"ratio_width":0.02,"min_rounds":4,"max_rounds":12,"time_limit":"00:00:07","block":"00:00:00.0200000","gate_celsius":1.5,
        "gate_limit":"00:02:00","invalid_retries":5},"priority":-2,"digest":"dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd",
        "suite":"both","patience":"00:15:00","claims":"hmd"},"status":"paused","created_at":"2026-07-01T12:00:00+00:00","ended_at":null,"devices":[],
        "reason":null,"departures":[]}}
        """;

    [Fact]
    public void A_campaign_that_version_0_1_0_stored_in_binary_form_is_read_in_full()
    {
        var read = Read(Convert.FromBase64String(Stored));

        Assert.Equal((State.Status, State.CreatedAt), (read.Status, read.CreatedAt));
        AssertEqual(State.Specification! with { Claims = null }, read.Specification!);
    }

    [Fact]
    public void A_campaign_is_kept_as_json_of_version_1()
    {
        var kept = Services.GetRequiredService<IGrainStorageSerializer>().Serialize(State);

        Assert.Equal(Kept.ReplaceLineEndings(""), kept.ToString());
        AssertEqual(State.Specification!, Read(kept.ToArray()).Specification!);
    }

    [Theory]
    [InlineData("""{"version":2,"state":{}}""", "It is of version 2; this silo reads version 1. Start a newer one.")]
    [InlineData("""{"state":{}}""", "It has no version and state.")]
    [InlineData("""{"version":1,"state":null}""", "Its state is null.")]
    public void A_state_that_is_none_says_so(string json, string message) =>
        Assert.Equal(message, Assert.Throws<JsonException>(() => Read(Encoding.UTF8.GetBytes(json))).Message);

    [Fact]
    public void What_is_sent_comes_back_with_every_property_and_stays_as_it_is_within_a_silo()
    {
        var serializer = Services.GetRequiredService<Serializer>();

        AssertEqual(State.Specification!, serializer.Deserialize<CampaignSpecification>(serializer.SerializeToArray(State.Specification!))!);
        Assert.Same(State.Specification, Services.GetRequiredService<DeepCopier>().Copy(State.Specification!));
    }

    /// <summary>Every property has a value that is not its default, so that none is forgotten on the way.</summary>
    [Fact]
    public void No_property_of_the_sample_has_its_default() => Assert.Empty(
        from value in (object[])
        [
            State.Specification!,
            State.Specification!.Variants[1],
            State.Specification!.Conditions[1] with { Cores = CoreChoice.Big },
            State.Specification!.Measuring,
        ]
        let plain = RuntimeHelpers.GetUninitializedObject(value.GetType())
        let usual = value is MeasuringSpecification ? new MeasuringSpecification() : plain
        from property in value.GetType().GetProperties().Where(property => property.CanWrite)
        // Of an enum of one value there is no other.
        where !property.PropertyType.IsEnum || property.PropertyType.GetEnumNames().Length > 1
        where Equals(property.GetValue(value), property.GetValue(usual)) || Equals(property.GetValue(value), property.GetValue(plain))
        select $"{value.GetType().Name}.{property.Name}");

    private static void AssertEqual(CampaignSpecification expected, CampaignSpecification actual) =>
        Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(actual));

    private static CampaignState Read(byte[] bytes) =>
        Services.GetRequiredService<IGrainStorageSerializer>().Deserialize<CampaignState>(BinaryData.FromBytes(bytes))!;

    private static ServiceProvider Services { get; } = new ServiceCollection().AddGrainSerialization().BuildServiceProvider();

    private static CampaignState State { get; } = new()
    {
        Specification = new CampaignSpecification
        {
            Name = "small",
            Data = new TaskData
            {
                Task = "uci-har",
                TrainingSha256 = new string('a', 64),
                TestSha256 = new string('b', 64),
                Input = 9,
                Steps = 128,
                Classes = 6,
                TrainingSamples = 1000,
                TestSamples = 300,
            },
            Variants =
            [
                Variant("dense", 1, null),
                Variant("hmd", 2, "0123456789abcdef0123456789abcdef"),
            ],
            Reference = "dense",
            Devices = ["arch=arm64", "room=lab"],
            Conditions =
            [
                new Condition(InferenceMode.Window, MeasuringPhase.Burst, ClockPolicy.AsIs),
                new Condition(InferenceMode.Streaming, MeasuringPhase.Burst, ClockPolicy.Performance),
            ],
            Replicates = 3,
            Measuring = new MeasuringSpecification
            {
                RatioWidth = 0.02,
                MinRounds = 4,
                MaxRounds = 12,
                TimeLimit = TimeSpan.FromSeconds(7),
                Block = TimeSpan.FromMilliseconds(20),
                GateCelsius = 1.5,
                GateLimit = TimeSpan.FromMinutes(2),
                InvalidRetries = 5,
            },
            Priority = -2,
            Claims = CampaignSpecification.HmdClaims,
            Digest = new string('d', 64),
            Suite = "both",
        },
        Status = CampaignStatus.Paused,
        CreatedAt = new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero),
    };

    private static VariantSpecification Variant(string method, double compression, string? dense) => new()
    {
        Key = new string(method[0], 32),
        Name = method,
        Recipe = new Recipe { Cell = "lstm", Hidden = 64, Method = method, Compression = compression, Precision = "fp32", Training = new() },
        Seed = 7,
        Dense = dense,
    };
}
