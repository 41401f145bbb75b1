using System.Data.Common;
using System.Globalization;
using Fleet.Campaigns.Ports;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Fleet.Silo.Storage;

/// <summary>Orleans' way to the state store: its ETag is the version, and a state that cannot be read starts empty where that is allowed.</summary>
internal sealed class GrainStateAdapter(IStateStore store, IGrainStorageSerializer serializer, IActivatorProvider activators) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        try
        {
            if (await store.ReadAsync(grainId.ToString(), stateName) is { } stored)
            {
                grainState.State = serializer.Deserialize<T>(new BinaryData(stored.Payload));
                Hold(grainState, stored.Version);
            }
            else
            {
                Forget(grainState);
            }
        }
        catch (Exception error) when (error is not (StorageException or DbException))
        {
            await store.SetAsideAsync(grainId.ToString(), stateName, error);
            Forget(grainState);
        }
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        try
        {
            var payload = serializer.Serialize(grainState.State).ToMemory();
            Hold(grainState, await store.WriteAsync(grainId.ToString(), stateName, payload, Version(grainState.ETag)));
        }
        catch (StateConflictException conflict)
        {
            throw Inconsistent(stateName, grainId, grainState.ETag, conflict);
        }
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        try
        {
            await store.ClearAsync(grainId.ToString(), stateName, Version(grainState.ETag));
            Forget(grainState);
        }
        catch (StateConflictException conflict)
        {
            throw Inconsistent(stateName, grainId, grainState.ETag, conflict);
        }
    }

    private static void Hold<T>(IGrainState<T> grainState, long version)
    {
        grainState.ETag = Text(version);
        grainState.RecordExists = true;
    }

    private void Forget<T>(IGrainState<T> grainState)
    {
        grainState.State = activators.GetActivator<T>().Create();
        grainState.ETag = null!;
        grainState.RecordExists = false;
    }

    private static InconsistentStateException Inconsistent(string stateName, GrainId grainId, string? etag, StateConflictException conflict)
    {
        var stored = conflict.Stored is { } version ? Text(version) : null;
        return new InconsistentStateException(
            $"{grainId} holds version {etag ?? "none"} of its state '{stateName}', but version {stored ?? "none"} is stored.",
            stored ?? "",
            etag ?? "",
            conflict);
    }

    private static long? Version(string? etag) => string.IsNullOrEmpty(etag) ? null : long.Parse(etag, CultureInfo.InvariantCulture);

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
