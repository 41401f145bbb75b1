using Fleet.Protocol;
using Orleans.Serialization;

namespace Fleet.Silo.Storage;

/// <summary>How grains' state and messages are written.</summary>
internal static class GrainSerialization
{
    /// <summary>What stands in Protocol is written as JSON, under the names of its types; everything else by generated code, under its alias.</summary>
    public static IServiceCollection AddGrainSerialization(this IServiceCollection services) => services
        .AddSerializer(serializer => serializer.AddJsonSerializer(
            type => type.Namespace?.StartsWith("Fleet.Protocol", StringComparison.Ordinal) == true,
            ProtocolJson.Default.Options));
}
