using System.Threading.Channels;
using Fleet.Cli.Terminals;
using Fleet.Cli.Views;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Protocol.Api;
using Fleet.Reports.Quantities;
using Spectre.Console;

namespace Fleet.Cli.Campaigns;

/// <summary>Shows a campaign's events on standard error while it runs.</summary>
internal interface ICampaignProgress : IAsyncDisposable
{
    void Show(CampaignEvent one);
}

internal static class CampaignProgress
{
    /// <summary>A live picture on a terminal, lines elsewhere, nothing with <c>--quiet</c>.</summary>
    public static ICampaignProgress Start(Output output, TimeProvider time) => output switch
    {
        { Quiet: true } => new SilentProgress(),
        { Terminal.ErrorIsTerminal: true } => new LiveProgress(output.Terminal),
        _ => new LineProgress(output, time),
    };
}

internal sealed class SilentProgress : ICampaignProgress
{
    public void Show(CampaignEvent one)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>For logs: what happened, and now and then how far it is. Never the same line twice in a row.</summary>
internal sealed class LineProgress(Output output, TimeProvider time) : ICampaignProgress
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private long? written;
    private string? line;

    public void Show(CampaignEvent one)
    {
        // Epochs and rounds come by the second; what began, ended or went wrong does not.
        var passing = one.Kind is CampaignEventKind.Variant or CampaignEventKind.Session || one.Message.Length == 0;
        var message = one.Message.Length > 0 ? one.Message : Doing(one.Detail);
        if (message.Length == 0 || message == line || (passing && written is { } last && time.GetElapsedTime(last) < Every))
        {
            return;
        }

        written = time.GetTimestamp();
        line = message;
        var summary = one.Detail.Summary;
        var left = summary is { State: CampaignStatus.Running, SecondsLeft: { } seconds } ? $", about {Quantity.Duration(seconds)} left" : "";
        output.Progress($"[variants {summary.VariantsReady}/{summary.Variants}, runs {summary.RunsClosed}/{summary.Runs}{left}] {message}");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string Doing(CampaignDetail detail) => string.Join(
        "; ",
        detail.Devices
            .Where(device => device.State is DeviceStatus.Measuring or DeviceStatus.Preparing)
            .Select(device => $"{device.Name}: {device.Activity} ({device.Progress * 100:0} %)"));
}

/// <summary>For people: the whole campaign, redrawn in place, gone when it ends.</summary>
internal sealed class LiveProgress : ICampaignProgress
{
    private readonly Channel<CampaignDetail> details = Channel.CreateBounded<CampaignDetail>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly Task drawing;

    public LiveProgress(Terminal terminal) => drawing = DrawAsync(terminal);

    public void Show(CampaignEvent one) => details.Writer.TryWrite(one.Detail);

    public async ValueTask DisposeAsync()
    {
        details.Writer.TryComplete();
        await drawing.ConfigureAwait(false);
    }

    private Task DrawAsync(Terminal terminal)
    {
        var console = terminal.ErrorConsole();
        return console.Live(Text.Empty).AutoClear(true).Overflow(VerticalOverflow.Ellipsis).StartAsync(async live =>
        {
            await foreach (var detail in details.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                var (columns, rows) = terminal.Size();
                console.Profile.Width = columns;
                live.UpdateTarget(CampaignView.Render(detail, columns, rows).Draw());
                live.Refresh();
            }
        });
    }
}
