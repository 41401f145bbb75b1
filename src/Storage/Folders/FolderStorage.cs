using Fleet.Campaigns.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Storage.Folders;

/// <summary>Registers the ports that plain folders implement.</summary>
public static class FolderStorage
{
    /// <summary>Artefacts as files below a folder, which is made where it is missing. Logging is expected to be registered.</summary>
    public static IServiceCollection AddFolderArtefacts(this IServiceCollection services, string folder) => services
        .AddSingleton(provider => new FileArtefactStore(folder, provider.GetRequiredService<ILogger<FileArtefactStore>>()))
        .AddSingleton<IArtefactStore>(provider => provider.GetRequiredService<FileArtefactStore>())
        .AddSingleton<IArtefactFiles>(provider => provider.GetRequiredService<FileArtefactStore>());
}
