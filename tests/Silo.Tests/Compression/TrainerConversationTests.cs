using Fleet.Campaigns.Ports;
using Fleet.Domain.Jobs;
using Fleet.Domain.Text;
using Fleet.Silo.Compression;

namespace Fleet.Silo.Tests.Compression;

public sealed class TrainerConversationTests
{
    private const string Done = """{"event":"done","model":{"sha256":"x","bytes":1,"compression":1,"compression_model":1,"parameters":"""
        + """1,"macs_per_step":1,"validation":0.5,"method_parameters":{},"training_seconds":1}}""";
    private readonly List<string> said = [];
    private readonly TrainerConversation conversation;

    public TrainerConversationTests() => conversation = new TrainerConversation(new Listener(said));

    [Fact]
    public void A_trainer_that_is_done_has_a_model()
    {
        conversation.Output("""{"event":"epoch","epoch":1}""");
        conversation.Output(Done);
        Assert.Equal("x", conversation.Conclude(0).Sha256);
        Assert.Equal(["epoch", "done"], said);
    }

    [Fact]
    public void A_trainer_that_failed_says_why()
    {
        conversation.Output("""{"event":"failed","reason":"the loss is not a number"}""");
        Assert.Equal("the loss is not a number", Assert.Throws<CompressionFailedException>(() => conversation.Conclude(1)).Message);
    }

    [Fact]
    public void A_trainer_that_crashed_is_quoted()
    {
        conversation.Output("Unhandled exception.");
        conversation.Error("Out of memory.");
        Assert.Equal(
            "The trainer ended with code 1: Unhandled exception. / Out of memory.",
            Assert.Throws<CompressionFailedException>(() => conversation.Conclude(1)).Message);
    }

    [Fact]
    public void A_trainer_that_was_killed_is_told_with_the_signal_and_how_far_it_was()
    {
        conversation.Output("""{"event":"epoch","epoch":3}""");
        conversation.Output("""{"event":"waiting"}""");
        var killed = Assert.Throws<TrainerKilledException>(() => conversation.Conclude(137));
        Assert.Equal(("The trainer was ended by signal 9 and gave no reason.", 3), (killed.Message, killed.Epoch));
    }

    [Fact]
    public void A_trainer_on_a_full_disk_has_not_failed_for_good()
    {
        conversation.Output("""{"event":"failed","reason":"The disk is full.","out_of_space":true}""");
        Assert.Equal("The disk is full.", Assert.Throws<OutOfSpaceException>(() => conversation.Conclude(1)).Message);
    }

    [Fact]
    public void A_trainer_that_said_done_but_failed_after_it_has_no_model()
    {
        conversation.Output(Done);
        Assert.Throws<CompressionFailedException>(() => conversation.Conclude(1));
    }

    [Fact]
    public void A_trainer_that_was_interrupted_did_not_fail() => Assert.Throws<OperationCanceledException>(() => conversation.Conclude(130));

    private sealed class Listener(List<string> said) : IProgress<TrainingEvent>
    {
        public void Report(TrainingEvent value) => said.Add(value.Event.Word());
    }
}
