using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Fleet.Grains.Campaigns;
using Fleet.Grains.Devices;
using Fleet.Grains.Ports;
using Fleet.Grains.Telemetry;
using Fleet.Protocol.Api;
using Fleet.Silo.Storage;
using Fleet.Silo.Telemetry;
using Fleet.Silo.Tests.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Silo.Tests.Telemetry;

public sealed class InstrumentTests
{
    [Fact]
    public async Task Every_instrument_has_a_unit_and_a_description_and_is_named_once()
    {
        var instruments = new ConcurrentBag<Instrument>();
        using var folder = new TemporaryFolder();
        await using var silo = await RunningSilo.StartAsync(folder.Path);
        var meters = silo.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                // Other tests' silos have the same meter.
                if (instrument.Meter.Name == FleetInstruments.MeterName && ReferenceEquals(instrument.Meter.Scope, meters))
                {
                    instruments.Add(instrument);
                }
            },
        };
        listener.Start();

        Assert.True(instruments.Count > 30);
        Assert.Distinct(instruments.Select(instrument => instrument.Name));
        Assert.All(instruments, instrument =>
        {
            Assert.Matches(@"^fleet(\.[a-z0-9]+)+$", instrument.Name);
            Assert.False(string.IsNullOrEmpty(instrument.Unit), $"{instrument.Name} has no unit.");
            Assert.EndsWith(".", instrument.Description ?? "", StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task What_has_not_happened_yet_is_told_as_zero_from_the_start()
    {
        using var folder = new TemporaryFolder();
        await using var silo = await RunningSilo.StartAsync(folder.Path);
        await using var agent = await FakeAgent.ConnectAsync(silo);

        await silo.UntilToldAsync("""fleet_runs_closed_total\{[^}]*validity="failed"[^}]*\} 0""");
        await silo.UntilToldAsync("""fleet_sessions_total\{[^}]*outcome="lost"[^}]*\} 0""");
        await silo.UntilToldAsync("""fleet_reports_total\{[^}]*outcome="rejected"[^}]*\} 0""");
        await silo.UntilToldAsync("""fleet_lease_expiries_total\{[^}]*\} 0""");
    }

    [Fact]
    public async Task A_silo_tells_nothing_of_another_silo_in_its_process_and_goes_on_when_that_one_ends()
    {
        using var folder = new TemporaryFolder();
        await using var silo = await RunningSilo.StartAsync(folder["one"]);
        await using (var other = await RunningSilo.StartAsync(folder["other"]))
        {
            other.Services.GetRequiredService<FleetInstruments>().Reported(ReportOutcome.Rejected);

            Assert.Matches("""fleet_reports_total\{[^}]*outcome="rejected"[^}]*\} 1\b""", await other.Http.GetStringAsync("/metrics"));
            Assert.Matches("""fleet_reports_total\{[^}]*outcome="rejected"[^}]*\} 0\b""", await silo.Http.GetStringAsync("/metrics"));
        }

        // An instrument that has ended is told of once more, so one report would not do.
        for (var reports = 1; reports < 4; reports++)
        {
            silo.Services.GetRequiredService<FleetInstruments>().Reported(ReportOutcome.Rejected);
            await silo.UntilToldAsync($$"""fleet_reports_total\{[^}]*outcome="rejected"[^}]*\} {{reports}}\b""");
        }
    }

    [Fact]
    public void What_a_device_said_is_told_until_it_is_silent()
    {
        var time = new FakeTimeProvider();
        var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var instruments = new FleetInstruments(services.GetRequiredService<IMeterFactory>(), Options.Create(new LeaseOptions()), time);
        var device = new DeviceDescription
        {
            Device = "d", Name = "attic", AgentVersion = "1", Board = "b", Arch = "arm64", Isa = "neon", Cores = 4, MemoryBytes = 1,
            Os = "linux", Kernel = "6", Runtime = "aot", Emulated = false, Machine = "m", GivenTags = ImmutableSortedDictionary<string, string>.Empty,
        };
        instruments.DeviceTelemetry(device, new Dictionary<string, double> { ["temperature_celsius"] = 41.5 });

        Assert.Equal([41.5], Temperatures(services));
        time.Advance(new LeaseOptions().Silence + TimeSpan.FromSeconds(1));
        Assert.Empty(Temperatures(services));
    }

    [Fact]
    public async Task All_active_campaigns_are_told_of_and_the_last_twenty_that_ended()
    {
        using var folder = new TemporaryFolder();
        using var database = new SqliteDatabase(folder["fleet.db"]);
        await using var writer = new SqliteWriter(database);
        var index = new SqliteFleetIndex(database, writer);
        foreach (var i in Enumerable.Range(0, 30))
        {
            await index.SaveAsync(Campaign($"ended-{i:00}", CampaignStates.Completed, DateTimeOffset.UnixEpoch.AddHours(i)), default);
            await index.SaveAsync(Campaign($"paused-{i:00}", CampaignStates.Paused, null), default);
        }

        var told = new ToldCampaigns(index).Entries().Select(entry => entry.Summary.Campaign).ToArray();

        Assert.Equal(30, told.Count(campaign => campaign.StartsWith("paused", StringComparison.Ordinal)));
        Assert.Equal(Enumerable.Range(10, 20).Reverse().Select(i => $"ended-{i}"), told.Where(campaign => campaign.StartsWith("ended", StringComparison.Ordinal)));
    }

    private static List<double> Temperatures(IServiceProvider services)
    {
        var measured = new List<double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "fleet.device.temperature" && ReferenceEquals(instrument.Meter.Scope, services.GetRequiredService<IMeterFactory>()))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => measured.Add(value));
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }

    private static CampaignEntry Campaign(string id, string state, DateTimeOffset? ended) => new(
        new CampaignSummary
        {
            Campaign = id,
            Name = id,
            State = state,
            CreatedAt = DateTimeOffset.UnixEpoch,
            EndedAt = ended,
            Variants = 1,
            VariantsReady = 1,
            VariantsFailed = 0,
            Runs = 1,
            RunsClosed = 1,
            RunsFailed = 0,
        },
        "digest",
        0,
        [],
        "t",
        null);
}
