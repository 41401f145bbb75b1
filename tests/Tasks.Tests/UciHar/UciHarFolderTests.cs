using Fleet.Tasks.Data;
using Fleet.Tasks.UciHar;

namespace Fleet.Tasks.Tests.UciHar;

public sealed class UciHarFolderTests : IDisposable
{
    private readonly SmallUciHar data = new();

    public void Dispose() => data.Dispose();

    [Fact]
    public void A_window_holds_its_channels_side_by_side_step_by_step()
    {
        var set = UciHarFolder.Read(data.Folder);

        Assert.Equal(6, set.Training.Samples);
        Assert.Equal(6, set.Test.Samples);
        Assert.Equal([0, 1, 2, 3, 4, 5], set.Training.Labels);
        var window = set.Test.Sequence(5);
        Assert.Equal(128 * 9, window.Length);
        Assert.Equal(0.127f, window[127 * 9]);
        Assert.Equal(8.002f, window[(2 * 9) + 8]);
    }

    [Fact]
    public void Exponents_tabs_carriage_returns_and_leading_blanks_are_read_as_the_original_files_have_them()
    {
        var path = data.Signal("train", "body_acc_x");
        File.WriteAllText(path, File.ReadAllText(path).Replace(" 0.127", "\t  1.8085150e-004").Replace("\n", "\r\n"));

        Assert.Equal(1.808515e-4f, UciHarFolder.Read(data.Folder).Training.Sequence(0)[127 * 9]);
    }

    [Theory]
    [InlineData(127)]
    [InlineData(129)]
    [InlineData(0)]
    public void A_row_of_wrong_length_is_named_by_file_and_line(int values)
    {
        var path = data.Signal("test", "body_gyro_y");
        data.ReplaceRow(path, 4, SmallUciHar.Row(4, values));

        Assert.Equal($"{path}:4: the row has {values} values, but a window has 128.", Mistake());
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1.5x")]
    [InlineData("1e99")]
    public void A_value_that_is_no_finite_number_is_named_by_file_line_and_place(string word)
    {
        var path = data.Signal("train", "total_acc_z");
        data.ReplaceRow(path, 2, SmallUciHar.Row(8).Replace(" 8.003 ", $" {word} "));

        Assert.Equal($"{path}:2: value 4 is '{word}', but must be a finite number.", Mistake());
    }

    [Fact]
    public void Of_several_wrong_files_the_first_in_the_order_of_channels_is_named()
    {
        data.ReplaceRow(data.Signal("train", "total_acc_z"), 1, "x");
        data.ReplaceRow(data.Signal("train", "body_acc_y"), 6, "y");

        Assert.StartsWith(data.Signal("train", "body_acc_y") + ":6:", Mistake());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("7")]
    [InlineData("walking")]
    [InlineData("1 2")]
    [InlineData("")]
    public void A_label_out_of_range_is_named_by_file_and_line(string label)
    {
        data.ReplaceRow(data.Labels("train"), 3, label);

        Assert.Equal($"{data.Labels("train")}:3: the label is '{label}', but must be 1 to 6.", Mistake());
    }

    [Fact]
    public void Labels_that_do_not_match_the_rows_name_both_counts()
    {
        File.AppendAllText(data.Labels("test"), "1\n");

        Assert.Equal($"{data.Signal("test", "body_acc_x")} has 6 rows, but {data.Labels("test")} has 7 labels. Each row needs its label.", Mistake());
    }

    [Fact]
    public void A_class_without_a_window_is_named()
    {
        data.ReplaceRow(data.Labels("train"), 4, "1");

        Assert.Equal($"{data.Labels("train")}: no row has label 4 (sitting). Every class needs at least one window.", Mistake());
    }

    [Fact]
    public void An_empty_label_file_is_named()
    {
        File.WriteAllText(data.Labels("train"), "\n");

        Assert.Equal($"{data.Labels("train")} holds no labels.", Mistake());
    }

    [Fact]
    public void An_empty_signal_file_is_named()
    {
        File.WriteAllText(data.Signal("train", "body_acc_x"), "");

        Assert.StartsWith($"{data.Signal("train", "body_acc_x")} has 0 rows", Mistake());
    }

    [Fact]
    public void A_missing_file_is_named_with_what_lies_there_instead()
    {
        File.Move(data.Signal("train", "body_acc_x"), data.Signal("train", "body_acc_q"));

        var mistake = Mistake();

        Assert.Contains("train/Inertial Signals/body_acc_x_train.txt is missing", mistake);
        Assert.Contains("{train,test}/Inertial Signals/{body_acc,body_gyro,total_acc}_{x,y,z}_{train,test}.txt", mistake);
        Assert.Contains("{train,test}/y_{train,test}.txt", mistake);
        Assert.Contains("body_acc_q_train.txt", mistake);
    }

    [Fact]
    public void A_missing_folder_is_named_with_what_lies_beside_it()
    {
        var mistake = Assert.Throws<TaskDataException>(() => UciHarFolder.Read(Path.Combine(data.Folder, "trian"))).Message;

        Assert.Contains($"The data folder {Path.Combine(data.Folder, "trian")} does not exist", mistake);
        Assert.Contains("test, train", mistake);
    }

    [Fact]
    public void A_folder_around_the_right_one_points_to_it()
    {
        var parent = Directory.CreateTempSubdirectory("fleet-uci-har-").FullName;
        var inner = Path.Combine(parent, "UCI HAR Dataset");
        Directory.Move(data.Folder, inner);
        try
        {
            var mistake = Assert.Throws<TaskDataException>(() => UciHarFolder.Read(parent)).Message;

            Assert.Contains($"Did you mean {inner}?", mistake);
        }
        finally
        {
            Directory.Move(inner, data.Folder);
            Directory.Delete(parent);
        }
    }

    [Fact]
    public void A_file_in_place_of_the_folder_is_called_one()
    {
        Assert.Contains("is a file", Assert.Throws<TaskDataException>(() => UciHarFolder.Read(data.Labels("train"))).Message);
    }

    [Fact]
    public void Who_wore_the_phone_goes_with_the_training_windows_where_the_file_is_there()
    {
        Assert.Null(UciHarFolder.Read(data.Folder).Training.Groups);
        File.WriteAllText(data.Subjects, "1\n1\n3\n3\n30\n30\n");

        var set = UciHarFolder.Read(data.Folder);

        Assert.Equal([0, 0, 2, 2, 29, 29], set.Training.Groups!);
        Assert.Null(set.Test.Groups);
    }

    [Fact]
    public void Subjects_that_are_no_numbers_or_too_few_are_named_by_file_and_line()
    {
        File.WriteAllText(data.Subjects, "1\n1\nbob\n3\n30\n30\n");
        Assert.Equal($"{data.Subjects}:3: the subject is 'bob', but must be 1 to 65535.", Mistake());

        File.WriteAllText(data.Subjects, "1\n1\n");
        Assert.StartsWith($"{data.Subjects} names the subjects of 2 windows, but there are 6.", Mistake());
    }

    private string Mistake() => Assert.Throws<TaskDataException>(() => UciHarFolder.Read(data.Folder)).Message;
}
