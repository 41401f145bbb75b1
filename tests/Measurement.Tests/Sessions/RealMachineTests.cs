using Fleet.Domain.Measuring;
using Fleet.Measurement.Boards;
using Fleet.Measurement.Boards.Collectors;
using Fleet.Measurement.Clocks;
using Fleet.Measurement.Models;
using Fleet.Measurement.Sessions;

namespace Fleet.Measurement.Tests.Sessions;

/// <summary>A session on the machine that runs the tests, whatever it is: nothing here depends on how fast or how quiet it is.</summary>
public sealed class RealMachineTests
{
    [Fact]
    public void A_session_measures_real_work_on_a_pinned_thread()
    {
        SessionPlan plan = new()
        {
            Variants = [Variant("light", 20_000), Variant("heavy", 80_000)],
            Reference = "heavy",
            Modes = [InferenceMode.Window],
            Seed = 7,
            Settings = new() { MinRounds = 3, MaxRounds = 6, BlockDuration = TimeSpan.FromMilliseconds(5), RatioWidth = 0.2 },
        };
        List<RunOutcome> outcomes = [];
        PinResult? pin = null;
        Thread thread = new(() =>
        {
            BoardRoot root = new();
            pin = ProcessorPin.PinCurrentThread(root);
            Board board = new(root, BoardCollectors.All(pin.Core ?? 0));
            new SessionRunner(new SystemClock(), board).Run(plan with { Pin = pin }, outcomes.Add, _ => { }, CancellationToken.None);
        });
        thread.Start();
        thread.Join();

        Assert.NotNull(pin);
        Assert.Equal(["light", "heavy"], outcomes.Select(outcome => outcome.Variant));
        Assert.All(outcomes, outcome => Assert.Null(outcome.Failure));
        RunMeasurement light = outcomes[0].Measurement!;
        Assert.Null(outcomes[1].Measurement!.Ratio);
        Assert.NotEmpty(light.Blocks);
        Assert.All(light.Blocks, block => Assert.True(block.MeanMicroseconds > 0));
        if (light.Validity != Validity.Invalid)
        {
            Assert.InRange(light.Ratio!.Value, 0.05, 0.9);
        }
    }

    private static MeasuredVariant Variant(string name, int additions) => new(name, name, () => new SummingModel(additions));

    private sealed class SummingModel(int additions) : IMeasuredModel, IInference
    {
        private double sum;

        public long ModelBytes => 1;

        public long? ResidentBytes => null;

        public IInference Prepare(InferenceMode mode) => this;

        public void Run()
        {
            double total = 0;
            for (int i = 1; i <= additions; i++)
            {
                total += 1.0 / i;
            }

            sum = total;
        }

        public string? CheckOutput() => sum > 0 ? null : "no sum";

        public MeasuredMetric Evaluate(InferenceMode mode, CancellationToken cancel) => new("accuracy", 1, 0.9, 1, 30);

        public void Dispose()
        {
        }
    }
}
