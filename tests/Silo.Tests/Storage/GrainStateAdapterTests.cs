using Fleet.Campaigns.Leases;
using Fleet.Grains.Serialisation;
using Fleet.Silo.Tests.Running;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Fleet.Silo.Tests.Storage;

public sealed class GrainStateAdapterTests
{
    private static readonly GrainId Grain = GrainId.Create("device", "one");

    [Fact]
    public async Task A_state_that_was_written_is_read_again_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        await using (var silo = await RunningSilo.StartAsync(folder.Path))
        {
            await Storage(silo).WriteStateAsync("device", Grain, new GrainState<DeviceState>(new DeviceState { Epoch = 7 }));
        }

        await using (var silo = await RunningSilo.StartAsync(folder.Path))
        {
            var state = new GrainState<DeviceState>();
            await Storage(silo).ReadStateAsync("device", Grain, state);
            Assert.Equal((7UL, "1", true), (state.State!.Epoch, state.ETag, state.RecordExists));
        }
    }

    [Fact]
    public async Task Of_two_that_hold_the_same_version_the_second_to_write_is_told_so()
    {
        using var folder = new TemporaryFolder();
        await using var silo = await RunningSilo.StartAsync(folder.Path);
        var storage = Storage(silo);
        var (one, other) = (new GrainState<DeviceState>(), new GrainState<DeviceState>());
        await storage.ReadStateAsync("device", Grain, one);
        await storage.ReadStateAsync("device", Grain, other);

        one.State = new DeviceState { Epoch = 1 };
        await storage.WriteStateAsync("device", Grain, one);
        other.State = new DeviceState { Epoch = 2 };
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("device", Grain, other));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("device", Grain, other));

        await storage.ReadStateAsync("device", Grain, other);
        Assert.Equal(1UL, other.State.Epoch);
        await storage.WriteStateAsync("device", Grain, other);
        Assert.Equal("2", other.ETag);
    }

    [Fact]
    public async Task A_state_that_was_cleared_is_gone()
    {
        using var folder = new TemporaryFolder();
        await using var silo = await RunningSilo.StartAsync(folder.Path);
        var state = new GrainState<DeviceState>(new DeviceState { Epoch = 1 });
        await Storage(silo).WriteStateAsync("device", Grain, state);
        await Storage(silo).ClearStateAsync("device", Grain, state);
        Assert.Equal((0UL, false), (state.State!.Epoch, state.RecordExists));
        await Storage(silo).ReadStateAsync("device", Grain, state);
        Assert.False(state.RecordExists);
    }

    private static IGrainStorage Storage(RunningSilo silo) => silo.Services.GetRequiredKeyedService<IGrainStorage>(GrainStorage.Name);
}
