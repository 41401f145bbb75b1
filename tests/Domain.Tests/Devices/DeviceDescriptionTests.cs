using System.Collections.Immutable;
using Fleet.Domain.Devices;

namespace Fleet.Domain.Tests.Devices;

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
        Assert.Equal(matches, (Pi with { GivenTags = ImmutableSortedDictionary<string, string>.Empty.Add("room", "lab") }).Matches([tag]));

    [Fact]
    public void It_must_have_all_the_tags()
    {
        Assert.True(Pi.Matches(["arch=arm64", "isa=neon"]));
        Assert.False(Pi.Matches(["arch=arm64", "isa=avx2"]));
        Assert.True(Pi.Matches([]));
    }

    [Fact]
    public void What_was_found_cannot_be_overruled_by_a_given_tag() =>
        Assert.False((Pi with { GivenTags = ImmutableSortedDictionary<string, string>.Empty.Add("arch", "x64") }).Matches(["arch=x64"]));

    private static DeviceDescription Pi { get; } = new()
    {
        Device = "00000000-0000-0000-0000-000000000001",
        Name = "pi",
        AgentVersion = "1",
        Board = "Raspberry Pi 4",
        Arch = "arm64",
        Isa = "neon",
        Cores = 4,
        MemoryBytes = 1 << 30,
        Os = "linux",
        Kernel = "6.1",
        Runtime = "aot",
        Emulated = false,
        Machine = "pi",
        GivenTags = ImmutableSortedDictionary<string, string>.Empty,
    };
}
