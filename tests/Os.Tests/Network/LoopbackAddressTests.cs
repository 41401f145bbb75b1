using Fleet.Os.Network;

namespace Fleet.Os.Tests.Network;

public sealed class LoopbackAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:5080", "127.0.0.1:5080")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    [InlineData("[::1]:80", "[::1]:80")]
    public void A_loopback_address_with_a_port_is_taken(string text, string address) => Assert.Equal(address, LoopbackAddress.Parse(text, "--http").ToString());

    [Theory]
    [InlineData("0.0.0.0:5080")]
    [InlineData("192.168.1.2:5080")]
    [InlineData("[::]:5080")]
    public void An_address_that_others_could_reach_is_refused_with_the_reason_and_a_way(string text)
    {
        var error = Assert.Throws<FormatException>(() => LoopbackAddress.Parse(text, "--http"));
        Assert.Contains("no TLS", error.Message);
        Assert.Contains("ssh -R", error.Message);
    }

    [Theory]
    [InlineData("5080")]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("127.0.0.1:99999")]
    [InlineData("")]
    public void Anything_else_is_told_with_the_form(string text) =>
        Assert.Contains("such as 127.0.0.1:5080", Assert.Throws<FormatException>(() => LoopbackAddress.Parse(text, "--http")).Message);
}
