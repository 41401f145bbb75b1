using System.Text.Json;
using Fleet.Cli.Tests.Support;
using Fleet.Interchange.Arrays;
using Fleet.Interchange.Onnx;
using Fleet.Interchange.Onnx.Files;
using Fleet.Interchange.Tests.Onnx;
using Fleet.Os.Processes;
using Fleet.Tasks.Tests;
using static Fleet.Interchange.Onnx.Wire.TensorProto.Types;

namespace Fleet.Cli.Tests.Commands;

public sealed class ModelTests : IDisposable
{
    private readonly CommandHarness fleet = new();

    public void Dispose() => fleet.Dispose();

    [Fact]
    public async Task Show_prints_layers_parameters_bytes_and_MACs()
    {
        var model = Write(".onnx");
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("model", "show", model));
        // 4 * 8 * (3 + 8) weights and 32 biases; a head of 2 * (8 + 1).
        Assert.Contains("0 lstm", fleet.Out, StringComparison.Ordinal);
        Assert.Contains("32 x 8", fleet.Out, StringComparison.Ordinal);
        Assert.Contains("402", fleet.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_with_json_prints_one_document()
    {
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("model", "show", Write(".safetensors"), "--json"));
        using var document = JsonDocument.Parse(fleet.Out);
        var root = document.RootElement;
        Assert.Equal(402, root.GetProperty("parameters").GetInt64());
        Assert.Equal(402 * 4, root.GetProperty("bytes").GetInt64());
        Assert.Equal((32 * 11) + 16, root.GetProperty("macs_per_step").GetInt64());
        Assert.Equal("dense", root.GetProperty("layers")[0].GetProperty("matrices")[0].GetProperty("method").GetString());
    }

