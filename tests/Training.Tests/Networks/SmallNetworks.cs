using System.Numerics;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Structures;
using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Data;
using Fleet.Training.Networks;

namespace Fleet.Training.Tests.Networks;

/// <summary>Networks small enough to look into, of odd sizes so that every tail of the arithmetic is walked.</summary>
internal static class SmallNetworks
{
    public const int Features = 5;
    public const int Hidden = 13;
    public const int Classes = 3;
    public const int Steps = 7;

    public static TheoryData<string, double, string> Methods { get; } = new()
    {
        { "dense", 1, "" },
        { "hmd", 2, "" },
        { "hmd", 1.7, "k=3" },
        { "hmd", 2, "k=1,input=compressed" },
        { "lmf", 2, "" },
        { "lmf", 2, "shared=true" },
        { "lmf", 2, "shared=true,input=compressed" },
        { "lmf", 1.5, "input=compressed" },
        { "pruned", 2, "" },
        { "pruned", 4, "input=compressed" },
        { "block-sparse", 2, "" },
        { "block-sparse", 1.5, "height=8" },
        { "block-sparse", 3, "input=compressed" },
        { "kronecker", 1.8, "" },
        { "kronecker", 2.5, "" },
        { "kronecker", 3.5, "input=compressed" },
        { "doped-kronecker", 2, "" },
        { "doped-kronecker", 3, "dope=20,input=compressed" },
    };

    public static ModelStructure Structure(string method, double compression, string arguments) =>
        Structure(CellShape.Lstm, method, compression, arguments);

    public static ModelStructure Structure(
        string cell, string method, double compression, string arguments, int layers = 1, bool bidirectional = false, int features = Features,
        int hidden = Hidden)
    {
        var given = arguments.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        var stack = LayerAllocator.Allocate(CellNames.Shape(cell, features, hidden), layers, bidirectional, CellMethods.Find(method)!, compression, given);
        return new ModelStructure(Embedding: null, Normalised: true, stack, new HeadStructure(HeadKind.Sequence, Classes));
    }

    /// <summary>A language model; its embedding is as wide as <see cref="Features"/>.</summary>
    public static ModelStructure Language(string cell, int vocabulary, int hidden, int layers = 1, string method = "dense", double compression = 1) =>
        Structure(cell, method, compression, method == "dense" ? "" : "input=compressed", layers, hidden: hidden) with
        {
            Embedding = new EmbeddingStructure(vocabulary, Features),
            Normalised = false,
            Head = new HeadStructure(HeadKind.Language, vocabulary),
        };

    public static Network<T> Create<T>(ModelStructure structure, BatchArithmetic<T> arithmetic, long seed = 3)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var network = new Network<T>(structure, arithmetic);
        network.Initialise(seed);
        return network;
    }

    public static Sequences<T> Data<T>(int samples, int features = Features, int steps = Steps, int classes = Classes, long seed = 5)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = new Xoshiro256(seed);
        var inputs = new T[samples * steps * features];
        for (var index = 0; index < inputs.Length; index++)
        {
            inputs[index] = T.CreateTruncating(random.Normal());
        }

        return new Sequences<T>(steps, features, inputs, [.. Enumerable.Range(0, samples).Select(_ => (ushort)random.Below(classes))]);
    }

    /// <summary>Tokens of which each says something of the next one.</summary>
    public static int[] Text(int length, int vocabulary, long seed = 6)
    {
        var random = new Xoshiro256(seed);
        var tokens = new int[length];
        for (var index = 1; index < length; index++)
        {
            tokens[index] = random.Uniform() < 0.2 ? random.Below(vocabulary) : ((3 * tokens[index - 1]) + 1) % vocabulary;
        }

        return tokens;
    }

    public static int[] All(int samples) => [.. Enumerable.Range(0, samples)];
}
