using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Leases;
using Fleet.Campaigns.Ports;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Jobs;
using Fleet.Domain.Recipes;
using Fleet.Grains.Telemetry;
using Fleet.Silo.Configuration;
using Fleet.Storage.Sqlite;
using Fleet.Silo.Telemetry;
using Fleet.Silo.Tests.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
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

        await silo.UntilMetricsAsync("""fleet_runs_closed_total\{[^}]*validity="failed"[^}]*\} 0""");
        await silo.UntilMetricsAsync("""fleet_sessions_total\{[^}]*outcome="lost"[^}]*\} 0""");
        await silo.UntilMetricsAsync("""fleet_reports_total\{[^}]*outcome="rejected"[^}]*\} 0""");
        await silo.UntilMetricsAsync("""fleet_lease_expiries_total\{[^}]*\} 0""");
    }

    [Fact]
    public async Task A_scrape_names_the_service_and_its_version()
    {
        using var folder = new TemporaryFolder();
        await using var silo = await RunningSilo.StartAsync(folder.Path);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        // What Prometheus asks for; target_info belongs to this format.
        request.Headers.TryAddWithoutValidation("Accept", "application/openmetrics-text; version=1.0.0");

        using var answer = await silo.Http.SendAsync(request);
        var metrics = await answer.Content.ReadAsStringAsync();

        var version = Regex.Escape(ProductVersion.Current);
        Assert.Matches($$"""target_info\{[^}]*service_name="fleet-silo"[^}]*service_version="{{version}}"[^}]*\} 1""", metrics);
        Assert.Matches($$"""fleet_build_info\{[^}]*version="{{version}}"[^}]*\} 1""", metrics);
    }

    [Fact]
    public async Task An_instrument_with_more_series_than_are_exported_is_named_by_a_metric()
    {
        using var folder = new TemporaryFolder();
        await using var silo = await RunningSilo.StartAsync(folder.Path);
        var instruments = silo.Services.GetRequiredService<FleetInstruments>();

        Assert.Matches("""fleet_metrics_overflowing\{[^}]*instrument="fleet.lease.expiries"[^}]*\} 0\b""", await EnrolAsync(1));
        Assert.Matches("""fleet_metrics_overflowing\{[^}]*instrument="fleet.lease.expiries"[^}]*\} 1\b""", await EnrolAsync(2_100));
        Assert.DoesNotMatch("""fleet_metrics_overflowing\{[^}]*instrument="fleet.reports"[^}]*\} 1\b""", await EnrolAsync(1));

        async Task<string> EnrolAsync(int boards)
        {
            foreach (var board in Enumerable.Range(0, boards))
            {
                instruments.DeviceEnrolled(Device() with { Board = $"board {board}" });
            }

            // The exporter gives the same answer for a moment.
            await silo.UntilMetricsAsync($$"""fleet_lease_expiries_total\{[^}]*board="board {{Math.Min(boards, 1_900) - 1}}"[^}]*\} 0""");
            return await silo.Http.GetStringAsync("/metrics");
        }
    }

    [Fact]
    public void Seeds_in_training_are_told_as_their_mean_until_a_while_after_their_end()
    {
        var time = new FakeTimeProvider();
        var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var instruments = new FleetInstruments(services.GetRequiredService<IMeterFactory>(), Options.Create(new LeaseOptions()), time);
        instruments.TrainingEpoch(Request(1), new TrainingEvent { Event = TrainingEventKind.Epoch, Loss = 0.5 });
        instruments.TrainingEpoch(Request(2), new TrainingEvent { Event = TrainingEventKind.Epoch, Loss = 9 });
        instruments.TrainingEpoch(Request(2), new TrainingEvent { Event = TrainingEventKind.Epoch, Loss = 0.7 });
        instruments.TrainingEpoch(Request(3), new TrainingEvent { Event = TrainingEventKind.Epoch, Loss = double.NaN });

        Assert.Equal([0.6], Values(services, "fleet.training.loss").Select(loss => Math.Round(loss, 9)));

        instruments.TrainingEnded(Request(1), JobStatus.Ready, 1);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal([0.7], Values(services, "fleet.training.loss"));

        static CompressionRequest Request(long seed) => new()
        {
            Variant = $"key {seed}", VariantName = "dense", Task = "t", Seed = seed, TrainingDataSha256 = "",
            Recipe = new Recipe { Method = "dense", Cell = "lstm", Hidden = 8, Compression = 1, Training = new TrainingSettings() },
        };
    }

    [Fact]
    public async Task A_silo_tells_nothing_of_another_silo_in_its_process_and_goes_on_when_that_one_ends()
    {
        using var folder = new TemporaryFolder();
        await using var silo = await RunningSilo.StartAsync(folder["one"]);
        await using (var other = await RunningSilo.StartAsync(folder["other"]))
        {
            other.Services.GetRequiredService<FleetInstruments>().Reported(ReportDecision.Rejected);

            Assert.Matches("""fleet_reports_total\{[^}]*outcome="rejected"[^}]*\} 1\b""", await other.Http.GetStringAsync("/metrics"));
            Assert.Matches("""fleet_reports_total\{[^}]*outcome="rejected"[^}]*\} 0\b""", await silo.Http.GetStringAsync("/metrics"));
        }

        // An instrument that has ended is told of once more, so one report would not do.
        for (var reports = 1; reports < 4; reports++)
        {
            silo.Services.GetRequiredService<FleetInstruments>().Reported(ReportDecision.Rejected);
            await silo.UntilMetricsAsync($$"""fleet_reports_total\{[^}]*outcome="rejected"[^}]*\} {{reports}}\b""");
        }
    }

    [Fact]
    public void What_a_device_said_is_told_until_it_is_silent()
    {
        var time = new FakeTimeProvider();
        var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var instruments = new FleetInstruments(services.GetRequiredService<IMeterFactory>(), Options.Create(new LeaseOptions()), time);
        instruments.DeviceTelemetry(Device(), new Dictionary<string, double> { ["temperature_celsius"] = 41.5 });

        Assert.Equal([41.5], Values(services, "fleet.device.temperature"));
        time.Advance(new LeaseOptions().Silence + TimeSpan.FromSeconds(1));
        Assert.Empty(Values(services, "fleet.device.temperature"));
    }

    [Fact]
    public async Task All_active_campaigns_are_told_of_and_the_last_twenty_that_ended()
    {
        using var folder = new TemporaryFolder();
        using var database = new SqliteDatabase(folder["fleet.db"]);
        await using var writer = new SqliteWriter(database);
        var index = new SqliteFleetIndex(database, writer, new SqliteStorageOptions { Folder = "" }, NullLogger<SqliteFleetIndex>.Instance);
        foreach (var i in Enumerable.Range(0, 30))
        {
            await index.SaveAsync(Campaign($"ended-{i:00}", CampaignStatus.Completed, DateTimeOffset.UnixEpoch.AddHours(i)), default);
            await index.SaveAsync(Campaign($"paused-{i:00}", CampaignStatus.Paused, null), default);
        }

        var told = new ToldCampaigns(index).Entries().Select(entry => entry.Summary.Campaign).ToArray();

        Assert.Equal(30, told.Count(campaign => campaign.StartsWith("paused", StringComparison.Ordinal)));
        Assert.Equal(
            Enumerable.Range(10, 20).Reverse().Select(i => $"ended-{i}"),
            told.Where(campaign => campaign.StartsWith("ended", StringComparison.Ordinal)));
    }

    private static DeviceDescription Device() => new()
    {
        Device = "d", Name = "attic", AgentVersion = "1", Board = "b", Arch = "arm64", Isa = "neon", Cores = 4, MemoryBytes = 1,
        Os = "linux", Kernel = "6", Runtime = "aot", Emulated = false, Machine = "m", GivenTags = ImmutableSortedDictionary<string, string>.Empty,
    };

    private static List<double> Values(IServiceProvider services, string name)
    {
        var measured = new List<double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == name && ReferenceEquals(instrument.Meter.Scope, services.GetRequiredService<IMeterFactory>()))
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

    private static CampaignEntry Campaign(string id, CampaignStatus state, DateTimeOffset? ended) => new(
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
