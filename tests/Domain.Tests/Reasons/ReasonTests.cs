using System.Reflection;
using System.Text.Json;
using Fleet.Domain.Json;
using Fleet.Domain.Reasons;

namespace Fleet.Domain.Tests.Reasons;

public sealed class ReasonTests
{
    public static TheoryData<string> Codes =>
        [.. typeof(ReasonCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(constant => (string)constant.GetRawConstantValue()!)];

    [Theory, MemberData(nameof(Codes))]
    public void Every_code_has_its_English(string code)
    {
        Assert.True(ReasonText.IsKnown(code));
        Assert.NotEqual(code, ReasonText.Of(new Reason(code, 1, 2, "detail")));
        Assert.Matches("^[a-z]+(-[a-z]+)*$", code);
    }

    [Theory]
    [InlineData("throttled", 3, 16, null, "3 of 16 blocks invalid: the board throttled its clock")]
    [InlineData("others-busy", 9, 25, null, "9 of 25 blocks suspect: other processes took more than 25 % of the machine's CPU time")]
    [InlineData(
        "wrong-output", 1, 1, "class 3 where 5 is expected",
        "1 of 1 blocks invalid: an output of the timed run differs from the expected one: class 3 where 5 is expected")]
    [InlineData("throttled", null, null, null, "the board throttled its clock")]
    [InlineData("too-few-rounds", 1, 9, "time limit", "only 1 of 9 rounds could be used (time limit)")]
    [InlineData("rounds-below-min", 5, 8, "time limit", "5 rounds could be used, fewer than the minimum of 8 (time limit)")]
    [InlineData("training-failed", null, null, "the loss is not a number", "training failed: the loss is not a number")]
    [InlineData("no-result", 3, null, "the last one: no route", "3 sessions in a row brought no result: the last one: no route")]
    [InlineData("of-a-newer-agent", 2, 3, "more", "of-a-newer-agent (2 of 3): more")]
    public void A_reason_is_written_as_a_sentence_of_its_code_count_total_and_detail(string code, int? count, int? total, string? detail, string text) =>
        Assert.Equal(text, ReasonText.Of(new Reason(code, count, total, detail)));

    [Fact]
    public void A_reason_on_its_own_is_a_whole_sentence() =>
        Assert.Equal("Training failed: no memory.", ReasonText.Sentence(new Reason(ReasonCodes.TrainingFailed, Detail: "no memory")));

    [Fact]
    public void A_reason_travels_as_code_count_total_and_detail()
    {
        var reason = new Reason(ReasonCodes.Throttled, 3, 16);
        var json = JsonSerializer.Serialize(reason, DomainJson.Default.Reason);
        Assert.Equal("""{"code":"throttled","count":3,"total":16,"detail":null}""", json);
        Assert.Equal(reason, JsonSerializer.Deserialize(json, DomainJson.Default.Reason));
        Assert.Equal(new Reason("c", Detail: "d"), JsonSerializer.Deserialize("""{"later":[1,{"x":2}],"code":"c","detail":"d"}""", DomainJson.Default.Reason));
    }

    [Theory]
    [InlineData("3 of 16 blocks invalid: the board throttled its clock", "throttled", 3, 16, null)]
    [InlineData("115 of 65 blocks invalid: the board throttled its clock", "throttled", 65, 65, null)]
    [InlineData("9 of 25 blocks suspect: other processes took more than 25 % of the machine's CPU time", "others-busy", 9, 25, null)]
    [InlineData("2 of 3 blocks invalid: an output of the timed run differs from the expected one: class 3", "wrong-output", 2, 3, "class 3")]
    [InlineData(
        "3 of 9 blocks invalid: memory pages were read from disk during the block", "text", null, null,
        "3 of 9 blocks invalid: memory pages were read from disk during the block")]
    [InlineData("the timed loop allocated memory", "allocation", null, null, null)]
    [InlineData("only 1 of 9 rounds could be used (time limit)", "too-few-rounds", 1, 9, "time limit")]
    [InlineData("5 rounds could be used, fewer than the least of 8 (time limit)", "rounds-below-min", 5, 8, "time limit")]
    [InlineData("The measuring worker was ended by signal 9.", "text", null, null, "The measuring worker was ended by signal 9.")]
    [InlineData(
        "99999999999 of 16 blocks suspect: the board throttled its clock", "text", null, null,
        "99999999999 of 16 blocks suspect: the board throttled its clock")]
    [InlineData("", "text", null, null, "")]
    public void A_reason_that_was_stored_as_text_is_read_as_data(string text, string code, int? count, int? total, string? detail) =>
        Assert.Equal(new Reason(code, count, total, detail), JsonSerializer.Deserialize(JsonSerializer.Serialize(text), DomainJson.Default.Reason));

    // As version 0.1.0 had them: today's English may change, theirs lies in stores.
    [Theory]
    [InlineData("an output of the timed run differs from the expected one: class 3", "wrong-output")]
    [InlineData("the timed loop allocated memory", "allocation")]
    [InlineData("a garbage collection ran during the block", "garbage-collection")]
    [InlineData("the supply voltage was too low: use a stronger power supply or a shorter cable", "under-voltage")]
    [InlineData("the board throttled its clock", "throttled")]
    [InlineData("the core ran at less than 90 % of its nominal clock", "clock-low")]
    [InlineData("the frequency governor was changed during the block", "governor-changed")]
    [InlineData("other processes held the measured core for more than half of the block", "core-taken")]
    [InlineData("measured before the speed had settled", "unsettled")]
    [InlineData("the kernel reports a clock below 90 % of the session's highest", "clock-reported-low")]
    [InlineData("other processes held the measured core for more than 5 % of the block", "core-shared")]
    [InlineData("other processes took more than 25 % of the machine's CPU time", "others-busy")]
    [InlineData("memory pages were read from disk during the block", "major-faults")]
    [InlineData("the board had not cooled down to where the session started, and the wait for it was used up", "not-cooled")]
    public void Every_reason_that_was_ever_stored_as_text_is_known(string text, string code) =>
        Assert.Equal(code, JsonSerializer.Deserialize(JsonSerializer.Serialize(text), DomainJson.Default.Reason)!.Code);

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"code":null}""")]
    [InlineData("""{"code":7}""")]
    [InlineData("""{"code":"c","count":1.5}""")]
    [InlineData("""{"code":"c","total":"2"}""")]
    public void What_is_no_reason_is_an_error(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, DomainJson.Default.Reason));
}
