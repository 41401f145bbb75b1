using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Fleet.Campaigns.Json;
using Fleet.Campaigns.Running;
using Fleet.Domain.Recipes;
using Fleet.Grains.Serialisation;

namespace Fleet.Grains.Tests.Serialisation;

/// <summary>What grains hand to one another uncopied can be changed by none of them.</summary>
public sealed class ImmutabilityTests
{
    private static readonly Type[] Plain =
    [
        typeof(string), typeof(bool), typeof(int), typeof(long), typeof(ulong), typeof(double), typeof(TimeSpan), typeof(DateTimeOffset),
        typeof(ReadOnlyMemory<byte>),
    ];

    // Arrays behind the read-only interfaces are made by those who fill them in, and by nobody kept.
    private static readonly Type[] Containers =
    [
        typeof(ImmutableArray<>), typeof(ImmutableHashSet<>), typeof(ImmutableDictionary<,>), typeof(ImmutableSortedDictionary<,>),
        typeof(IReadOnlyList<>), typeof(IReadOnlyDictionary<,>), typeof(Nullable<>),
    ];

    [Fact]
    public void Every_type_that_is_sent_is_immutable_all_through()
    {
        var sent = typeof(CampaignsJson).GetCustomAttributesData()
            .Where(attribute => attribute.AttributeType.Name == "JsonSerializableAttribute")
            .Select(attribute => (Type)attribute.ConstructorArguments[0].Value!);
        var seen = new HashSet<Type>();
        Assert.Empty(sent.SelectMany(type => Faults(type, seen)));
        Assert.True(seen.Count > 40);
    }

    [Fact]
    public void A_type_that_can_be_changed_is_found() =>
        Assert.Equal(["Loose.Value can be set", "Loose.Items is List`1"], Faults(typeof(Loose), []).Order(StringComparer.Ordinal).Reverse());

    [Fact]
    public void A_type_is_sent_under_a_name_of_its_own()
    {
        var names = new TypeNames();

        Assert.True(names.TryFormat(typeof(CampaignState), out var name));
        Assert.Equal("fleet:campaign-state", name);
        Assert.True(names.TryParse("fleet:recipe", out var recipe));
        Assert.Equal(typeof(Recipe), recipe);
        Assert.False(names.TryParse("Fleet.Domain.Recipes.Recipe,Fleet.Domain", out _));
        Assert.False(names.TryFormat(typeof(ImmutabilityTests), out _));
    }

    private static IEnumerable<string> Faults(Type type, HashSet<Type> seen)
    {
        if (type.IsEnum || Plain.Contains(type) || !seen.Add(type))
        {
            return [];
        }

        if (type.IsGenericType)
        {
            return Containers.Contains(type.GetGenericTypeDefinition())
                ? type.GetGenericArguments().SelectMany(argument => Faults(argument, seen))
                : [$"{type.Name} can be changed"];
        }

        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetCustomAttribute<CompilerGeneratedAttribute>() is null && property.GetIndexParameters().Length == 0)
            .SelectMany(property => property switch
            {
                { SetMethod: { } set } when !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) =>
                    [$"{type.Name}.{property.Name} can be set"],
                { SetMethod: not null, PropertyType: { IsGenericType: true } generic }
                    when !Plain.Contains(generic) && !Containers.Contains(generic.GetGenericTypeDefinition()) =>
                    [$"{type.Name}.{property.Name} is {generic.Name}"],
                { SetMethod: null } => [],
                _ => Faults(property.PropertyType, seen),
            });
    }

    private sealed record Loose
    {
        public int Value { get; set; }

        public List<int> Items { get; init; } = [];
    }
}
