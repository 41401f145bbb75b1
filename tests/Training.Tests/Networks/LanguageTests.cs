using Fleet.Kernels.Structures;
using Fleet.Training.Arithmetic;
using Fleet.Training.Networks;

namespace Fleet.Training.Tests.Networks;

public sealed unsafe class LanguageTests
{
    private const int Streams = 5;
    private const int Window = 11;
    private const int Hidden = 8;

    public static TheoryData<string> Cells => [.. CellNames.All];

    public static TheoryData<string, int, int, double, string, double> Shapes
    {
        get
        {
            var data = new TheoryData<string, int, int, double, string, double>();
            foreach (var cell in CellNames.All)
            {
                data.Add(cell, 17, 1, 0, "dense", 1);
            }

            data.Add(CellShape.Lstm, 17, 2, 0.3, "dense", 1);
            data.Add(CellShape.Gru, 17, 2, 0, "lmf", 1.3);
            data.Add(CellShape.Lstm, 17, 1, 0.2, "hmd", 1.3);
            // More rows than a block of the head has.
            data.Add(CellShape.Rnn, 205, 1, 0, "dense", 1);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Truncated_gradients_agree_with_central_differences_from_the_carried_state(
        string cell, int vocabulary, int layers, double dropout, string method, double compression)
    {
        var structure = SmallNetworks.Language(cell, vocabulary, Hidden, layers, method, compression);
        using var network = SmallNetworks.Create(structure, BatchArithmetic<double>.Best);
        using var microBatch = new NetworkMicroBatch<double>(network, Window);
        var text = new TokenStreams(SmallNetworks.Text(150, vocabulary), vocabulary, Streams);
        DropoutKey? key = dropout > 0 ? new DropoutKey(dropout, Seed: 4, Step: 2) : null;
        GradientCheck.Perturb(network);
        using var carried = new AlignedBuffer<double>(microBatch.StateSize);
        using var state = new AlignedBuffer<double>(microBatch.StateSize);
        microBatch.Forward(text, 0, 0, Window, carried.Pointer);
        Assert.Contains(carried.Span.ToArray(), value => value != 0);

        // A second window, shorter than the micro-batch can take.
        Run();
        microBatch.LearnTokens(0.1);
        var gradient = new double[network.Layout.Padded];
        fixed (double* target = gradient)
        {
            microBatch.Collect(target);
        }

        GradientCheck.AgreesWithDifferences(network, gradient, () =>
        {
            Run();
            return 0.1 * microBatch.JudgeTokens();
        }, tolerance: 1e-5);

        void Run()
        {
            carried.Span.CopyTo(state.Span);
            microBatch.Forward(text, 0, Window, Window - 2, state.Pointer, key);
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Short_windows_that_carry_their_state_tell_what_one_long_window_tells(string cell)
    {
        using var network = SmallNetworks.Create(SmallNetworks.Language(cell, 17, Hidden, layers: 2), BatchArithmetic<double>.Best);
        using var microBatch = new NetworkMicroBatch<double>(network, 24);
        var text = new TokenStreams(SmallNetworks.Text(200, 17), 17, Streams);
        using var state = new AlignedBuffer<double>(microBatch.StateSize);
        microBatch.Forward(text, 0, 0, 24, state.Pointer);
        var whole = microBatch.JudgeTokens();
        var end = state.Span.ToArray();

        state.Clear();
        var parts = 0.0;
        for (var start = 0; start < 24; start += 7)
        {
            microBatch.Forward(text, 0, start, Math.Min(7, 24 - start), state.Pointer);
            parts += microBatch.JudgeTokens();
        }

        Assert.Equal(whole, parts, 1e-10);
        Assert.Equal(end, state.Span.ToArray());
        state.Clear();
        microBatch.Forward(text, 0, 7, 7, state.Pointer);
        var forgetful = microBatch.JudgeTokens();
        Assert.NotEqual(forgetful, parts);
    }

    [Fact]
    public void Streams_are_the_text_cut_into_equal_parts_with_the_token_behind_each()
    {
        var streams = new TokenStreams([0, 1, 2, 3, 4, 5, 6, 7], vocabulary: 8, streams: 3);

        Assert.Equal((3, 2), (streams.Count, streams.Length));
        Assert.Equal([2, 3, 4], streams.From(1, 0)[..3].ToArray());
        Assert.Equal([5, 6], streams.From(2, 1)[..2].ToArray());
    }

    [Fact]
    public void Text_that_is_too_short_or_not_of_the_vocabulary_is_refused_with_what_to_change()
    {
        Assert.Contains("3 tokens cannot be cut into 3 streams", Assert.Throws<ArgumentException>(() => new TokenStreams([0, 1, 0], 2, 3)).Message);
        Assert.Equal("Token 2 is 5, but the vocabulary has 0 to 4.", Assert.Throws<ArgumentException>(() => new TokenStreams([0, 1, 5], 5, 1)).Message);
    }
}
