using Fleet.Interchange.Onnx;
using Fleet.Interchange.Onnx.Wire;
using Fleet.Kernels.Models;
using Google.Protobuf;

namespace Fleet.Interchange.Tests.Onnx;

/// <summary>Weights in files beside the model.</summary>
public sealed class ExternalDataTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fleet-onnx-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Initialisers_are_read_from_a_file_beside_the_model()
    {
        var model = Move("weights.bin");
        Assert.All(FuzzSeeds.Plain().Tensors, pair => Assert.Equal(pair.Value.Data, OnnxModelFile.Read(model).Document.Tensors[pair.Key].Data));
    }

    [Fact]
    public void A_folder_below_the_models_is_fine()
    {
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        OnnxModelFile.Read(Move("data/weights.bin"));
    }

    [Theory]
    [InlineData("../weights.bin")]
    [InlineData("data/../../weights.bin")]
    [InlineData("/etc/hostname")]
    [InlineData("")]
    public void A_path_that_leaves_the_folder_is_refused(string location) =>
        Assert.Contains(
            "not a file in the model's folder", Failure(Move("weights.bin", tensor => Set(tensor, "location", location))), StringComparison.Ordinal);

    [Fact]
    public void A_link_is_refused_for_it_may_lead_anywhere()
    {
        var model = Move("weights.bin", tensor => Set(tensor, "location", "link.bin"));
        File.CreateSymbolicLink(Path.Combine(folder, "link.bin"), Path.Combine(folder, "weights.bin"));
        Assert.Contains("a link", Failure(model), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("location", "other.bin", "is not there")]
    [InlineData("offset", "9999999999999", "are meant, but it has")]
    [InlineData("offset", "-4", "'-4' is no offset")]
    [InlineData("length", "4", "it is said to have 4")]
    public void A_file_that_does_not_have_the_data_is_named(string key, string value, string words) =>
        Assert.Contains(words, Failure(Move("weights.bin", tensor => Set(tensor, key, value))), StringComparison.Ordinal);

    [Fact]
    public void Tensors_that_share_their_bytes_are_refused_for_they_would_grow()
    {
        var longest = 0L;
        var model = Move("weights.bin", tensor =>
        {
            Set(tensor, "offset", "0");
            longest = Math.Max(
                longest, long.Parse(tensor.ExternalData.Single(entry => entry.Key == "length").Value, System.Globalization.CultureInfo.InvariantCulture));
        });
        using (var data = File.OpenWrite(Path.Combine(folder, "weights.bin")))
        {
            data.SetLength(longest);
        }

        Assert.Contains("the tensors up to this one", Failure(model), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_alone_have_no_folder_to_look_in() =>
        Assert.Throws<FileFormatException>(() => OnnxModelFile.Read(File.ReadAllBytes(Move("weights.bin")), "bytes"));

    private static string Failure(string model) => Assert.Throws<FileFormatException>(() => OnnxModelFile.Read(model)).Message;

    private static void Set(TensorProto tensor, string key, string value) => tensor.ExternalData.Single(entry => entry.Key == key).Value = value;

    // Every float of a plain model goes into one file.
    private string Move(string location, Action<TensorProto>? change = null)
    {
        var model = ModelProto.Parser.ParseFrom(OnnxModelFile.ToBytes(FuzzSeeds.Plain()));
        using (var data = File.Create(Path.Combine(folder, location)))
        {
            foreach (var tensor in model.Graph.Initializer.Where(tensor => tensor.DataType == (int)TensorProto.Types.DataType.Float))
            {
                tensor.DataLocation = TensorProto.Types.DataLocation.External;
                tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
                tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = $"{data.Position}" });
                tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{tensor.RawData.Length}" });
                tensor.RawData.WriteTo(data);
                tensor.RawData = ByteString.Empty;
                change?.Invoke(tensor);
            }
        }

        var path = Path.Combine(folder, "model.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }
}
