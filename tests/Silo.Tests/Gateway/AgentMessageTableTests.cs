using System.Net;
using System.Text.Json.Nodes;
using Fleet.Campaigns.Ports;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Results;
using Fleet.Domain.Text;
using Fleet.Grains.Contracts;
using Fleet.Protocol.Api;
using Fleet.Protocol.V1;
using Fleet.Silo.Tests.Campaigns;
using Fleet.Silo.Tests.Running;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Silo.Tests.Gateway;

/// <summary>
/// Every field of every message that an agent can send, with values that it must not have, against a silo in this process. A field that is
/// added without a line in <see cref="Fields"/> fails here: say what the silo does with it, and have <c>DoorCheck</c> or <c>HelloCheck</c> do so.
/// The measurement's own fields have a table in the grains' tests.
/// </summary>
public sealed class AgentMessageTableTests : CampaignScene
{
    private const string Refused = "refused: an agent that says so does not come in";
    private const string Bounded = "bounded: what cannot be is left out or cut, the rest is taken";
    private const string Final = "final: the report is answered for good";

    private static readonly Dictionary<string, string> Fields = new()
    {
        ["hello.protocol_version"] = Refused,
        ["hello.device"] = Refused,
        ["hello.name"] = Refused,
        ["hello.agent_version"] = Refused,
        ["hello.board"] = Refused,
        ["hello.board.model"] = Refused,
        ["hello.board.arch"] = Refused,
        ["hello.board.isa"] = Refused,
        ["hello.board.cores"] = Refused,
        ["hello.board.memory_bytes"] = Refused,
        ["hello.board.os"] = Refused,
        ["hello.board.kernel"] = Refused,
        ["hello.board.runtime"] = Refused,
        ["hello.board.emulated"] = Bounded,
        ["hello.board.machine"] = Refused,
        ["hello.tags"] = Refused,
        ["hello.session"] = Refused,
        ["hello.epoch"] = Bounded,
        ["hello.instance"] = Refused,
        ["heartbeat.state"] = Bounded,
        ["heartbeat.session"] = Bounded,
        ["heartbeat.epoch"] = Bounded,
        ["heartbeat.progress"] = Bounded,
        ["heartbeat.activity"] = Bounded,
        ["heartbeat.telemetry"] = Bounded,
        ["heartbeat.journalled"] = Bounded,
        ["work_request.undelivered"] = Bounded,
        ["run_report.run"] = Final,
        ["run_report.session"] = Final,
        ["run_report.epoch"] = Final,
        ["run_report.variant"] = Final,
        ["run_report.model_sha256"] = Final,
        ["run_report.started_at"] = Final,
        ["run_report.started_at.seconds"] = Final,
        ["run_report.started_at.nanos"] = Final,
        ["run_report.measurement"] = Final,
        ["run_report.failure"] = Final,
        ["run_report.failure_code"] = Final,
        ["session_ended.session"] = Bounded,
        ["session_ended.epoch"] = Bounded,
        ["session_ended.failure"] = Bounded,
        ["session_ended.interrupted"] = Bounded,
    };

    private const string ManyRuns = $"{File}\nseeds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]\n";

    private static readonly string Long = new('x', 1 << 20);

