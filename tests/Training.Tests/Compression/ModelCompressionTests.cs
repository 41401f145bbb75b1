using Fleet.Kernels.Methods.Hmd;
using Fleet.Kernels.Methods.Lmf;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;
using Fleet.Tasks.Numerics;
using Fleet.Training.Compression;

namespace Fleet.Training.Tests.Compression;

public sealed class ModelCompressionTests
{
    private const int Steps = 6;

    public static TheoryData<string> Shapes { get; } = ["lstm", "peepholes", "gru", "gru before", "rnn", "fastgrnn", "bidirectional", "two layers", "language"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Units_in_another_order_leave_a_models_outputs_as_they_were(string shape)
    {
        var model = Dense.Model(Structure(shape), 11);
        var before = Outputs(model);
        var tensors = model.Tensors;
        for (var layer = 0; layer < model.Structure.Layers.Count; layer++)
        {
            for (var cell = 0; cell < model.Structure.Layers[layer].Cells.Count; cell++)
            {
                int[] order = [.. Enumerable.Range(0, model.Structure.Layers[layer].Shape.Hidden)];
                new Xoshiro256(layer + (10 * cell)).Shuffle<int>(order);
                tensors = UnitPermutation.Apply(model.Structure, tensors, layer, cell, order);
            }
        }

        var after = Outputs(model with { Tensors = tensors });

        Assert.NotEqual(Floats(model.Tensors), Floats(tensors));
        Assert.All(before.Zip(after), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.True(before.Distinct().Count() > 2);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_model_whose_units_follow_few_others_is_nearly_itself_in_hybrid_form(string shape)
    {
        // All but the first units of each cell read what the first reads; then the units are mixed up.
        var structure = Structure(shape);
        var model = Dense.Model(structure, 12);
        foreach (var (prefix, cell) in structure.Cells())
        {
            foreach (var (name, matrix) in cell.Matrices)
            {
                var weights = (float[])model.Tensors[$"{prefix}{name}.weight"].Data;
                for (var row = 0; row < matrix.Gates * matrix.Rows; row++)
                {
                    if (row % matrix.Rows >= matrix.Rows - 5)
                    {
                        var from = weights.AsSpan((row - (row % matrix.Rows)) * matrix.Columns, matrix.Columns);
                        for (var column = 0; column < matrix.Columns; column++)
                        {
                            weights[(row * matrix.Columns) + column] = from[column] * ((row % matrix.Rows) - 3) / 8;
                        }
                    }
                }
            }
        }

        var mixed = model with { Tensors = Mixed(model) };
        var hybrid = structure with
        {
            Layers = [.. structure.Layers.Select(layer => layer with { Cells = [.. layer.Cells.Select(Hybrid)] })],
        };

        var compressed = Built(hybrid, ModelCompression.Compress(mixed, hybrid));

        Assert.All(Outputs(model).Zip(Outputs(compressed)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void A_factorisation_of_full_rank_is_the_model_itself()
    {
        var structure = Structure("two layers");
        var model = Dense.Model(structure, 13);
        var full = structure with
        {
            Layers = [.. structure.Layers.Select(layer =>
                layer with { Cells = [.. layer.Cells.Select(cell => cell with { Input = Full(cell.Input), Recurrent = Full(cell.Recurrent) })] })],
        };

        var compressed = Built(full, ModelCompression.Compress(model, full));

        Assert.All(Outputs(model).Zip(Outputs(compressed)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

        static MatrixStructure Full(MatrixStructure matrix) =>
            new LmfStructure(matrix.Gates, matrix.Rows, matrix.Columns, Math.Min(matrix.Rows, matrix.Columns), false);
    }

    [Fact]
    public void A_model_of_another_shape_or_one_that_is_not_dense_is_refused_with_both_shapes()
    {
        var lstm = Structure("lstm");
        var wider = ModelStructure.Classifier(CellStructure.Dense(new CellShape(CellShape.Lstm, 4, 12)), 3);
        Refused("it is lstm 4 -> 12 with 3 outputs, but what is asked for is lstm 4 -> 11 with 3 outputs", wider, lstm);
        Refused("it is bidirectional lstm 4 -> 11 with 3 outputs, but what is asked for is lstm 4 -> 11 with 3 outputs", Structure("bidirectional"), lstm);
        var cell = lstm.Layers[0].Cells[0];
        Refused(
            "layers.0.forward.recurrent is hmd; a model to compress is dense",
            ModelStructure.Classifier(cell with { Recurrent = new HmdStructure(4, 11, 11, 3, 2) }, 3),
            lstm);
        Refused("its weights are int8; a model to compress has its weights in fp32", lstm with { Precision = Precision.Int8 }, lstm);

        static void Refused(string message, ModelStructure given, ModelStructure asked) => Assert.Equal(
            message,
            Assert.Throws<ArgumentException>(
                () => ModelCompression.Compress(new ModelDocument(new ModelMetadata(), given, new Dictionary<string, Tensor>()), asked)).Message);
    }

    // As many rich rows as there are units that follow no other; the others are one rank-1 block.
    private static CellStructure Hybrid(CellStructure cell) => cell with
    {
        Input = Hybrid(cell.Input),
        Recurrent = Hybrid(cell.Recurrent),
        Candidate = cell.Candidate is null ? null : Hybrid(cell.Candidate),
    };

    private static HmdStructure Hybrid(MatrixStructure matrix) => new(matrix.Gates, matrix.Rows, matrix.Columns, matrix.Rows - 6, 1);

    private static Dictionary<string, Tensor> Mixed(ModelDocument model)
    {
        var tensors = model.Tensors.ToDictionary();
        for (var layer = 0; layer < model.Structure.Layers.Count; layer++)
        {
            for (var cell = 0; cell < model.Structure.Layers[layer].Cells.Count; cell++)
            {
                int[] order = [.. Enumerable.Range(0, model.Structure.Layers[layer].Shape.Hidden)];
                new Xoshiro256(20 + layer + cell).Shuffle<int>(order);
                tensors = UnitPermutation.Apply(model.Structure, tensors, layer, cell, order);
            }
        }

        return tensors;
    }

    // Hybrid and low-rank weights are learnt in the order in which they are stored.
    private static ModelDocument Built(ModelStructure structure, IReadOnlyDictionary<string, double[]> weights)
    {
        var tensors = new Dictionary<string, Tensor>();
        var matrices = structure.Cells()
            .SelectMany(pair => pair.Cell.Matrices.Select(matrix => (Prefix: $"{pair.Prefix}{matrix.Name}.", matrix.Matrix))).ToArray();
        foreach (var (prefix, matrix) in matrices)
        {
            var start = 0;
            foreach (var spec in matrix.Tensors)
            {
                tensors[prefix + spec.Name] = new Tensor(prefix + spec.Name, spec.Shape, Floats(weights[prefix].AsSpan(start, (int)spec.Elements).ToArray()));
                start += (int)spec.Elements;
            }
        }

        foreach (var spec in ModelDocument.Expected(structure).Where(spec => !tensors.ContainsKey(spec.Name)))
        {
            tensors[spec.Name] = new Tensor(spec.Name, spec.Shape, Floats(weights[spec.Name]));
        }

        return new ModelDocument(new ModelMetadata(), structure, tensors);

        static float[] Floats(double[] values) => Array.ConvertAll(values, value => (float)value);
    }

    private static float[] Outputs(ModelDocument document)
    {
        var structure = document.Structure;
        var runner = SequenceModel.Create(document).CreateRunner(Steps);
        var outputs = new float[structure.Outputs * (structure.AnswersEachStep ? Steps : 1)];
        if (structure.Embedding is not null)
        {
            runner.RunAll([1, 0, 4, 3, 2, 2], outputs);
        }
        else
        {
            runner.Run(Array.ConvertAll(Dense.Random(structure.Features * Steps, 14), value => (float)value), Steps, outputs);
        }

        return outputs;
    }

    private static float[] Floats(IReadOnlyDictionary<string, Tensor> tensors) =>
        [.. tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => (float[])pair.Value.Data)];

    private static ModelStructure Structure(string shape)
    {
        var head = new HeadStructure(HeadKind.Sequence, 3);
        return shape switch
        {
            "lstm" => ModelStructure.Classifier(Cell(CellShape.Lstm), 3),
            "peepholes" => ModelStructure.Classifier(CellStructure.Dense(new CellShape(CellShape.Lstm, 4, 11) { Peepholes = true }), 3),
            "gru" => ModelStructure.Classifier(Cell(CellShape.Gru), 3),
            "gru before" => ModelStructure.Classifier(CellStructure.Dense(new CellShape(CellShape.Gru, 4, 11) { ResetBefore = true }), 3),
            "rnn" => ModelStructure.Classifier(Cell(CellShape.Rnn), 3),
            "fastgrnn" => ModelStructure.Classifier(Cell(CellShape.FastGrnn), 3),
            "bidirectional" =>
                new ModelStructure(null, true, [new LayerStructure(LayerDirection.Bidirectional, [Cell(CellShape.Lstm), Cell(CellShape.Lstm)])], head),
            "two layers" => new ModelStructure(
                null,
                false,
                [
                    new LayerStructure(LayerDirection.Bidirectional, [Cell(CellShape.Gru), Cell(CellShape.Gru)]),
                    new LayerStructure(CellStructure.Dense(new CellShape(CellShape.Lstm, 22, 9))),
                ],
                head),
            _ => new ModelStructure(
                new EmbeddingStructure(5, 4), false, [new LayerStructure(Cell(CellShape.Lstm))], new HeadStructure(HeadKind.Language, 5)),
        };

        static CellStructure Cell(string kind) => CellStructure.Dense(new CellShape(kind, 4, 11));
    }
}
