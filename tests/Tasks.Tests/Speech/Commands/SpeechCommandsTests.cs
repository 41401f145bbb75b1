using Fleet.Tasks.Data;
using Fleet.Tasks.Numerics;
using Fleet.Tasks.Speech.Commands;

namespace Fleet.Tasks.Tests.Speech.Commands;

public sealed class SpeechCommandsTests
{
    private static readonly string[] TenAndTwo = ["yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go", "bed", "learn"];

    [Theory]
    [InlineData("p0", false)]
    [InlineData("p25", false)]
    [InlineData("p3", true)]
    [InlineData("p41", true)]
    [InlineData("speaker7", true)]
    [InlineData("0a7c2a8d", false)]
    public void The_hash_of_the_speaker_tells_the_part_as_the_data_sets_own_rule_does(string speaker, bool testing) =>
        Assert.All(["0", "17"], take => Assert.Equal(testing, CommandSplit.IsTesting(new CommandRecording("", "yes", $"{speaker}_nohash_{take}.wav"))));

    [Fact]
    public void Without_lists_the_hash_splits_and_the_folder_is_the_label()
    {
        using var commands = new SmallCommands();

        var data = SpeechCommandsFolder.Read(commands.Folder);

        Assert.Equal((35 * 3 * 2, 35 * 2), (data.Training.Samples, data.Test.Samples));
        Assert.Equal((49, 10), (data.Test.Steps, data.Test.Features));
        // Folders come in the order of their names: backward is label 30, bed 20.
        Assert.Equal([30, 30, 20, 20], data.Test.Labels[..4]);
        Assert.Equal([0, 0, 1, 1, 2, 2], data.Training.Groups![..6]);
        Assert.Null(data.Test.Groups);
        Assert.StartsWith("hash of the speaker", data.Notes["split"]);
        Assert.EndsWith("16000 Hz", data.Notes["features"]);
    }

    [Fact]
    public void Hidden_files_are_neither_recordings_nor_noise()
    {
        using var commands = new SmallCommands(words: TenAndTwo);
        var samples = SpeechCommandsFolder.ReadTwelveClasses(commands.Folder).Training.Samples;
        commands.Write("bed/._p0_nohash_0.wav", [0, 5, 22, 7]);
        commands.Write("_background_noise_/._hum.wav", [0, 5, 22, 7]);

        Assert.Equal(samples, SpeechCommandsFolder.ReadTwelveClasses(commands.Folder).Training.Samples);
    }

    [Fact]
    public void With_lists_the_testing_list_splits()
    {
        using var commands = new SmallCommands(rate: 8000);
        File.WriteAllLines(commands.List("validation_list.txt"), SpeechCommandsFolder.Task.Labels.Select(word => $"{word}/p0_nohash_0.wav"));
        File.WriteAllLines(commands.List("testing_list.txt"), [.. SpeechCommandsFolder.Task.Labels.Select(word => $"{word}/p1_nohash_1.wav"), ""]);

        var data = SpeechCommandsFolder.Read(commands.Folder);

        Assert.Equal((35 * 7, 35), (data.Training.Samples, data.Test.Samples));
        Assert.Equal("testing_list.txt", data.Notes["split"]);
        Assert.EndsWith("8000 Hz", data.Notes["features"]);
    }

    [Fact]
    public void Twelve_classes_are_ten_commands_as_much_of_other_words_and_as_much_silence()
    {
        using var commands = new SmallCommands(words: TenAndTwo);

        var data = SpeechCommandsFolder.ReadTwelveClasses(commands.Folder);
        var again = SpeechCommandsFolder.ReadTwelveClasses(commands.Folder);

        Assert.All(data.Training.Labels.CountBy(label => label), pair => Assert.Equal(6, pair.Value));
        Assert.All(data.Test.Labels.CountBy(label => label), pair => Assert.Equal(2, pair.Value));
        Assert.Equal((12 * 6, 12 * 2), (data.Training.Samples, data.Test.Samples));
        Assert.Equal([.. Enumerable.Repeat((ushort)11, 6)], data.Training.Labels[^6..]);
        // Three speakers and two noises; in the order of names: hum.wav, p0, p1, p25, tap.wav.
        Assert.Equal([0, 4, 0, 4, 0, 4], data.Training.Groups![^6..]);
        Assert.Equal(5, data.Training.Groups!.Distinct().Count());
        Assert.Equal(data.Training.Inputs, again.Training.Inputs);
    }

