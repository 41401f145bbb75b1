using Fleet.Interchange.Onnx;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tests;
using Fleet.OnnxRuntimePeer;
using Microsoft.ML.OnnxRuntime;

namespace Fleet.Bench;

/// <summary>
/// Language models against ONNX Runtime on one thread: embedding, two LSTM layers, and a head over the whole vocabulary for all steps of
/// a window, with and without softmax. Both must agree before anything is timed.
/// </summary>
internal static class LanguageAgainstOnnxRuntime
{
    private const string Peer = "onnxruntime-1.31.1";
    private const int Vocabulary = 10000;
    private const int Steps = 35;

    public static IEnumerable<Comparison> Run() =>
        from hidden in (int[])[200, 650] from softmax in (bool[])[false, true] select Window(hidden, softmax);

    private static Comparison Window(int hidden, bool softmax)
    {
        var cell = CellStructure.Dense(new CellShape(CellShape.Lstm, hidden, hidden));
        var structure = new ModelStructure(
            new EmbeddingStructure(Vocabulary, hidden),
            Normalised: false,
            [new LayerStructure(cell), new LayerStructure(cell)],
            new HeadStructure(HeadKind.Language, Vocabulary, softmax));
        var document = RandomModel.Create(structure, seed: 1);
        var random = new Random(3);
        long[] tokens = [.. Enumerable.Range(0, Steps).Select(_ => (long)random.Next(Vocabulary))];
        var ourTokens = Array.ConvertAll(tokens, token => (int)token);
        var (ours, theirs) = (new float[Steps * Vocabulary], new float[Steps * Vocabulary]);
        var runner = SequenceModel.Create(document).CreateRunner(Steps);
        using var options = new RunOptions();
        using var peer = PeerModel.Load(OnnxModelFile.ToBytes(document), threads: 1);
        using var binding = new PeerBinding();
        binding.Input(peer.Input, tokens, Steps, 1);
        binding.Output(peer.Output, theirs, Steps, 1, Vocabulary);
        Run();
        peer.Run(options, binding);
        Samples.Agree(ours, theirs);
        return Turns.Compare(
            softmax ? "language-softmax-window" : "language-window", $"{Vocabulary}-{hidden}-{hidden}-{Steps}", Peer, Run, () => peer.Run(options, binding));

        void Run()
        {
            runner.Reset();
            runner.RunAll(ourTokens, ours);
        }
    }
}
