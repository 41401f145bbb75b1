using Fleet.Interchange.Onnx;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tests;

namespace Fleet.Cli.Tests.Support;

/// <summary>An LSTM of 3 features, 8 units and 2 classes.</summary>
internal static class SmallModel
{
    /// <returns>The file's path.</returns>
    public static string Write(TemporaryFolder folder, string extension)
    {
        var document = RandomModel.Create(
            new ModelStructure(null, Normalised: false, [new LayerStructure(CellStructure.Dense(new CellShape(CellShape.Lstm, 3, 8)))], new HeadStructure(HeadKind.Sequence, 2)), 4);
        var path = folder["model" + extension];
        if (extension == ".onnx")
        {
            OnnxModelFile.Write(path, document);
        }
        else
        {
            ModelFile.Write(path, document);
        }

        return path;
    }
}