    [Fact]
    public void A_folder_called_silence_is_another_word()
    {
        using var commands = new SmallCommands(words: [.. TenAndTwo, "silence"]);

        var data = SpeechCommandsFolder.ReadTwelveClasses(commands.Folder);

        Assert.All(data.Training.Labels.CountBy(label => label), pair => Assert.Equal(6, pair.Value));
    }

    [Fact]
    public void Silence_is_of_other_seconds_in_the_test_part_than_in_the_training_part()
    {
        using var commands = new SmallCommands(words: TenAndTwo);
        // Of 100 seconds the first 90 are for training: they are silent, and the rest is loud.
        var noise = new short[100 * 16000];
        for (var sample = 90 * 16000; sample < noise.Length; sample++)
        {
            noise[sample] = (short)(sample % 16 < 8 ? 20000 : -20000);
        }

        File.Delete(commands.List("_background_noise_/tap.wav"));
        commands.Write("_background_noise_/hum.wav", SmallDigits.Wav(noise, 16000));

        var data = SpeechCommandsFolder.ReadTwelveClasses(commands.Folder);

        var floor = data.Training.Sequence(data.Training.Samples - 1)[0];
        Assert.All(Enumerable.Range(66, 6), sample =>
            Assert.Equal(floor, data.Training.Sequence(sample)[..490].ToArray().Where((_, index) => index % 10 == 0).Max(), 3));
        Assert.All(Enumerable.Range(22, 2), sample => Assert.True(data.Test.Sequence(sample)[0] > floor));
    }

    [Theory]
    [InlineData("testing_list.txt", "yes/nobody_nohash_0.wav", "testing_list.txt:2: there is no recording 'yes/nobody_nohash_0.wav'")]
    [InlineData("testing_list.txt", "yes", "testing_list.txt:2: there is no recording 'yes'")]
    [InlineData("validation_list.txt", "../yes/p0_nohash_0.wav", "validation_list.txt:2: there is no recording")]
    [InlineData("testing_list.txt", "no/p0_nohash_0.wav", "testing_list.txt:2: 'no/p0_nohash_0.wav' is also in validation_list.txt")]
    public void A_list_that_is_wrong_is_named_by_file_and_line(string list, string line, string said)
    {
        using var commands = new SmallCommands(words: TenAndTwo);
        File.WriteAllText(commands.List("validation_list.txt"), "no/p0_nohash_0.wav\n");
        File.WriteAllText(commands.List("testing_list.txt"), "yes/p1_nohash_0.wav\n");
        File.AppendAllText(commands.List(list), line + "\n");

        Assert.Contains(said, TwelveMistake(commands));
    }

    [Fact]
    public void Any_bytes_of_a_list_change_nothing_or_are_an_error_that_names_the_line()
    {
        using var commands = new SmallCommands(words: TenAndTwo);
        var recordings = CommandRecordings.Find(commands.Folder);
        var list = recordings.Where((_, index) => index % 5 == 0).Select(recording => recording.Entry).ToArray();
        File.WriteAllText(commands.List("validation_list.txt"), "");
        var random = new Xoshiro256(11);
        var refused = 0;
        for (var draw = 0; draw < 200; draw++)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(string.Join('\n', list));
            bytes[random.Below(bytes.Length)] = (byte)random.Below(256);
            File.WriteAllBytes(commands.List("testing_list.txt"), bytes);
            try
            {
                Assert.Subset(recordings.Select(recording => recording.Entry).ToHashSet(), CommandSplit.Of(commands.Folder, recordings).Testing.ToHashSet());
            }
            catch (TaskDataException mistake)
            {
                refused++;
                Assert.Matches("testing_list.txt:[0-9]+: there is no recording", mistake.Message);
            }
        }

