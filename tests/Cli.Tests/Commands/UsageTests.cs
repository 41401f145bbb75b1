using System.Text.Json;
using Fleet.Cli.Tests.Support;
using Fleet.Kernels.Methods;
using Fleet.Os.Processes;

namespace Fleet.Cli.Tests.Commands;

public sealed class UsageTests : IDisposable
{
    private readonly CommandHarness fleet = new();

    public void Dispose() => fleet.Dispose();

    [Theory]
    [InlineData("quikstart", "Did you mean quickstart?")]
    [InlineData("campain", "Did you mean campaign?")]
    [InlineData("whatever-this-is", "See: fleet --help")]
    public async Task A_command_that_does_not_exist_is_wrong_usage_with_a_way_out(string word, string wayOut)
    {
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync(word));
        Assert.Contains($"'fleet' does not take '{word}'.", fleet.Error, StringComparison.Ordinal);
        Assert.Contains(wayOut, fleet.Error, StringComparison.Ordinal);
        Assert.Empty(fleet.Out);
    }

    [Fact]
    public async Task An_option_that_does_not_exist_gets_the_nearest_one()
    {
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("campaign", "run", "file.yaml", "--dat", "x"));
        Assert.Contains("'fleet campaign run' does not take '--dat'.", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean --data?", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_of_a_sweep_names_every_method()
    {
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("sweep", "--help"));
        Assert.All(CellMethods.Names, method => Assert.Contains(method, fleet.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_group_without_its_command_names_those_that_there_are()
    {
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("device"));
        Assert.Contains("'fleet device' needs a command: list, show, exclude, remove.", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_argument_is_wrong_usage()
    {
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("campaign", "run"));
        Assert.Contains("See: fleet campaign run --help", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_is_no_failure_and_calls_the_program_by_its_name()
    {
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "run", "--help"));
        Assert.Contains("fleet campaign run <FILE> [options]", fleet.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_campaign_file_that_is_not_there_is_named_before_anything_is_started()
    {
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("campaign", "run", fleet.Folder["none.yaml"]));
        Assert.Contains("none.yaml", fleet.Error, StringComparison.Ordinal);
        Assert.Empty(fleet.Programs.Started);
    }

    [Theory]
    [InlineData("campaign", "list")]
    [InlineData("model", "show", "file.safetensors")]
    [InlineData("up")]
    public async Task An_empty_state_folder_is_wrong_usage_of_every_command(params string[] command)
    {
        Assert.Equal(ExitCodes.Usage, await fleet.RunOnlyAsync([.. command, "--state", ""]));
        Assert.Contains("--state is empty", fleet.Error, StringComparison.Ordinal);
        Assert.Empty(fleet.Programs.Started);
    }

    [Fact]
    public async Task With_json_a_failure_is_one_document_too()
    {
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("quikstart", "--json"));
        using var document = JsonDocument.Parse(fleet.Out);
        Assert.Equal(ExitCodes.Usage, document.RootElement.GetProperty("exit_code").GetInt32());
        Assert.Equal("Did you mean quickstart?", document.RootElement.GetProperty("way_out").GetString());
    }

    [Fact]
    public async Task Data_check_names_what_is_wrong_with_a_folder()
    {
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("data", "check", "uci-har", fleet.Folder["none"]));
        Assert.Contains(fleet.Folder["none"], fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_check_of_an_unknown_task_gets_the_nearest_one()
    {
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("data", "check", "uci-hra"));
        Assert.Contains("Did you mean uci-har?", fleet.Error, StringComparison.Ordinal);
    }
}
