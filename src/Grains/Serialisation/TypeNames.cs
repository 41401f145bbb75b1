using Fleet.Domain.Recipes;
using Fleet.Domain.Tasks;
using Orleans.Serialization;

namespace Fleet.Grains.Serialisation;

/// <summary>
/// Reads the CLR names under which version 0.1.0 stored types that stand elsewhere today, so that moving a type makes no stored state unreadable.
/// </summary>
internal sealed class TypeNames : ITypeConverter
{
    private static readonly Dictionary<string, Type> Former = new()
    {
        ["Fleet.Protocol.Api.TaskData,Fleet.Protocol"] = typeof(TaskData),
        ["Fleet.Protocol.Training.Recipe,Fleet.Protocol"] = typeof(Recipe),
        ["Fleet.Protocol.Training.TrainedModel,Fleet.Protocol"] = typeof(TrainedModel),
    };

    public bool TryFormat(Type type, out string formatted)
    {
        formatted = null!;
        return false;
    }

    public bool TryParse(string formatted, out Type type) => Former.TryGetValue(formatted, out type!);
}
