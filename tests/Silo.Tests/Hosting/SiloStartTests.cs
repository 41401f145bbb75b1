using System.Net;
using System.Net.Sockets;
using Fleet.Silo.Configuration;
using Fleet.Silo.Tests.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SiloAddress = Fleet.Os.State.SiloAddress;

namespace Fleet.Silo.Tests.Hosting;

public sealed class SiloStartTests
{
    [Fact]
    public async Task A_second_silo_on_the_same_state_is_told_whose_it_is()
    {
        using var folder = new TemporaryFolder();
        await using var silo = await RunningSilo.StartAsync(folder.Path);
        var error = await Assert.ThrowsAsync<SiloException>(() => RunningSilo.StartAsync(folder.Path));
        Assert.Contains($"process {Environment.ProcessId}", error.Message);
        Assert.Contains(folder.Path, error.Message);
        Assert.NotNull(SiloAddress.TryRead(folder.Path));
    }

    [Theory]
    [InlineData(true, "--http")]
    [InlineData(false, "--grpc")]
    public async Task A_port_that_is_in_use_is_named_with_the_option_that_changes_it(bool http, string option)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = (IPEndPoint)other.LocalEndpoint;
        using var folder = new TemporaryFolder();
        var options = RunningSilo.Options(folder.Path);
        var error = await Assert.ThrowsAsync<SiloException>(() => RunningSilo.StartAsync(http ? options with { Http = taken } : options with { Grpc = taken }));
        Assert.Contains($"Port {taken.Port} of 127.0.0.1 is in use", error.Message);
        Assert.Contains(option, error.Message);

        // Nothing is held: with another port it starts.
        await using var silo = await RunningSilo.StartAsync(folder.Path);
    }

    [Fact]
    public async Task A_silo_says_where_it_is_while_it_runs_and_not_after()
    {
        using var folder = new TemporaryFolder();
        await using (var silo = await RunningSilo.StartAsync(folder.Path))
        {
            var address = SiloAddress.TryRead(folder.Path)!;
            Assert.Equal((Environment.ProcessId, silo.GrpcAddress), (address.ProcessId, address.Grpc));
        }

        Assert.Null(SiloAddress.TryRead(folder.Path));
    }

    [Fact]
    public async Task A_silo_stops_also_with_streams_open()
    {
        using var folder = new TemporaryFolder();
        var silo = await RunningSilo.StartAsync(folder.Path);
        await using var agent = await FakeAgent.ConnectAsync(silo);
        // The host gives its services less than two seconds, which a busy machine stretches; one that waited for the stream would never end.
        Assert.True(silo.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout < TimeSpan.FromSeconds(2));
        await silo.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_state_folder_that_cannot_be_made_is_told()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["file"], "");
        var error = await Assert.ThrowsAsync<SiloException>(() => RunningSilo.StartAsync(folder["file/state"]));
        Assert.Contains("--state", error.Message);
    }
}
