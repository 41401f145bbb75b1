using Fleet.Tasks.Data;
using Fleet.Tasks.Speech;

namespace Fleet.Tasks.Tests.Speech;

public sealed class RecordingTests
{
    private static readonly byte[] Sound = SmallDigits.Wav([0, 16384, -32768, 32767]);

    [Fact]
    public void Samples_are_fractions_of_full_scale_and_unknown_chunks_are_passed_over()
    {
        var recording = Recording.Read(Sound, "a.wav");
        Assert.Equal(8000, recording.SampleRateHz);
        Assert.Equal([0f, 0.5f, -1f, 32767 / 32768f], recording.Samples);
    }

    [Theory]
    [InlineData(2, 16, 1, "2 channel(s)")]
    [InlineData(1, 8, 1, "8 bits")]
    [InlineData(1, 16, 3, "coding 3")]
    public void Another_coding_is_named_with_the_way_out(short channels, short bits, short coding, string said)
    {
        var mistake = Assert.Throws<TaskDataException>(() => Recording.Read(SmallDigits.Wav([1, 2], 8000, channels, bits, coding), "a.wav")).Message;
        Assert.Contains("a.wav", mistake, StringComparison.Ordinal);
        Assert.Contains(said, mistake, StringComparison.Ordinal);
        Assert.Contains("sox", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_an_error()
    {
        for (var length = 0; length < Sound.Length; length++)
        {
            Assert.Throws<TaskDataException>(() => Recording.Read(Sound.AsSpan(0, length), "a.wav"));
        }
    }

    [Fact]
    public void Any_byte_changed_gives_a_recording_or_an_error_that_names_the_file()
    {
        for (var place = 0; place < Sound.Length; place++)
        {
            var changed = (byte[])Sound.Clone();
            changed[place] ^= 0xff;
            try
            {
                Assert.NotEmpty(Recording.Read(changed, "a.wav").Samples);
            }
            catch (TaskDataException mistake)
            {
                Assert.StartsWith("a.wav", mistake.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_short_utterance_stands_in_the_middle_of_silence() =>
        Assert.Equal([0f, 1f, 2f, 0f, 0f], Utterance.Fit([1f, 2f], 5));

    [Fact]
    public void Of_a_long_one_the_loudest_stretch_is_taken() =>
        Assert.Equal([3f, -4f, 1f], Utterance.Fit([1f, 0f, 3f, -4f, 1f, 0f], 3));
}
