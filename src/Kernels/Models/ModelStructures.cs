using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Models;

/// <summary>The structure that a description describes. Nothing in it has been seen yet, so everything is checked.</summary>
internal static class ModelStructures
{
    private const int MaxLayers = 64;
    private const int MaxVocabulary = 1 << 24;

    // Column indices of sparse matrices have 16 bits.
    private const int MaxExtent = ushort.MaxValue;

    /// <exception cref="ArgumentException">It describes no structure; the message says what is wrong.</exception>
    public static ModelStructure Restore(ModelDescription description, MethodRegistry methods)
    {
        if (description.Layers.Count is < 1 or > MaxLayers)
        {
            throw new ArgumentException($"there are {description.Layers.Count} layers, but must be 1 to {MaxLayers}");
        }

        LayerStructure[] layers = [.. description.Layers.Select((layer, index) => Layer(layer, index, methods))];
        var head = description.Head;
        var structure = new ModelStructure(
            description.Embedding, description.Normalised, layers, new HeadStructure(EnumNames.Parse<HeadKind>("head", head.Kind), head.Outputs, head.Softmax))
        {
            Precision = description.Precision is { } precision ? EnumNames.Parse<Precision>("precision", precision) : Precision.Fp32,
        };
        return FindFault(structure) is { } cause ? throw new ArgumentException(cause) : structure;
    }

    /// <summary>What does not fit together between a structure's parts, or null.</summary>
    public static string? FindFault(ModelStructure structure)
    {
        if (structure.Layers.Count == 0)
        {
            return "there is no layer";
        }

        if (structure.Embedding is { } embedding)
        {
            if (embedding.Vocabulary is < 1 or > MaxVocabulary)
            {
                return $"vocabulary is {embedding.Vocabulary}, but must be 1 to {MaxVocabulary}";
            }

            if (structure.Normalised)
            {
                return "tokens cannot be normalised";
            }
        }

        var width = structure.Embedding?.Width ?? structure.Layers[0].Shape.Input;
        for (var index = 0; index < structure.Layers.Count; index++)
        {
            var layer = structure.Layers[index];
            if (layer.Shape.Input != width)
            {
                return $"layer {index}: its input is {layer.Shape.Input}, but what it reads has {width} values a step";
            }

            if (FindFault(layer) is { } cause)
            {
                return $"layer {index}: {cause}";
            }

            width = layer.Outputs;
        }

        return structure.Head switch
        {
            { Kind: HeadKind.None, Outputs: not 0 } or { Kind: HeadKind.None, Softmax: true } => "a head of kind none has neither outputs nor softmax",
            { Kind: HeadKind.None } => null,
            { Outputs: < 1 or > MaxVocabulary } head => $"outputs is {head.Outputs}, but must be 1 to {MaxVocabulary}",
            _ => null,
        };
    }

    private static string? FindFault(LayerStructure layer)
    {
        if (layer.Cells.Count != (layer.Direction == LayerDirection.Bidirectional ? 2 : 1))
        {
            return $"it has {layer.Cells.Count} cells, which does not go with {EnumNames.Of(layer.Direction)}";
        }

        foreach (var cell in layer.Cells)
        {
            var shape = cell.Shape;
            if (shape != layer.Shape)
            {
                return "its directions have cells of different shapes";
            }

            if (FindFault(shape) is { } cause)
            {
                return cause;
            }

            if (!Fits(cell.Input, shape.Gates, shape.Input) || !Fits(cell.Recurrent, shape.RecurrentGates, shape.Hidden)
                || (cell.Candidate is null ? shape.CandidateGates != 0 : !Fits(cell.Candidate, shape.CandidateGates, shape.Hidden)))
            {
                return "a matrix does not have the gates, rows and columns of the cell";
            }
        }

        return null;

        bool Fits(MatrixStructure matrix, int gates, int columns) =>
            matrix.Gates == gates && matrix.Rows == layer.Shape.Hidden && matrix.Columns == columns;
    }

    private static string? FindFault(CellShape shape)
    {
        if (!CellShape.Kinds.Contains(shape.Kind))
        {
            return $"cell '{shape.Kind}' is unknown; known are {string.Join(", ", CellShape.Kinds)}";
        }

        if ((shape.ResetBefore && shape.Kind != CellShape.Gru) || (shape.Relu && shape.Kind != CellShape.Rnn)
            || (shape.Peepholes && shape.Kind != CellShape.Lstm))
        {
            return $"reset_before is for gru, relu for rnn, peepholes for lstm; this is {shape.Kind}";
        }

        return FindFault("input", shape.Input) ?? FindFault("hidden", shape.Hidden);
    }

    private static string? FindFault(string name, int extent) =>
        extent is < 1 or > MaxExtent ? $"{name} is {extent}, but must be 1 to {MaxExtent}" : null;

    private static LayerStructure Layer(LayerDescription? layer, int index, MethodRegistry methods)
    {
        if (layer is null || layer.Matrices.Contains(null))
        {
            throw new ArgumentException($"layer {index}: it, or its matrices, are null");
        }

        var shape = new CellShape(layer.Cell, layer.Input, layer.Hidden) { ResetBefore = layer.ResetBefore, Relu = layer.Relu, Peepholes = layer.Peepholes };
        if (FindFault(shape) is { } cause)
        {
            throw new ArgumentException($"layer {index}: {cause}");
        }

        return new LayerStructure(EnumNames.Parse<LayerDirection>($"layer {index}: direction", layer.Direction), [.. layer.Matrices.Select(Cell)]);

        CellStructure Cell(Dictionary<string, MatrixDescription> matrices)
        {
            if (matrices.Count != (shape.CandidateGates == 0 ? 2 : 3))
            {
                throw new ArgumentException($"layer {index}: matrices are {string.Join(", ", matrices.Keys)}, which is not what this cell has");
            }

            return new CellStructure(
                shape,
                Matrix(CellTensors.Input, shape.Gates, shape.Input),
                Matrix(CellTensors.Recurrent, shape.RecurrentGates, shape.Hidden),
                shape.CandidateGates == 0 ? null : Matrix(CellTensors.Candidate, shape.CandidateGates, shape.Hidden));

            MatrixStructure Matrix(string name, int gates, int columns)
            {
                var place = $"layer {index}: matrix {name}";
                if (!matrices.TryGetValue(name, out var matrix) || matrix is null)
                {
                    throw new ArgumentException($"{place} is missing");
                }

                var method = methods.Find(matrix.Method)
                    ?? throw new ArgumentException(
                        $"{place}: method '{matrix.Method}' is unknown; known are {string.Join(", ", methods.All.Select(known => known.Name))}");
                return method.Restore(gates, shape.Hidden, columns, matrix.Arguments);
            }
        }
    }
}