        Assert.InRange(refused, 150, 200);
    }

    [Fact]
    public void One_list_without_the_other_is_named()
    {
        using var commands = new SmallCommands(words: TenAndTwo);
        File.WriteAllText(commands.List("testing_list.txt"), "");

        Assert.Contains("testing_list.txt is there, but validation_list.txt is not", TwelveMistake(commands));
    }

    [Fact]
    public void A_recording_of_another_rate_than_the_first_is_named_and_so_is_a_rate_that_the_task_does_not_take()
    {
        using var commands = new SmallCommands(words: TenAndTwo);
        commands.Write("up/p1_nohash_0.wav", SmallDigits.Wav([1, 2, 3], rate: 8000));
        Assert.Contains("up/p1_nohash_0.wav has 8000 samples a second, but", TwelveMistake(commands));

        using var fast = new SmallCommands(rate: 44100, words: TenAndTwo);
        Assert.Contains("has 44100 samples a second, but speech-commands-12 takes 16000 or 8000", TwelveMistake(fast));
    }

    [Fact]
    public void A_recording_that_is_cut_short_is_named()
    {
        using var commands = new SmallCommands();
        commands.Write("wow/p0_nohash_1.wav", commands.Tone(0.1)[..200]);

        Assert.Contains("wow/p0_nohash_1.wav is cut short", Mistake(commands));
    }

    [Fact]
    public void A_word_that_is_missing_or_that_a_part_does_not_have_is_named()
    {
        using var commands = new SmallCommands();
        Directory.Delete(commands.List("tree"), recursive: true);
        Assert.Contains("the training part has no recording of 'tree'", Mistake(commands));

        using var silent = new SmallCommands(words: TenAndTwo);
        File.Delete(silent.List("off/p3_nohash_0.wav"));
        File.Delete(silent.List("off/p3_nohash_1.wav"));
        Assert.Contains("the test part has no recording of 'off'", TwelveMistake(silent));
    }

    [Fact]
    public void A_word_that_is_none_of_the_thirty_five_is_named_with_the_task_that_takes_it()
    {
        using var commands = new SmallCommands(words: [.. SpeechCommandsFolder.Task.Labels, "hello"]);

        Assert.Contains("hello is no word of speech-commands. Take the folder out, or use speech-commands-12", Mistake(commands));
    }

    [Fact]
    public void What_the_classes_of_other_words_and_of_silence_need_is_said()
    {
        using var commands = new SmallCommands(words: TenAndTwo[..10]);
        Assert.Contains("has only commands, but the class 'unknown' is made of other words", TwelveMistake(commands));

        using var brief = new SmallCommands(words: TenAndTwo);
        brief.Write("_background_noise_/hum.wav", brief.Tone(5));
        Assert.Contains("hum.wav has 80000 samples, but at least 160000 are needed", TwelveMistake(brief));

        Directory.Delete(brief.List("_background_noise_"), recursive: true);
        Assert.Contains("_background_noise_ holds no WAV file", TwelveMistake(brief));
    }

    [Fact]
    public void A_folder_around_the_right_one_points_to_it()
    {
        using var commands = new SmallCommands(words: TenAndTwo);
        var parent = Directory.CreateTempSubdirectory("fleet-commands-").FullName;
        var inner = Path.Combine(parent, "speech_commands_v0.02");
        Directory.Move(commands.Folder, inner);
        try
        {
            Assert.Contains($"Did you mean {inner}?", Assert.Throws<TaskDataException>(() => SpeechCommandsFolder.Read(parent)).Message);
        }
        finally
        {
            Directory.Move(inner, commands.Folder);
            Directory.Delete(parent);
        }
    }

    private static string Mistake(SmallCommands commands) => Assert.Throws<TaskDataException>(() => SpeechCommandsFolder.Read(commands.Folder)).Message;

    private static string TwelveMistake(SmallCommands commands) =>
        Assert.Throws<TaskDataException>(() => SpeechCommandsFolder.ReadTwelveClasses(commands.Folder)).Message;
}
