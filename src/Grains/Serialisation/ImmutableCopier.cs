using Orleans.Serialization.Cloning;

namespace Fleet.Grains.Serialisation;

/// <summary>Hands types of the rooms Domain and Campaigns on as they are: nobody can change them, which a test holds.</summary>
internal sealed class ImmutableCopier : IGeneralizedCopier
{
    public bool IsSupportedType(Type type) => TypeNames.Knows(type);

    public object? DeepCopy(object? input, CopyContext context) => input;
}
