using Fleet.Cli.Campaigns;
using Fleet.Cli.Failures;
using Fleet.Cli.Tests.Support;
using Fleet.Os.Processes;

namespace Fleet.Cli.Tests.Campaigns;

public sealed class SweepTextTests
{
    private static readonly SweepFlags Flags = new()
    {
        Task = "uci-har",
        Methods = ["dense", "hmd", "lmf", "pruned"],
        Compression = [2, 3, 4.5],
        Hidden = 64,
        Seeds = [1, 2],
        Modes = ["window"],
        Devices = ["arch=arm64", "room=lab"],
        Replicates = 3,
        Epochs = 12,
    };

    [Fact]
    public void Flags_become_a_campaign_file()
    {
        const string expected = """
            name: uci-har-sweep
            task: uci-har
            model: { cell: lstm, hidden: 64 }
            training: { epochs: 12 }
            seeds: [1, 2]
            variants:
              - method: dense
              - { method: hmd, compression: [2, 3, 4.5] }
              - { method: lmf, compression: [2, 3, 4.5] }
              - { method: pruned, compression: [2, 3, 4.5] }
            reference: dense
            devices: [arch=arm64, room=lab]
            conditions: { modes: [window] }
            replicates: 3

            """;
        Assert.Equal(expected, SweepText.Of(Flags));
    }

    [Fact]
    public void The_path_of_a_task_file_may_have_anything_in_it() =>
        Assert.Contains(
            "task: 'my runs #2/don''t: wave.yaml'\n", SweepText.Of(Flags with { Task = "my runs #2/don't: wave.yaml", Name = "n" }), StringComparison.Ordinal);

    [Fact]
    public void The_reference_is_there_once_whether_it_was_asked_for_or_not()
    {
        Assert.Equal(SweepText.Of(Flags), SweepText.Of(Flags with { Methods = ["hmd", "lmf", "hmd", "pruned"] }));
        Assert.DoesNotContain("compression", SweepText.Of(Flags with { Methods = ["dense"], Compression = [] }), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_not_said_is_left_to_the_defaults()
    {
        var text = SweepText.Of(Flags with { Epochs = null, Devices = [], Replicates = 1 });
        Assert.DoesNotContain("training", text, StringComparison.Ordinal);
        Assert.DoesNotContain("devices", text, StringComparison.Ordinal);
        Assert.DoesNotContain("replicates", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Flags_that_cannot_be_meant_are_named()
    {
        Refused(Flags with { Methods = ["hdm"] }, "--methods hdm", "Did you mean hmd?");
        Refused(Flags with { Compression = [2, 1] }, "--compression 1", "greater than 1");
        Refused(Flags with { Compression = [double.NaN] }, "--compression NaN", "greater than 1");
        Refused(Flags with { Compression = [] }, "--compression is missing", "2,3,4");
        Refused(Flags with { Modes = ["windows"] }, "--modes windows", "Did you mean window?");
        Refused(Flags with { Devices = ["arm64"] }, "--devices arm64", "key=value");
        Refused(Flags with { Hidden = 0 }, "--hidden 0", "at least 1");
        Refused(Flags with { Epochs = 0 }, "--epochs 0", "at least 1");
        Refused(Flags with { Replicates = 0 }, "--replicates 0", "at least 1");
        Refused(Flags with { Seeds = [] }, "--seeds", "empty");
    }

    [Fact]
    public async Task Printing_needs_no_silo()
    {
        using var fleet = new CommandHarness();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("sweep", "--task", "uci-har", "--methods", "hmd", "--compression", "2,3", "--print"));
        Assert.Contains("  - { method: hmd, compression: [2, 3] }\n", fleet.Out, StringComparison.Ordinal);
        Assert.Empty(fleet.Programs.Started);
        Assert.Empty(fleet.Error);
    }

    [Fact]
    public async Task A_factor_that_is_no_number_is_wrong_usage()
    {
        using var fleet = new CommandHarness();
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("sweep", "--task", "uci-har", "--compression", "2,x"));
        Assert.Contains("--compression: 'x' is not a number.", fleet.Error, StringComparison.Ordinal);
    }

    private static void Refused(SweepFlags flags, string what, string wayOut)
    {
        var error = Assert.Throws<CommandFailedException>(() => SweepText.Of(flags));
        Assert.Equal(ExitCodes.Usage, error.ExitCode);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(wayOut, $"{error.Message} {error.WayOut}", StringComparison.Ordinal);
    }
}