    [Fact]
    public async Task What_is_imported_and_exported_again_gives_the_same_outputs()
    {
        var imported = fleet.Folder["imported.safetensors"];
        var exported = fleet.Folder["exported.onnx"];
        var model = Write(".onnx");
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("model", "import", model, "--out", imported));
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("model", "export", imported, "--out", exported));
        Assert.Equal(File.ReadAllBytes(model), File.ReadAllBytes(exported));
    }

    [Fact]
    public async Task Run_feeds_steps_first_or_batch_first_and_gives_the_same_answers()
    {
        var x = new float[5 * 2 * 3];
        var turned = new float[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = MathF.Sin(i);
            turned[(((i / 3 % 2 * 5) + (i / 6)) * 3) + (i % 3)] = x[i];
        }

        TestFiles.Write(fleet.Folder["x.npy"], new NumericArray([5, 2, 3], x));
        TestFiles.Write(fleet.Folder["turned.npy"], new NumericArray([2, 5, 3], turned));
        var model = Write(".onnx");
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("model", "run", model, "--input", fleet.Folder["x.npy"], "--output", fleet.Folder["y.npy"]));
        Assert.Equal(
            ExitCodes.Done,
            await fleet.RunAsync("model", "run", model, "--input", fleet.Folder["turned.npy"], "--output", fleet.Folder["z.npy"], "--batch-first", "--last"));
        var y = NpyFile.Read(fleet.Folder["y.npy"]);
        Assert.Equal([2, 2], y.Shape);
        Assert.Equal(y.Data, NpyFile.Read(fleet.Folder["z.npy"]).Data);
    }

    [Fact]
    public async Task An_array_that_does_not_fit_says_what_the_model_reads()
    {
        TestFiles.Write(fleet.Folder["x.npy"], new NumericArray([5, 2, 4], new float[40]));
        Assert.Equal(
            ExitCodes.Usage, await fleet.RunAsync("model", "run", Write(".onnx"), "--input", fleet.Folder["x.npy"], "--output", fleet.Folder["y.npy"]));
        Assert.Contains("[5, 2, 4], but the model reads [steps, batch, 3]", fleet.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(fleet.Folder["y.npy"]));
    }

    [Fact]
    public async Task A_graph_of_several_inputs_is_run_with_each_given_by_its_name()
    {
        var folder = Path.Combine(RealData.Folder("onnx-node-tests"), "test_gru_seq_length");
        var inputs = new List<string>();
        foreach (var (index, name) in ((string[])["X", "W", "R", "B"]).Index())
        {
            TestFiles.Write(fleet.Folder[name], OnnxModelFile.ReadTensor(Path.Combine(folder, "test_data_set_0", $"input_{index}.pb")));
            inputs.AddRange(["--input", $"{name}={fleet.Folder[name]}"]);
        }

        Assert.Equal(ExitCodes.Done, await fleet.RunAsync(["model", "run", Path.Combine(folder, "model.onnx"), "--output", fleet.Folder["y.npy"], .. inputs]));
        var expected = OnnxModelFile.ReadTensor(Path.Combine(folder, "test_data_set_0", "output_0.pb"));
        var found = NpyFile.Read(fleet.Folder["y.npy"]);
        Assert.Equal(expected.Shape, found.Shape);
        Assert.All(expected.ToFloats().Zip(found.ToFloats()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public async Task A_graph_of_several_inputs_names_them_when_one_array_is_given()
    {
        TestFiles.Write(fleet.Folder["x.npy"], new NumericArray([1], new float[1]));
        var model = Path.Combine(RealData.Folder("onnx-node-tests"), "test_gru_seq_length", "model.onnx");
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("model", "run", model, "--input", fleet.Folder["x.npy"], "--output", fleet.Folder["y.npy"]));
        Assert.Contains("4 inputs: X, W, R, B", fleet.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("import")]
    [InlineData("show")]
    [InlineData("bench")]
    public async Task A_file_that_is_no_model_is_wrong_usage(string command)
    {
        File.WriteAllText(fleet.Folder["text.onnx"], "Not a model.");
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("model", command, fleet.Folder["text.onnx"]));
        Assert.Contains("text.onnx", fleet.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("model", command, fleet.Folder["missing.onnx"]));
        Assert.DoesNotContain("should not have happened", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Steps_below_one_are_wrong_usage() =>
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("model", "bench", Write(".onnx"), "--steps", "0"));

    [Fact]
    public async Task Threads_of_a_peer_that_is_not_named_are_wrong_usage()
    {
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("model", "bench", Write(".onnx"), "--threads", "2"));
        Assert.Contains("Name it with --against onnxruntime, or leave --threads out", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sequences_too_long_to_be_run_at_once_are_wrong_usage_that_says_how_long_they_may_be()
    {
        // A million outputs at each of 300 steps would be more than a GB.
        var model = SmallModel.WriteLanguage(fleet.Folder, 1 << 20);
        TestFiles.Write(fleet.Folder["x.npy"], new NumericArray([300, 1], new long[300]));
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("model", "run", model, "--input", fleet.Folder["x.npy"], "--output", fleet.Folder["y.npy"]));
        Assert.Contains(
            "[300, 1], sequences of 300 steps, but this model can be run over 256 at once; cut them into shorter ones", fleet.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("model", "bench", model, "--steps", "257"));
        Assert.Contains("--steps is 257, but", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("--steps 256", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_graph_that_ends_in_LogSoftmax_is_run_as_the_model_that_it_is()
    {
        var made = new ForeignGraph(13, DataType.Float, "steps", "batch", 4);
        var y = made.Squeeze(made.Recurrent("LSTM", "x", 4, 3)[0], 1);
        var model = fleet.Folder["log.onnx"];
        File.WriteAllBytes(
            model, made.Bytes(made.Graph.Node("LogSoftmax", [made.Graph.Node("MatMul", [y, made.Weights(3, 2)])], GraphWriter.Attribute("axis", -1))));
        var x = new NumericArray([5, 2, 4], Enumerable.Range(0, 40).Select(index => MathF.Sin(index)).ToArray());
        TestFiles.Write(fleet.Folder["x.npy"], x);
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("model", "run", model, "--input", fleet.Folder["x.npy"], "--output", fleet.Folder["all.npy"]));
        Assert.Equal(
            ExitCodes.Done, await fleet.RunAsync("model", "run", model, "--input", fleet.Folder["x.npy"], "--output", fleet.Folder["last.npy"], "--last"));
        var (all, last) = (NpyFile.Read(fleet.Folder["all.npy"]), NpyFile.Read(fleet.Folder["last.npy"]));
        var expected = OnnxModelFile.Run(model, new Dictionary<string, NumericArray> { ["x"] = x })[0].Value;
        Assert.Equal([5, 2, 2], all.Shape);
        Assert.Equal(expected.Shape, all.Shape);
        Assert.All(expected.ToFloats().Zip(all.ToFloats()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Equal([2, 2], last.Shape);
        Assert.Equal(all.ToFloats()[^4..], last.ToFloats());
    }

    [Theory]
    [InlineData("--last")]
    [InlineData("--batch-first")]
    public async Task What_only_models_know_is_refused_for_other_graphs(string option)
    {
        // The reversal of units behind the layer makes it no model of Fleet.
        var made = new ForeignGraph(13, DataType.Float, "steps", "batch", 4);
        var y = made.Recurrent("LSTM", "x", 4, 3)[0];
        var model = fleet.Folder["other.onnx"];
        File.WriteAllBytes(model, made.Bytes(made.Transpose(y, 3, 2, 1, 0)));
        TestFiles.Write(fleet.Folder["x.npy"], new NumericArray([5, 2, 4], new float[40]));
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("model", "run", model, "--input", fleet.Folder["x.npy"], "--output", fleet.Folder["y.npy"]));
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("model", "run", model, "--input", fleet.Folder["x.npy"], "--output", fleet.Folder["z.npy"], option));
        Assert.Contains($"{option} is for models that Fleet can import", fleet.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(fleet.Folder["z.npy"]));
    }

    private string Write(string extension) => SmallModel.Write(fleet.Folder, extension);
}
