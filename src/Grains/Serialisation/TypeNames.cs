using System.Collections.Frozen;
using System.Text.Json;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Recipes;
using Fleet.Domain.Tasks;
using Orleans.Serialization;

namespace Fleet.Grains.Serialisation;

/// <summary>
/// Names of the types of the rooms Domain and Campaigns in what is sent: <c>fleet:</c> and the type's own name, so that a type may move from folder to
/// folder. The CLR names under which version 0.1.0 stored some of them are read, too.
/// </summary>
internal sealed class TypeNames : ITypeConverter
{
    private static readonly FrozenDictionary<Type, string> Names = new[] { typeof(Recipe).Assembly, typeof(CampaignSpecification).Assembly }
        .SelectMany(assembly => assembly.GetExportedTypes())
        .Where(type => !type.IsInterface && !type.IsGenericType && !(type.IsAbstract && type.IsSealed))
        .ToFrozenDictionary(type => type, type => "fleet:" + JsonNamingPolicy.KebabCaseLower.ConvertName(type.Name));

    private static readonly FrozenDictionary<string, Type> Types = Names
        .Select(pair => KeyValuePair.Create(pair.Value, pair.Key))
        .Concat(
        [
            new("Fleet.Protocol.Api.TaskData,Fleet.Protocol", typeof(TaskData)),
            new("Fleet.Protocol.Training.Recipe,Fleet.Protocol", typeof(Recipe)),
            new("Fleet.Protocol.Training.TrainedModel,Fleet.Protocol", typeof(TrainedModel)),
        ])
        .ToFrozenDictionary();

    /// <summary>Types that are sent as JSON.</summary>
    public static bool Knows(Type type) => Names.ContainsKey(type);

    public bool TryFormat(Type type, out string formatted) => Names.TryGetValue(type, out formatted!);

    public bool TryParse(string formatted, out Type type) => Types.TryGetValue(formatted, out type!);
}
