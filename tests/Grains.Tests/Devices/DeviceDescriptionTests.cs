using System.Collections.Immutable;

namespace Fleet.Grains.Tests.Devices;

public sealed class DeviceDescriptionTests
{
    [Theory]
    [InlineData("arch=arm64", true)]
    [InlineData("arch=ARM64", true)]
    [InlineData("arch=x64", false)]
    [InlineData("board=raspberry pi 4", true)]
    [InlineData("room=lab", true)]
    [InlineData("room=attic", false)]
    [InlineData("colour=red", false)]
    public void A_device_matches_a_tag_that_it_has(string tag, bool matches) =>
        Assert.Equal(matches, (Sample.Device() with { GivenTags = ImmutableSortedDictionary<string, string>.Empty.Add("room", "lab") }).Matches([tag]));

    [Fact]
    public void It_must_have_all_the_tags()
    {
        Assert.True(Sample.Device().Matches(["arch=arm64", "isa=neon"]));
        Assert.False(Sample.Device().Matches(["arch=arm64", "isa=avx2"]));
        Assert.True(Sample.Device().Matches([]));
    }

    [Fact]
    public void What_was_found_cannot_be_overruled_by_a_given_tag() =>
        Assert.False((Sample.Device() with { GivenTags = ImmutableSortedDictionary<string, string>.Empty.Add("arch", "x64") }).Matches(["arch=x64"]));
}
