using Fleet.DeviceAgent.Diagnostics;

namespace Fleet.DeviceAgent.Tests.Diagnostics;

public sealed class AgentLogTests
{
    [Fact]
    public void A_log_that_cannot_be_written_does_not_stop_the_agent()
    {
        using var output = new FullDisk();

        new AgentLog(output, TimeProvider.System).Write("nobody hears this");

        Assert.True(output.Tried);
    }

    private sealed class FullDisk : StringWriter
    {
        public bool Tried { get; private set; }

        public override void Flush()
        {
            Tried = true;
            throw new IOException("No space left on device");
        }
    }
}
