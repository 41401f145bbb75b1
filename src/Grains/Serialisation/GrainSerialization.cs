using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fleet.Campaigns.Json;
using Fleet.Domain.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Storage;

namespace Fleet.Grains.Serialisation;

/// <summary>How what grains keep and send is written.</summary>
public static class GrainSerialization
{
    /// <summary>
    /// Types of the rooms Domain and Campaigns, which know nothing of Orleans, are sent as JSON under <see cref="TypeNames"/>, within a silo as they are;
    /// everything else by generated code. What is kept is written by <see cref="StateSerializer"/>.
    /// </summary>
    public static IServiceCollection AddGrainSerialization(this IServiceCollection services)
    {
        services.AddSingleton<ITypeConverter, TypeNames>();
        services.AddSingleton<IGrainStorageSerializer, StateSerializer>();
        services.AddSingleton<IGeneralizedCopier, ImmutableCopier>();
        return services.AddSerializer(serializer => serializer.AddJsonSerializer(
            TypeNames.Knows,
            _ => false,
            options => options.Configure(codec => codec.SerializerOptions = new JsonSerializerOptions(CampaignsJson.Default.Options)
            {
                TypeInfoResolver = JsonTypeInfoResolver.Combine(CampaignsJson.Default, DomainJson.Default),
            })));
    }
}
