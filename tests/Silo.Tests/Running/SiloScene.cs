using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Silo.Tests.Running;

/// <summary>A silo on a folder of its own for each test, which both go with the test.</summary>
public abstract class SiloScene : IAsyncLifetime
{
    private protected readonly TemporaryFolder folder = new();
    private protected RunningSilo silo = null!;

    public virtual async ValueTask InitializeAsync() => silo = await RunningSilo.StartAsync(folder.Path, Configure);

    /// <summary>Replaces services of the silo.</summary>
    private protected virtual void Configure(IServiceCollection services)
    {
    }

    public virtual async ValueTask DisposeAsync()
    {
        await silo.DisposeAsync();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
