using Fleet.Analysis;
using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Results;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Measuring;
using Fleet.Domain.Results;
using Fleet.Grains.Contracts;
using Fleet.Protocol.Api;
using Fleet.Reports.Html;
using Fleet.Reports.Model;
using Fleet.Silo.Api.Problems;
using Fleet.Silo.Configuration;

namespace Fleet.Silo.Api;

/// <summary>What the analysis says of a campaign: its table and its report.</summary>
internal static class ReportEndpoints
{
    public static void MapReports(this WebApplication app)
    {
        app.MapGet(ApiRoutes.CampaignTable, TableAsync)
            .WithSummary("A campaign's rows with what the analysis says of them.").Produces<CampaignTable>().Produces<Problem>(StatusCodes.Status404NotFound);
        app.MapGet(ApiRoutes.CampaignReport, ReportAsync)
            .WithSummary("A campaign's report, as one page.").Produces<string>(contentType: "text/html").Produces<Problem>(StatusCodes.Status404NotFound);
        app.MapGet(ApiRoutes.SuiteReport, SuiteReportAsync)
            .WithSummary("A suite's report, as one page: the latest campaign of each benchmark.")
            .Produces<string>(contentType: "text/html")
            .Produces<Problem>(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> SuiteReportAsync(
        string name, IGrainFactory grains, IFleetIndex index, IResultStore results, TimeProvider time, CancellationToken cancel)
    {
        var benchmarks = new List<SuiteBenchmark>();
        var latest = (await index.CampaignsAsync(cancel))
            .Select(entry => entry.Summary)
            .Where(summary => summary.Suite == name)
            .GroupBy(summary => summary.Name)
            .Select(group => group.MaxBy(summary => summary.CreatedAt)!);
        foreach (var summary in latest.OrderBy(summary => summary.CreatedAt))
        {
            if (await grains.GetGrain<ICampaignGrain>(summary.Campaign).WatchAsync(long.MaxValue) is { } view)
            {
                var reference = view.Specification.Reference;
                var rows = await results.RowsAsync(summary.Campaign, cancel);
                var table = CampaignAnalysis.Table(view.Detail.Summary, rows, reference, view.Specification.JudgesClaims);
                benchmarks.Add(new SuiteBenchmark(table, reference));
            }
        }

        return benchmarks.Count == 0
            ? ApiProblems.Of(StatusCodes.Status404NotFound, $"No campaign is of a suite '{name}'.")
            : TypedResults.Content(SuiteReport.Render(name, benchmarks, ProductVersion.Current, time.GetUtcNow()), "text/html; charset=utf-8");
    }

    private static async Task<IResult> TableAsync(string id, IGrainFactory grains, IResultStore results, CancellationToken cancel) =>
        await grains.GetGrain<ICampaignGrain>(id).WatchAsync(long.MaxValue) is { } view
            ? TypedResults.Ok(
                CampaignAnalysis.Table(view.Detail.Summary, await results.RowsAsync(id, cancel), view.Specification.Reference, view.Specification.JudgesClaims))
            : ApiProblems.NoCampaign(id);

    private static async Task<IResult> ReportAsync(string id, IGrainFactory grains, IResultStore results, TimeProvider time, CancellationToken cancel)
    {
        if (await grains.GetGrain<ICampaignGrain>(id).WatchAsync(long.MaxValue) is not { } view)
        {
            return ApiProblems.NoCampaign(id);
        }

        var (rows, measurements) = Readable(await results.RowsAsync(id, cancel), await results.MeasurementsAsync(id, cancel));
        var devices = await Task.WhenAll(view.Detail.Devices.Select(device => grains.GetGrain<IDeviceGrain>(device.Device).SummaryAsync()));
        var model = new ReportModel
        {
            Campaign = view.Detail,
            Table = CampaignAnalysis.Table(view.Detail.Summary, rows, view.Specification.Reference, view.Specification.JudgesClaims),
            Measurements = measurements,
            Protocol = Settings(view.Specification.Measuring),
            Reference = view.Specification.Reference,
            Devices = [.. devices.OfType<DeviceSummary>()],
            Version = ProductVersion.Current,
            GeneratedAt = time.GetUtcNow(),
        };
        return TypedResults.Content(HtmlReport.Render(model), "text/html; charset=utf-8");
    }

    /// <summary>The measurements that can be read. A row whose own cannot says so.</summary>
    private static (IReadOnlyList<ResultRow> Rows, IReadOnlyDictionary<string, RunMeasurement> Measurements) Readable(
        IReadOnlyList<ResultRow> rows, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> stored)
    {
        var measurements = new Dictionary<string, RunMeasurement>();
        ResultRow[] told =
        [
            .. rows.Select(row =>
            {
                if (!row.IsReadable || !stored.TryGetValue(row.Run, out var json))
                {
                    return row;
                }

                var (measurement, fault) = MeasurementReader.TryRead(json.Span, row.Task);
                if (fault is not null)
                {
                    return row with { Reasons = [.. row.Reasons, fault] };
                }

                measurements.Add(row.Run, measurement!);
                return row;
            }),
        ];
        return (told, measurements);
    }

    private static ProtocolSettings Settings(MeasuringSpecification measuring)
    {
        var fallback = new ProtocolSettings();
        return new ProtocolSettings
        {
            RatioWidth = measuring.RatioWidth,
            MinRounds = measuring.MinRounds,
            MaxRounds = measuring.MaxRounds,
            TimeLimit = measuring.TimeLimit,
            BlockDuration = measuring.Block,
            GateCelsius = measuring.GateCelsius ?? fallback.GateCelsius,
            GateLimit = measuring.GateLimit ?? fallback.GateLimit,
            InvalidRetries = measuring.InvalidRetries ?? fallback.InvalidRetries,
        };
    }
}
