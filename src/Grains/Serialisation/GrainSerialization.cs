using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fleet.Domain.Json;
using Fleet.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Fleet.Grains.Serialisation;

/// <summary>How what grains keep and send is written.</summary>
public static class GrainSerialization
{
    /// <summary>Types of the domain, which know nothing of Orleans, are written as JSON under <see cref="TypeNames"/>; everything else by generated code.</summary>
    public static IServiceCollection AddGrainSerialization(this IServiceCollection services)
    {
        services.AddSingleton<ITypeConverter, TypeNames>();
        return services.AddSerializer(serializer => serializer.AddJsonSerializer(
            type => type.Namespace is { } name && (name.StartsWith("Fleet.Domain", StringComparison.Ordinal) || name.StartsWith("Fleet.Protocol", StringComparison.Ordinal)),
            new JsonSerializerOptions(DomainJson.Default.Options)
            {
                TypeInfoResolver = JsonTypeInfoResolver.Combine(DomainJson.Default, ProtocolJson.Default),
            }));
    }
}
