using Fleet.Kernels.Structures;
using Fleet.Training.Arithmetic;
using Fleet.Training.Networks;

namespace Fleet.Training.Tests.Networks;

public sealed unsafe class DistillationTests
{
    private const int Samples = GradientCheck.Samples;

    [Fact]
    public void Loss_and_gradient_are_as_worked_out_by_hand()
    {
        // Two classes, one sample; the teacher says 0.8 and 0.2, the student at T = 2 0.5 and 0.5, at T = 1 with label 0 the
        // cross-entropy is 0.7 and its gradient -0.5 and 0.5. KL = 0.8 ln 1.6 + 0.2 ln 0.4 = 0.192745.
        var distillation = new Distillation<double>(Weight: 0.25, Temperature: 2, [0.8, 0.2]);
        var soft = new double[2 * MicroBatch.Samples];
        var gradient = new double[2 * MicroBatch.Samples];
        (soft[0], soft[MicroBatch.Samples], gradient[0], gradient[MicroBatch.Samples]) = (0.5, 0.5, -0.5, 0.5);

        double loss;
        fixed (double* pointer = gradient)
        {
            loss = distillation.Mix(0.7, [0], soft, pointer);
        }

        // 0.75 * 0.7 + 0.25 * 4 * 0.192745; 0.75 * -0.5 + 0.25 * 2 * (0.5 - 0.8).
        Assert.Equal(0.717745, loss, 1e-6);
        Assert.Equal(-0.525, gradient[0], 1e-12);
        Assert.Equal(0.525, gradient[MicroBatch.Samples], 1e-12);
        Assert.All(gradient.Where((_, index) => index % MicroBatch.Samples != 0), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(CellShape.Lstm, "hmd", 2, 0.4, 3)]
    [InlineData(CellShape.Gru, "dense", 1, 1, 2)]
    [InlineData(CellShape.FastGrnn, "kronecker", 2, 0.7, 0.5)]
    public void Gradients_agree_with_central_differences(string cell, string method, double compression, double weight, double temperature)
    {
        var data = SmallNetworks.Data<double>(Samples);
        using var teacher = SmallNetworks.Create(SmallNetworks.Structure(cell, "dense", 1, ""), BatchArithmetic<double>.Best, seed: 8);
        GradientCheck.Perturb(teacher);
        var distillation = Distillation<double>.Of(teacher, data, SmallNetworks.All(Samples), weight, temperature);
        using var network = SmallNetworks.Create(SmallNetworks.Structure(cell, method, compression, ""), BatchArithmetic<double>.Best);
        using var microBatch = new NetworkMicroBatch<double>(network, SmallNetworks.Steps);
        GradientCheck.Perturb(network);
        var gradient = new double[network.Layout.Padded];
        Loss();
        microBatch.Backward(1.0 / Samples);
        fixed (double* target = gradient)
        {
            microBatch.Collect(target);
        }

        GradientCheck.AgreesWithDifferences(network, gradient, Loss);

        double Loss()
        {
            microBatch.Forward(data, SmallNetworks.All(Samples));
            return microBatch.Judge(data, SmallNetworks.All(Samples), distillation).Loss / Samples;
        }
    }

    [Fact]
    public void A_student_that_answers_as_the_teacher_does_has_nothing_to_learn_from_it()
    {
        var data = SmallNetworks.Data<double>(Samples);
        using var teacher = SmallNetworks.Create(SmallNetworks.Structure(CellShape.Lstm, "dense", 1, ""), BatchArithmetic<double>.Best);
        var distillation = Distillation<double>.Of(teacher, data, SmallNetworks.All(Samples), weight: 1, temperature: 4);
        using var microBatch = new NetworkMicroBatch<double>(teacher, SmallNetworks.Steps);
        microBatch.Forward(data, SmallNetworks.All(Samples));

        Assert.Equal(0, microBatch.Judge(data, SmallNetworks.All(Samples), distillation).Loss, 1e-12);
        microBatch.Backward(1);
        var gradient = new double[teacher.Layout.Padded];
        fixed (double* target = gradient)
        {
            microBatch.Collect(target);
        }

        Assert.All(gradient, value => Assert.Equal(0, value, 1e-12));
    }

    [Fact]
    public void The_teacher_is_asked_about_the_samples_that_are_trained_on_and_its_answers_are_probabilities()
    {
        var data = SmallNetworks.Data<float>(50);
        using var teacher = SmallNetworks.Create(SmallNetworks.Structure(CellShape.Lstm, "dense", 1, ""), BatchArithmetic<float>.Best);
        int[] asked = [.. Enumerable.Range(0, 50).Where(sample => sample % 3 != 0)];

        var answers = Distillation<float>.Of(teacher, data, asked, 0.5, 2).Probabilities.Chunk(SmallNetworks.Classes).ToArray();

        Assert.All(answers.Index(), answer => Assert.Equal(answer.Index % 3 == 0 ? 0 : 1, answer.Item.Sum(), 1e-5));
        Assert.Equal(asked.Length, asked.Select(sample => answers[sample][0]).Distinct().Count());
    }
}
