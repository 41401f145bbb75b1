using Fleet.Kernels.Structures;
using Fleet.Kernels.Tests;

namespace Fleet.Cli.Tests.Support;

/// <summary>An LSTM of 3 features, 8 units and 2 classes.</summary>
internal static class SmallModel
{
    /// <summary>A language model of one unit.</summary>
    /// <returns>The file's path.</returns>
    public static string WriteLanguage(TemporaryFolder folder, int vocabulary)
    {
        var path = folder["language.safetensors"];
        var document = RandomModel.Create(
            new ModelStructure(
                new EmbeddingStructure(vocabulary, 1),
                Normalised: false,
                [new LayerStructure(CellStructure.Dense(new CellShape(CellShape.Rnn, 1, 1)))],
                new HeadStructure(HeadKind.Language, vocabulary)), 5);
        TestFiles.Write(path, document with { Metadata = document.Metadata with { Labels = [] } });
        return path;
    }

    /// <returns>The file's path.</returns>
    public static string Write(TemporaryFolder folder, string extension)
    {
        var document = RandomModel.Create(
            new ModelStructure(
                null,
                Normalised: false,
                [new LayerStructure(CellStructure.Dense(new CellShape(CellShape.Lstm, 3, 8)))],
                new HeadStructure(HeadKind.Sequence, 2)), 4);
        var path = folder["model" + extension];
        TestFiles.Write(path, document);
        return path;
    }
}
