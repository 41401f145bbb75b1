using Fleet.Tasks.Data;
using Fleet.Tasks.Speech;

namespace Fleet.Tasks.Tests.Speech;

public sealed class SpokenDigitsTests
{
    [Fact]
    public void Takes_up_to_four_are_the_test_part_and_the_name_carries_the_label()
    {
        using var digits = new SmallDigits(speakers: 2, takes: 7);
        var data = SpokenDigitsFolder.Read(digits.Folder);
        Assert.Equal(10 * 2 * 2, data.Training.Samples);
        Assert.Equal(10 * 2 * 5, data.Test.Samples);
        Assert.Equal([.. Enumerable.Range(0, 40).Select(sample => (ushort)(sample / 2 % 2))], data.Training.Groups!);
        Assert.Null(data.Test.Groups);
        Assert.Equal([.. Enumerable.Range(0, 100).Select(sample => (ushort)(sample / 10))], data.Test.Labels);
        Assert.Equal((49, 10), (data.Test.Steps, data.Test.Features));
        Assert.All(data.Test.Inputs, value => Assert.True(float.IsFinite(value)));
        Assert.StartsWith("MFCC 10 of 40", data.Notes["features"], StringComparison.Ordinal);
    }

    [Fact]
    public void Hidden_files_are_no_recordings()
    {
        using var digits = new SmallDigits();
        digits.Write("._7_speaker0_0.wav", [0, 5, 22, 7]);
        Assert.Equal(10 * 2 * 5, SpokenDigitsFolder.Read(digits.Folder).Test.Samples);
    }

    [Fact]
    public void A_recording_of_another_rate_is_named()
    {
        using var digits = new SmallDigits();
        digits.Write("3_speaker0_6.wav", SmallDigits.Wav(SmallDigits.Tone(400, 0.3), rate: 16000));
        var mistake = Mistake(digits);
        Assert.Contains("3_speaker0_6.wav has 16000 samples a second, but spoken-digits takes 8000", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_wrong_files_the_first_by_name_is_named()
    {
        using var digits = new SmallDigits();
        digits.Write("9_speaker1_6.wav", [1, 2, 3]);
        digits.Write("2_speaker1_6.wav", [1, 2, 3]);
        Assert.Contains("2_speaker1_6.wav is no WAV file", Mistake(digits), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_without_a_label_is_named()
    {
        using var digits = new SmallDigits();
        digits.Write("eleven.wav", SmallDigits.Wav([1, 2, 3]));
        Assert.Contains("eleven.wav: the name must be DIGIT_SPEAKER_TAKE.wav", Mistake(digits), StringComparison.Ordinal);
    }

    [Fact]
    public void A_digit_that_a_part_does_not_have_is_named()
    {
        using var digits = new SmallDigits(speakers: 1, takes: 6);
        File.Delete(Path.Combine(digits.Folder, "4_speaker0_5.wav"));
        Assert.Contains("the training part has no recording of 4 (four)", Mistake(digits), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_or_empty_is_named()
    {
        using var digits = new SmallDigits(speakers: 0);
        Assert.Contains("holds no WAV file", Mistake(digits), StringComparison.Ordinal);
        Assert.Contains(
            "does not exist",
            Assert.Throws<TaskDataException>(() => SpokenDigitsFolder.Read(Path.Combine(digits.Folder, "nowhere"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_real_data_set_has_its_official_parts()
    {
        var data = SpokenDigitsFolder.Read(RealData.Folder("fsdd"));
        Assert.Equal((2700, 300), (data.Training.Samples, data.Test.Samples));
        Assert.Equal("6", data.Notes["speakers"]);
        Assert.All(data.Test.Labels.CountBy(label => label), pair => Assert.Equal(30, pair.Value));
    }

    private static string Mistake(SmallDigits digits) => Assert.Throws<TaskDataException>(() => SpokenDigitsFolder.Read(digits.Folder)).Message;
}
