using Fleet.Cli.Tests.Support;
using Fleet.Os.Files;
using Fleet.Os.Processes;
using Fleet.Os.State;

namespace Fleet.Cli.Tests.Silos;

/// <summary>Whose silo it is that an address in a state folder leads to.</summary>
public sealed class SiloFinderTests : IDisposable
{
    private readonly CommandHarness fleet = new();

    public void Dispose() => fleet.Dispose();

    [Fact]
    public async Task A_copied_folder_does_not_talk_to_the_silo_of_the_original()
    {
        await using var original = await FakeSilo.StartAsync(processId: 4242);
        var folder = fleet.Folder["original"];
        Directory.CreateDirectory(folder);
        original.Announce(folder);
        Directory.CreateDirectory(fleet.State);
        File.Copy(Path.Combine(folder, SiloAddress.FileName), Path.Combine(fleet.State, SiloAddress.FileName));
        await File.WriteAllTextAsync(Path.Combine(fleet.State, StateFolder.LockFileName), "");

        await using var own = await fleet.StartableSiloAsync();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "list"));
        Assert.Empty(original.Requests);
        Assert.Contains("GET /api/campaigns", own.Requests);
    }

    [Fact]
    public async Task Also_while_a_silo_of_the_copy_starts_it_is_not_the_originals_that_is_taken()
    {
        await using var original = await FakeSilo.StartAsync(processId: 4242);
        original.StateIdentity = StateIdentity.ReadOrCreate(Directory.CreateDirectory(fleet.Folder["original"]).FullName).ToString();
        Directory.CreateDirectory(fleet.State);
        File.Copy(Path.Combine(fleet.Folder["original"], StateIdentity.FileName), Path.Combine(fleet.State, StateIdentity.FileName));
        original.Address.Write(fleet.State);
        using var starting = FileLock.TryExclusive(Path.Combine(fleet.State, StateFolder.LockFileName));

        await using var own = await FakeSilo.StartAsync(processId: 1_000_000);
        own.StateIdentity = StateIdentity.TryRead(fleet.State)!.ToString();
        fleet.Programs.Behaviour = program =>
        {
            program.Exit(1);
            own.Announce(fleet.State);
            return Task.CompletedTask;
        };
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "list"));
        Assert.DoesNotContain("GET /api/campaigns", original.Requests);
        Assert.Contains("GET /api/campaigns", own.Requests);
    }

    [Fact]
    public async Task Every_call_carries_the_folders_token()
    {
        await using var silo = await fleet.RunningSiloAsync();
        silo.Authorization = AccessToken.ReadOrCreate(fleet.State).Header;
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("device", "list"));
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "list"));
    }

    [Fact]
    public async Task A_token_that_the_silo_does_not_accept_is_an_error_that_names_it()
    {
        await using var silo = await fleet.RunningSiloAsync();
        silo.Authorization = "Bearer another";
        AccessToken.ReadOrCreate(fleet.State);
        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("device", "list"));
        Assert.Contains($"does not accept the token in {Path.Combine(fleet.State, "token")}", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("start it again", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_holds_no_token_is_an_error_that_names_it()
    {
        await using var silo = await fleet.RunningSiloAsync();
        await File.WriteAllTextAsync(Path.Combine(fleet.State, "token"), "12345");
        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("device", "list"));
        Assert.Contains($"{Path.Combine(fleet.State, "token")} does not hold a token", fleet.Error, StringComparison.Ordinal);
        Assert.Empty(silo.Requests);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1:5080")]
    [InlineData("http://192.0.2.1:5080")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task An_address_that_cannot_be_a_silos_is_never_called(string address)
    {
        Directory.CreateDirectory(fleet.State);
        new SiloAddress { ProcessId = 17, Http = address, Grpc = "", Version = "0.1.0" }.Write(fleet.State);
        using var held = FileLock.TryExclusive(Path.Combine(fleet.State, StateFolder.LockFileName));
        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("device", "list"));
        Assert.Contains($"names '{address}', which is not a silo's address on this machine", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("process 17", fleet.Error, StringComparison.Ordinal);
    }
}
