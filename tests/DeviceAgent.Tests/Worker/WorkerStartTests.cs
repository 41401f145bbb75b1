using Fleet.DeviceAgent.Worker;

namespace Fleet.DeviceAgent.Tests.Worker;

public sealed class WorkerStartTests
{
    [Fact]
    public void A_worker_is_started_through_the_emulator_that_the_agent_was_told_of()
    {
        var direct = WorkerProcess.StartThisProgram("plan.json", through: null);
        var emulated = WorkerProcess.StartThisProgram("plan.json", "qemu-aarch64-static -cpu max");

        Assert.Equal(["worker", "--plan", "plan.json"], direct.ArgumentList.TakeLast(3));
        Assert.Equal("qemu-aarch64-static", emulated.FileName);
        Assert.Equal(["-cpu", "max", direct.FileName, .. direct.ArgumentList], emulated.ArgumentList);
    }
}
