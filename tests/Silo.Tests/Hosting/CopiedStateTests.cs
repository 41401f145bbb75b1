using System.Diagnostics;
using Fleet.Os.Files;
using Fleet.Os.State;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Silo.Tests.Running;
using SiloAddress = Fleet.Os.State.SiloAddress;

namespace Fleet.Silo.Tests.Hosting;

public sealed class CopiedStateTests
{
    [Fact]
    public async Task A_copy_of_a_live_folder_is_nobodys_until_a_silo_of_its_own_starts_on_it()
    {
        using var folder = new TemporaryFolder();
        var (state, copy) = (folder["state"], folder["copy"]);
        await using var original = await RunningSilo.StartAsync(state);
        using (var cp = Process.Start("cp", ["-a", state, copy]))
        {
            await cp.WaitForExitAsync();
            Assert.Equal(0, cp.ExitCode);
        }

        // The address came along, the lock did not.
        Assert.Equal(SiloAddress.TryRead(state), SiloAddress.TryRead(copy));
        using (FileLock.TryShared(Path.Combine(copy, StateFolder.LockFileName)) ?? throw new InvalidOperationException("The copy is held."))
        {
            Assert.Null(FileLock.TryShared(Path.Combine(state, StateFolder.LockFileName)));
        }

        await using var second = await RunningSilo.StartAsync(copy);
        Assert.NotEqual(SiloAddress.TryRead(state)!.Http, SiloAddress.TryRead(copy)!.Http);
        var (first, other) = (await IdentityAsync(original), await IdentityAsync(second));
        Assert.Equal(StateIdentity.TryRead(state)!.ToString(), first);
        Assert.Equal(StateIdentity.TryRead(copy)!.ToString(), other);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public async Task An_address_that_came_with_the_folder_is_gone_before_the_silo_is_ready()
    {
        using var folder = new TemporaryFolder();
        var stale = new SiloAddress { ProcessId = 1, Http = "http://127.0.0.1:1", Grpc = "http://127.0.0.1:1", Version = "0.1.0" };
        stale.Write(folder.Path);
        SiloAddress? seen = stale;
        await using var silo = await RunningSilo.StartAsync(folder.Path, _ => seen = SiloAddress.TryRead(folder.Path));
        Assert.Null(seen);
    }

    private static async Task<string?> IdentityAsync(RunningSilo silo) =>
        (await silo.GetAsync(ApiRoutes.Info, ProtocolJson.Default.SiloDescription)).StateIdentity;
}
