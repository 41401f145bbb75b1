using System.Buffers.Binary;
using System.Text;
using Fleet.Cli.Tests.Support;
using Fleet.Interchange.Arrays;
using Fleet.Os.Processes;

namespace Fleet.Cli.Tests.Commands;

/// <summary>What <c>fleet model</c> says of files that cannot be what they are given as.</summary>
public sealed class ModelMessageTests : IDisposable
{
    private readonly CommandHarness fleet = new();

    public void Dispose() => fleet.Dispose();

    [Theory]
    [InlineData("PK\u0003\u0004______________________________sd/data.pkl")]
    [InlineData("\u0080\u0002}q")]
    public async Task A_pickle_is_called_one_with_the_way_to_save_safetensors(string start)
    {
        var path = fleet.Folder["sd.pt"];
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(start + new string('_', 200)));
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("model", "import", path));
        Assert.Contains("PyTorch pickle archive", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("safetensors.torch.save_file", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_element_type_that_is_not_supported_is_no_damage()
    {
        var header = Encoding.UTF8.GetBytes("""{"lstm.weight_ih_l0":{"dtype":"F8","shape":[2],"data_offsets":[0,2]}}""");
        var file = new byte[8 + header.Length + 2];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        File.WriteAllBytes(fleet.Folder["f8.safetensors"], file);

        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("model", "import", fleet.Folder["f8.safetensors"]));
        Assert.Contains("element type 'F8' is not supported", fleet.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", fleet.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("import", "--out")]
    [InlineData("export", "--out")]
    public async Task An_output_folder_that_is_not_there_is_named_with_the_way_to_make_it(string command, string option)
    {
        var model = SmallModel.Write(fleet.Folder, command == "import" ? ".onnx" : ".safetensors");
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("model", command, model, option, fleet.Folder["none/out"]));
        Assert.Contains($"there is no folder {fleet.Folder["none"]}.", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("mkdir -p", fleet.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("model", command, model, option, fleet.Folder.Path));
        Assert.Contains($"{fleet.Folder.Path} is a folder.", fleet.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("import")]
    [InlineData("show")]
    [InlineData("bench")]
    public async Task A_folder_that_is_given_as_a_model_is_called_a_folder(string command)
    {
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("model", command, fleet.Folder.Path));
        Assert.Contains($"{fleet.Folder.Path} is a folder, not a file.", fleet.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.npy")]
    [InlineData("0=x.npy")]
    public async Task The_one_input_of_a_model_may_be_given_by_its_name(string name)
    {
        var (model, x) = (SmallModel.Write(fleet.Folder, ".onnx"), fleet.Folder[name]);
        TestFiles.Write(x, new NumericArray([2, 5, 3], Enumerable.Range(0, 30).Select(index => MathF.Sin(index)).ToArray()));
        Assert.Equal(
            ExitCodes.Done, await fleet.RunAsync("model", "run", model, "--input", x, "--output", fleet.Folder["plain.npy"], "--batch-first", "--last"));
        Assert.Equal(
            ExitCodes.Done,
            await fleet.RunAsync("model", "run", model, "--input", $"input={x}", "--output", fleet.Folder["named.npy"], "--batch-first", "--last"));
        Assert.Equal(File.ReadAllBytes(fleet.Folder["plain.npy"]), File.ReadAllBytes(fleet.Folder["named.npy"]));

        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("model", "run", model, "--input", $"other={x}", "--output", fleet.Folder["y.npy"]));
        Assert.Contains("has no input 'other'; its one input is 'input'.", fleet.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("model", "run", model, "--input", "input=h=missing.npy", "--output", fleet.Folder["y.npy"]));
        Assert.Contains("missing.npy", fleet.Error, StringComparison.Ordinal);
    }
}
