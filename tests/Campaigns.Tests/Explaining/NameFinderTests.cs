using Fleet.Campaigns.Explaining;
using Fleet.Domain.Explanations;

namespace Fleet.Campaigns.Tests.Explaining;

public sealed class NameFinderTests
{
    private static readonly Named[] Campaigns =
    [
        new(ExplanationSubject.Campaign, "uci-har-3f2a9c", "uci-har"),
        new(ExplanationSubject.Campaign, "night-0a0a0a", "night"),
        new(ExplanationSubject.Campaign, "night-1b1b1b", "night"),
    ];
    private static readonly Named[] Devices = [new(ExplanationSubject.Device, "0b7c5a52-7f2c-4d9e-8f0e-2a46f1d3c9aa", "pi4")];
    private static readonly Named[] Runs = [new(ExplanationSubject.Run, "0b7aaaaaaaaaaaaaaaaaaaaa", "0b7aaaaaaaaaaaaaaaaaaaaa")];

    [Theory]
    [InlineData("last", "uci-har-3f2a9c")]
    [InlineData("uci-har", "uci-har-3f2a9c")]
    [InlineData("night-1", "night-1b1b1b")]
    [InlineData("PI4", "0b7c5a52-7f2c-4d9e-8f0e-2a46f1d3c9aa")]
    [InlineData("0b7c", "0b7c5a52-7f2c-4d9e-8f0e-2a46f1d3c9aa")]
    [InlineData("0b7a", "0b7aaaaaaaaaaaaaaaaaaaaa")]
    public void An_id_the_beginning_of_one_or_a_name_finds_the_one(string reference, string id) =>
        Assert.Equal(id, Find(reference).Found?.Id);

    [Fact]
    public void A_board_that_is_called_as_a_run_begins_is_found_by_its_name() =>
        Assert.Equal(
            "board",
            NameFinder.Find(
                "b2",
                Campaigns,
                [new(ExplanationSubject.Device, "board", "b2")],
                [new(ExplanationSubject.Run, "b2aaaaaaaaaaaaaaaaaaaaaa", "b2aaaaaaaaaaaaaaaaaaaaaa")]).Found?.Id);

    [Fact]
    public void A_beginning_that_several_share_names_them()
    {
        var problem = Find("0b7").Problem!;
        Assert.Contains("device 0b7c5a52", problem);
        Assert.Contains("run 0b7aaa", problem);
        Assert.Contains("Give more of the id.", problem);
    }

    [Fact]
    public void An_unknown_name_gets_the_nearest_that_is_known() =>
        Assert.Equal("There is no campaign, device or run 'uci-hat'. Did you mean 'uci-har'?", Find("uci-hat").Problem);

    [Fact]
    public void Where_nothing_is_near_the_lists_are_named() => Assert.Contains("fleet device list", Find("zzzzzzzzzzzz").Problem);

    [Fact]
    public void The_last_of_no_campaigns_is_told() =>
        Assert.StartsWith("There is no campaign yet.", NameFinder.Find("last", [], Devices, []).Problem);

    private static NameMatch Find(string reference) => NameFinder.Find(reference, Campaigns, Devices, Runs);
}