    [Fact]
    public void Every_field_that_an_agent_can_send_has_its_line() =>
        Assert.Equal(
            PathsOf(AgentMessage.Descriptor, "").Where(path => path.Contains('.', StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            Fields.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task An_agent_that_introduces_itself_with_what_cannot_be_is_refused_or_understood()
    {
        foreach (var path in Fields.Keys.Where(path => path.StartsWith("hello.", StringComparison.Ordinal)))
        {
            foreach (var value in Values(Field(path)))
            {
                await using var agent = FakeAgent.Open(silo);
                var hello = FakeAgent.Hello(agent.Device);
                hello.Session = "none-1";
                var message = new AgentMessage { Hello = hello };
                Set(message, path, value);
                var answer = await agent.AskAsync(message);
                Assert.True(answer.Welcome is not null || answer.Refused is not null, $"{path}: {answer}");
                if (Fields[path] == Refused && value is string or IEnumerable<KeyValuePair<string, string>>)
                {
                    Assert.NotNull(answer.Refused);
                }
            }
        }

        Assert.All(await silo.DevicesAsync(), device =>
        {
            Assert.InRange(device.Cores, 0, 1 << 16);
            Assert.InRange(device.MemoryBytes, 0, 1L << 50);
            Assert.All(
                new[] { device.Name, device.Board, device.Arch, device.Isa, device.Os, device.AgentVersion },
                text => Assert.True(PlainText.IsPlain(text, 256)));
        });
    }

    [Fact]
    public async Task Whatever_a_heartbeat_or_a_request_says_it_is_answered_and_what_is_kept_is_plain()
    {
        await using var agent = await FakeAgent.ConnectAsync(silo);
        string[] parts = ["heartbeat.", "work_request."];
        foreach (var path in Fields.Keys.Where(path => parts.Any(part => path.StartsWith(part, StringComparison.Ordinal))))
        {
            foreach (var value in Values(Field(path)))
            {
                var message = path[0] == 'h' ? new AgentMessage { Heartbeat = new Heartbeat() } : new AgentMessage { WorkRequest = new WorkRequest() };
                Set(message, path, value);
                var answer = await agent.AskAsync(message);
                Assert.Null(answer.Refused);

                var device = Assert.Single(await silo.DevicesAsync(), device => device.Device == agent.Device);
                Assert.True(PlainText.IsPlain(device.Activity, 300), path);
                Assert.InRange(device.Progress, 0, 1);
                Assert.All(device.Telemetry, reading => Assert.Matches("^[a-z][a-z0-9_]{0,63}$", reading.Key));
            }
        }
    }

    [Fact]
    public async Task Whatever_a_session_ends_with_the_stream_goes_on_and_what_is_told_of_it_is_plain()
    {
        var created = await SubmitAsync("ends");
        await using var agent = await FakeAgent.ConnectAsync(silo);
        Lease? lease = null;
        foreach (var path in Fields.Keys.Where(path => path.StartsWith("session_ended.", StringComparison.Ordinal)))
        {
            foreach (var value in Values(Field(path)))
            {
                lease ??= await agent.LeaseAsync();
                var message = new AgentMessage { SessionEnded = new SessionEnded { Session = lease.Session, Epoch = lease.Epoch, Interrupted = true } };
                Set(message, path, value);
                await agent.SayAsync(message);
                // A session that is not the one held ends nothing.
                lease = (message.SessionEnded.Session, message.SessionEnded.Epoch) == (lease.Session, lease.Epoch) ? null : lease;
            }
        }

        Assert.NotNull((await agent.AskAsync(new AgentMessage { Heartbeat = new Heartbeat() })).HeartbeatAnswer);
        var view = await silo.Services.GetRequiredService<IGrainFactory>().GetGrain<ICampaignGrain>(created.Campaign).WatchAsync(0);
        Assert.Contains(view!.Events, happened => happened.Message.Contains("[cut: 1048576 characters]", StringComparison.Ordinal));
        Assert.All(view.Events, happened => Assert.True(PlainText.IsPlain(happened.Message, PlainText.MaxDetail + 256), happened.Message));
    }

    [Fact]
    public async Task Every_report_is_answered_for_good_and_no_impossible_value_is_stored()
    {
        await using var runs = await LeasedRuns.StartAsync(silo, await silo.SubmitAsync(await silo.SubmissionAsync(ManyRuns, "liar")));
        foreach (var path in Fields.Keys.Where(path => path.StartsWith("run_report.", StringComparison.Ordinal)))
        {
            foreach (var value in Values(Field(path)))
            {
                var message = new AgentMessage { RunReport = await runs.NextAsync() };
                Set(message, path, value);
                var answer = (await runs.Agent.AskAsync(message)).ReportAnswer;
                Assert.True(answer is { Outcome: not (ReportOutcome.Retry or ReportOutcome.Unspecified) }, $"{path}: {answer}");
            }
        }

        var rows = await RowsAsync(runs.Campaign);
        Assert.Contains(rows, row => row.Validity == Validity.Failed);
        Assert.All(rows, row => Assert.InRange(row.StartedAt, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow));
        Assert.All(rows.SelectMany(row => row.Reasons), reason => Assert.True(PlainText.IsPlain(reason.Detail ?? "", PlainText.MaxDetail + 32)));
        await AnswersAsync(runs.Campaign);
    }

    [Fact]
    public async Task A_run_that_a_device_lies_about_ends_failed_with_the_field()
    {
        await using var runs = await LeasedRuns.StartAsync(silo, await silo.SubmitAsync(await silo.SubmissionAsync(ManyRuns, "lies")));
        string[] lies =
            ["{\"name\":\"<b>evil</b>\",\"value\":0.9}", "{\"name\":null}", "{\"name\":\"accuracy\",\"value\":2.5}", "{\"name\":\"accuracy\",\"value\":1e999}"];
        foreach (var metric in lies)
        {
            var report = await runs.NextAsync();
            var sound = JsonNode.Parse(report.Measurement.ToStringUtf8())!;
            sound["metric"] = "@here@";
            report.Measurement = ByteString.CopyFromUtf8(sound.ToJsonString().Replace("\"@here@\"", metric, StringComparison.Ordinal));
            await EndsFailedAsync(report, ReasonCodes.ImpossibleValue, "metric.");
        }

        // The year 9999, a time that is none, one before 1970.
        foreach (var seconds in new[] { 253_402_300_799, long.MaxValue, -62_135_596_800 })
        {
            var report = await runs.NextAsync();
            report.StartedAt = new Timestamp { Seconds = seconds };
            await EndsFailedAsync(report, ReasonCodes.ImpossibleValue, "started_at");
        }

        // What only a silo says of a run is words from a device.
        var posing = await runs.NextAsync();
        (posing.Failure, posing.FailureCode) = ("gone", ReasonCodes.RowUnreadable);
        await EndsFailedAsync(posing, ReasonCodes.Text, "gone");

        var nothing = await runs.NextAsync();
        nothing.Measurement = ByteString.CopyFromUtf8("null");
        await EndsFailedAsync(nothing, ReasonCodes.Unreadable, "null");
        var chatty = await runs.NextAsync();
        (chatty.Failure, chatty.FailureCode) = (new string('x', 3_000_000), ReasonCodes.WorkerDied);
        await EndsFailedAsync(chatty, ReasonCodes.WorkerDied, "[cut: 3000000 characters]");

        // A long run's measurement is large; what this silo does not know of it is not kept.
        var large = await runs.NextAsync();
        var padded = JsonNode.Parse(large.Measurement.ToStringUtf8())!;
        padded["later"] = new string('x', 20_000_000);
        large.Measurement = ByteString.CopyFromUtf8(padded.ToJsonString());
        Assert.Equal(Validity.Valid, (await StoredAsync(large)).Validity);
        var kept = await silo.Services.GetRequiredService<IResultStore>().MeasurementsAsync(runs.Campaign, default);
        Assert.InRange(kept[large.Run].Length, 1, 32_768);

        // A board without a battery for its clock is no liar: its run began when it was leased.
        var late = await runs.NextAsync();
        late.StartedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow.AddYears(20));
        Assert.Equal(Validity.Valid, (await StoredAsync(late)).Validity);
        await AnswersAsync(runs.Campaign);

        async Task EndsFailedAsync(RunReport report, string code, string detail)
        {
            var row = await StoredAsync(report);
            Assert.Equal(Validity.Failed, row.Validity);
            var reason = Assert.Single(row.Reasons);
            Assert.Equal(code, reason.Code);
            Assert.Contains(detail, reason.Detail, StringComparison.Ordinal);
            Assert.InRange(reason.Detail!.Length, 1, PlainText.MaxDetail + 64);
        }

        async Task<ResultRow> StoredAsync(RunReport report)
        {
            Assert.Equal(ReportOutcome.Stored, (await runs.Agent.ReportAsync(report)).Outcome);
            var row = Assert.Single(await RowsAsync(runs.Campaign), row => row.Run == report.Run);
            Assert.InRange(row.StartedAt, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow);
            return row;
        }
    }

    private async Task AnswersAsync(string campaign)
    {
        foreach (var route in new[] { ApiRoutes.CampaignResults, ApiRoutes.CampaignTable, ApiRoutes.CampaignReport })
        {
            Assert.Equal(HttpStatusCode.OK, (await silo.Http.GetAsync(ApiRoutes.Of(route, campaign))).StatusCode);
        }
    }

    private static IEnumerable<string> PathsOf(MessageDescriptor message, string prefix)
    {
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            yield return prefix + field.Name;
            if (field is { FieldType: FieldType.Message, IsMap: false })
            {
                foreach (var inner in PathsOf(field.MessageType, prefix + field.Name + "."))
                {
                    yield return inner;
                }
            }
        }
    }

    private static FieldDescriptor Field(string path)
    {
        var message = AgentMessage.Descriptor;
        var parts = path.Split('.');
        foreach (var part in parts[..^1])
        {
            message = message.FindFieldByName(part).MessageType;
        }

        return message.FindFieldByName(parts[^1]);
    }

    /// <summary>Null: absent.</summary>
    private static IEnumerable<object?> Values(FieldDescriptor field) => field switch
    {
        { IsMap: true } when field.MessageType.FindFieldByNumber(2).FieldType == FieldType.Double => [(KeyValuePair<string, double>[])
        [
            new("temperature_celsius", double.NaN), new("load_1m", double.PositiveInfinity), new("memory_available_bytes", -1),
            new(Long, 1), new("\u001b[31m", 1),
            new("Upper", 1), new("huge", 1e300), new("", 1), .. Enumerable.Range(0, 200).Select(i => new KeyValuePair<string, double>($"reading_{i}", i)),
        ]],
        { IsMap: true } => [(KeyValuePair<string, string>[])[new("key", Long)], (KeyValuePair<string, string>[])[new("\u202e", "value")]],
        { IsRepeated: true } => [(string[])["", Long, "\u001b[31m"]],
        { FieldType: FieldType.String } => [Long, "\u001b[31m\n", "\u202e\u200b", "\ud83d\ude00\u2066"],
        { FieldType: FieldType.Bytes } => [ByteString.Empty, ByteString.CopyFromUtf8("null"), ByteString.CopyFromUtf8(Long), ByteString.CopyFrom(0xff, 0xfe)],
        { FieldType: FieldType.Double } => [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1.0, 1e300],
        { FieldType: FieldType.Int32 } => [int.MinValue, int.MaxValue, -1],
        { FieldType: FieldType.UInt32 } => [uint.MaxValue, 0u],
        { FieldType: FieldType.Int64 } => [long.MinValue, long.MaxValue, -1L],
        { FieldType: FieldType.UInt64 } => [ulong.MaxValue, 0ul],
        { FieldType: FieldType.Enum } => [99],
        { FieldType: FieldType.Bool } => [true, false],
        _ => [null],
    };

    private static void Set(IMessage message, string path, object? value)
    {
        var parts = path.Split('.');
        foreach (var part in parts[..^1])
        {
            message = (IMessage)message.Descriptor.FindFieldByName(part).Accessor.GetValue(message);
        }

        var accessor = message.Descriptor.FindFieldByName(parts[^1]).Accessor;
        switch (value)
        {
            case null:
                accessor.Clear(message);
                break;
            case KeyValuePair<string, double>[] readings:
                ((MapField<string, double>)accessor.GetValue(message)).Add(readings.ToDictionary());
                break;
            case KeyValuePair<string, string>[] tags:
                ((MapField<string, string>)accessor.GetValue(message)).Add(tags.ToDictionary());
                break;
            case string[] texts:
                ((RepeatedField<string>)accessor.GetValue(message)).AddRange(texts);
                break;
            default:
                accessor.SetValue(message, value is int number && accessor.Descriptor.FieldType == FieldType.Enum ? (AgentState)number : value);
                break;
        }
    }

    /// <summary>An agent that takes sessions one after the other, and gives a sound report of each run of them.</summary>
    private sealed class LeasedRuns(FakeAgent agent, string campaign) : IAsyncDisposable
    {
        private readonly Queue<RunReport> reports = new();
        private Lease? lease;

        public FakeAgent Agent => agent;

        public string Campaign => campaign;

        public static async Task<LeasedRuns> StartAsync(RunningSilo silo, CampaignCreated created) => new(await FakeAgent.ConnectAsync(silo), created.Campaign);

        public async Task<RunReport> NextAsync()
        {
            while (reports.Count == 0)
            {
                if (lease is not null)
                {
                    await agent.SayAsync(new AgentMessage { SessionEnded = new SessionEnded { Session = lease.Session, Epoch = lease.Epoch } });
                }

                lease = await agent.LeaseAsync();
                foreach (var variant in lease.Variants.Where(variant => !variant.ReferenceOnly))
                {
                    foreach (var run in variant.Runs)
                    {
                        reports.Enqueue(FakeAgent.Report(lease, variant, run));
                    }
                }
            }

            return reports.Dequeue();
        }

        public ValueTask DisposeAsync() => agent.DisposeAsync();
    }
}
