using Fleet.Kernels.Models;
using Fleet.Training.Arithmetic;
using Fleet.Training.Compression;
using Fleet.Training.Networks;
using Fleet.Training.Quantisation;
using Fleet.Training.Runs;

namespace Fleet.Training.Calibration;

/// <summary>
/// Quantises a trained model: it is run in fp32 over windows of the training part, never of what is held back or of the test set,
/// to see what each matrix is multiplied with, and <see cref="RowClipping"/> chooses by that. Activations need no calibration: they
/// have their scale from each vector.
/// </summary>
public static class PostTrainingQuantisation
{
    public static ModelDocument Quantise(ModelDocument model, TrainingPlan plan, int threads, CancellationToken cancel) =>
        Quantiser.Quantise(model, RowClipping.Choose(model, Look(model, plan, cancel), threads, cancel));

    private static Dictionary<string, SecondMoments> Look(ModelDocument model, TrainingPlan plan, CancellationToken cancel)
    {
        using var network = new Network<float>(model.Structure, BatchArithmetic<float>.Best);
        network.Begin(TrainedWeights.Of(model));
        var moments = new Dictionary<string, SecondMoments>();
        for (var layer = 0; layer < network.Layers.Count; layer++)
        {
            for (var place = 0; place < network.Layers[layer].Count; place++)
            {
                foreach (var placed in network.Layers[layer][place].Matrices)
                {
                    var prefix = ModelDocument.MatrixPrefix(layer, model.Structure.Layers[layer].IsReverse(place), placed.Name);
                    placed.Matrix.Reads = moments[prefix] = new SecondMoments(placed.Matrix.Columns);
                }
            }
        }

        network.Head.Reads = moments[ModelDocument.HeadPrefix] = new SecondMoments(network.Head.Columns);
        plan.Look(network, cancel);
        return moments;
    }
}
