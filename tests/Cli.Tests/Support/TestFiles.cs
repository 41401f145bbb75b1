using Fleet.Interchange.Arrays;
using Fleet.Interchange.Onnx;
using Fleet.Kernels.Models;

namespace Fleet.Cli.Tests.Support;

/// <summary>Models and arrays as files.</summary>
internal static class TestFiles
{
    public static void Write(string path, ModelDocument model)
    {
        if (Path.GetExtension(path) == ".onnx")
        {
            File.WriteAllBytes(path, OnnxModelFile.ToBytes(model));
            return;
        }

        using var file = File.Create(path);
        ModelFile.Write(file, model);
    }

    public static void Write(string path, NumericArray array)
    {
        using var file = File.Create(path);
        NpyFile.Write(file, array);
    }
}
