using Fleet.Kernels.Structures;
using Fleet.Training.Arithmetic;
using Fleet.Training.Networks;

namespace Fleet.Training.Tests.Networks;

public sealed class CellGradientTests
{
    private const int Hidden = 8;

    public static TheoryData<string, string, double, string> CellsAndMethods
    {
        get
        {
            var data = new TheoryData<string, string, double, string>();
            foreach (var cell in CellNames.All)
            {
                data.Add(cell, "dense", 1, "");
                data.Add(cell, "hmd", 2, "k=1,input=compressed");
                data.Add(cell, "lmf", 2, "");
                data.Add(cell, "lmf", 1.5, "shared=true,input=compressed");
                data.Add(cell, "pruned", 2, "");
                data.Add(cell, "block-sparse", 2, "");
                data.Add(cell, "kronecker", 1.8, "");
                data.Add(cell, "doped-kronecker", 2, "");
                data.Add(cell, "block-sparse", 2, "height=8");
                data.Add(cell, "kronecker", 2, "");
                data.Add(cell, "doped-kronecker", 2, "");
            }

            return data;
        }
    }

    public static TheoryData<string, int, bool, double> Shapes
    {
        get
        {
            var data = new TheoryData<string, int, bool, double>();
            foreach (var cell in CellNames.All)
            {
                data.Add(cell, 1, true, 0);
                data.Add(cell, 2, false, 0.3);
                data.Add(cell, 2, true, 0);
            }

            data.Add(CellShape.Lstm, 1, false, 0.5);
            data.Add(CellShape.Lstm, 3, true, 0.25);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(CellsAndMethods))]
    public void Gradients_of_every_cell_agree_with_central_differences(string cell, string method, double compression, string arguments)
    {
        using var network = SmallNetworks.Create(SmallNetworks.Structure(cell, method, compression, arguments), BatchArithmetic<double>.Best);
        using var microBatch = new NetworkMicroBatch<double>(network, SmallNetworks.Steps);

        GradientCheck.AgreesWithDifferences(network, microBatch, SmallNetworks.Data<double>(GradientCheck.Samples));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void So_do_those_through_layers_directions_and_dropout(string cell, int layers, bool bidirectional, double dropout)
    {
        var structure = SmallNetworks.Structure(cell, "dense", 1, "", layers, bidirectional, hidden: Hidden);
        using var network = SmallNetworks.Create(structure, BatchArithmetic<double>.Best);
        using var microBatch = new NetworkMicroBatch<double>(network, SmallNetworks.Steps);
        DropoutKey? key = dropout > 0 ? new DropoutKey(dropout, Seed: 4, Step: 2) : null;

        GradientCheck.AgreesWithDifferences(network, microBatch, SmallNetworks.Data<double>(GradientCheck.Samples), key);
    }

    [Theory]
    [InlineData("hmd", 1.3)]
    [InlineData("lmf", 1.5)]
    [InlineData("pruned", 2)]
    [InlineData("kronecker", 2)]
    [InlineData("small", 2)]
    public void So_do_those_of_compressed_layers_in_both_directions(string method, double compression)
    {
        var structure = SmallNetworks.Structure(
            CellShape.Gru, method, compression, method == "small" ? "" : "input=compressed", layers: 2, bidirectional: true, hidden: Hidden);
        using var network = SmallNetworks.Create(structure, BatchArithmetic<double>.Best);
        using var microBatch = new NetworkMicroBatch<double>(network, SmallNetworks.Steps);

        GradientCheck.AgreesWithDifferences(network, microBatch, SmallNetworks.Data<double>(GradientCheck.Samples));
    }
}
