using Fleet.Statistics.Tests;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Measurement.Sessions;
using Fleet.Measurement.Tests.Simulation;
using Fleet.Statistics;

namespace Fleet.Measurement.Tests.Sessions;

public sealed class RoundTests
{
    [Fact]
    public void A_drift_cancels_out_of_the_ratio()
    {
        using SimulatedBoard board = new();

        // Ten percent slower each second: over a round of 0.3 s, three percent between its first block and its last.
        board.Drift = seconds => 1 + (0.1 * seconds);
        SimulatedSession session = new SimulatedSession(board).With("dense", 400).With("hmd", 200).With("lmf", 300).Run();
        Assert.InRange(session.Measured("hmd").Ratio!.Value, 0.4995, 0.5005);
        Assert.InRange(session.Measured("lmf").Ratio!.Value, 0.7493, 0.7507);
    }

    [Fact]
    public void Rounds_end_at_the_first_look_when_nothing_varies()
    {
        using SimulatedBoard board = new();
        SimulatedSession session = new SimulatedSession(board).With("dense", 400).With("hmd", 200).Run();
        Assert.Equal("width reached", session.Measured("hmd").StoppedBy);
        Assert.Equal(8, session.Measured("hmd").Ratio!.Rounds);
        Assert.Equal(16, session.Measured("hmd").Blocks.Count);
        Assert.Null(session.Measured("dense").Ratio);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.04)]
    [InlineData(0.3)]
    public void Rounds_go_on_until_the_interval_is_narrow_and_only_then_end_early(double spread)
    {
        using SimulatedBoard board = new();
        Normal normal = new(3);
        double level = 1;
        board.Drift = _ => level;
        SimulatedModel Noisy() => new(board, 400) { OnRun = call => level = call % 60 == 0 ? Math.Exp(spread * normal.Next()) : level };
        ProtocolSettings settings = new() { TimeLimit = TimeSpan.FromSeconds(60) };
        SimulatedSession session = new SimulatedSession(board) { Settings = settings }.With("dense", Noisy).With("hmd", Noisy).Run();
        RunMeasurement hmd = session.Measured("hmd");
        Ratio ratio = hmd.Ratio!;
        Assert.Contains(ratio.Rounds, new[] { 8, 12, 18, 27, 40 });
        bool narrow = (ratio.High - ratio.Low) / ratio.Value <= 0.01;
        Assert.Equal(narrow ? "width reached" : "most rounds", hmd.StoppedBy);
        Assert.True(narrow || ratio.Rounds == 40);
    }

    [Fact]
    public void The_preset_looks_grow_by_half()
    {
        Assert.Equal([8, 12, 18, 27, 40], RoundOrder.Looks(8, 40));
        Assert.Equal([2, 3, 4, 5], RoundOrder.Looks(2, 5));
        Assert.Equal([5], RoundOrder.Looks(5, 5));
    }

    [Fact]
    public void The_time_limit_ends_the_rounds_and_the_run_says_so()
    {
        using SimulatedBoard board = new();
        SimulatedSession session = new SimulatedSession(board) { Settings = new() { TimeLimit = TimeSpan.FromSeconds(1) } }
            .With("dense", 40_000).With("hmd", 20_000).Run();
        RunMeasurement dense = session.Measured("dense");
        Assert.Equal("time limit", dense.StoppedBy);
        Assert.Equal(Validity.Suspect, dense.Validity);
        Assert.Equal((ReasonCodes.RoundsBelowMin, 8, "time limit"), (dense.Reasons[0].Code, dense.Reasons[0].Total, dense.Reasons[0].Detail));
    }

    [Fact]
    public void An_inference_longer_than_a_block_is_measured_whole()
    {
        using SimulatedBoard board = new();
        SimulatedSession session = new SimulatedSession(board).With("dense", 120_000).With("hmd", 90_000).Run();
        Assert.All(session.Measured("dense").Blocks, block => Assert.Equal(1, block.Inferences));
        Assert.Equal(0.75, session.Measured("hmd").Ratio!.Value, 1e-4);
    }

    [Fact]
    public void Each_round_is_an_order_and_its_mirror_and_orders_differ()
    {
        SeededRandom random = new(5);
        List<string> orders = [];
        for (int round = 0; round < 50; round++)
        {
            int[] order = RoundOrder.Next(random, 4);
            Assert.Equal(order[..4], order[4..].Reverse());
            Assert.Equal([0, 1, 2, 3], order[..4].Order());
            orders.Add(string.Join(',', order[..4]));
        }

        Assert.True(orders.Distinct().Count() > 15);
    }

    [Fact]
    public void The_same_seed_gives_the_same_order_and_another_seed_another()
    {
        Assert.Equal(Order(1), Order(1));
        Assert.NotEqual(Order(1), Order(2));

        static string Order(ulong seed)
        {
            using SimulatedBoard board = new();
            SimulatedSession session = new SimulatedSession(board) { Seed = seed }.With("dense", 400).With("hmd", 200).With("lmf", 300).Run();
            return string.Join(' ', session.Outcomes.SelectMany(outcome =>
                outcome.Measurement!.Blocks.Select(block => $"{outcome.Variant}@{block.Round}.{block.Position}")));
        }
    }

    [Fact]
    public void Code_that_gets_faster_only_while_it_is_measured_is_measured_anew()
    {
        using SimulatedBoard board = new();
        SimulatedSession session = new SimulatedSession(board).With("dense", 400).With("hmd", 200);
        board.Slowness = 2;
        session.BeforeRound(3, () => board.Slowness = 1).Run();
        RunMeasurement dense = session.Measured("dense");
        Assert.Equal(400, dense.Latency.Mean!.Value, 1.0);
        Assert.Equal(Validity.Valid, dense.Validity);
        Block[] before = [.. dense.Blocks.Where(block => block.Round < 3)];
        Assert.NotEmpty(before);
        Assert.All(before, block => Assert.Equal(Validity.Invalid, block.Validity));
        Assert.Contains(new Reason(ReasonCodes.Unsettled, before.Length, dense.Blocks.Count), dense.Reasons);
    }

    [Fact]
    public void Blocks_that_are_taken_back_twice_are_counted_once()
    {
        using SimulatedBoard board = new() { OthersShare = 0.5 };
        SimulatedSession session = new SimulatedSession(board).With("dense", 400).With("hmd", 200);
        board.Slowness = 4;
        session.BeforeRound(3, () => board.Slowness = 2).BeforeRound(5, () => (board.Slowness, board.OthersShare) = (1, 0)).Run();
        RunMeasurement dense = session.Measured("dense");
        Block[] before = [.. dense.Blocks.Where(block => block.Validity == Validity.Invalid)];
        Assert.Contains(before, block => block.Round < 2);
        Assert.Contains(before, block => block.Round >= 3);
        Assert.All(before, block => Assert.Equal([new Reason(ReasonCodes.Unsettled)], block.Reasons));
        Assert.Equal([new Reason(ReasonCodes.Unsettled, before.Length, dense.Blocks.Count)], dense.Reasons);
    }

    [Fact]
    public void A_board_that_gets_faster_later_is_data_and_no_new_beginning()
    {
        using SimulatedBoard board = new() { Slowness = 2 };
        SimulatedSession session = new SimulatedSession(board) { Settings = new() { MinRounds = 4, MaxRounds = 8, RatioWidth = 1e-9 } }
            .With("dense", 400, call => 1 + (0.001 * (call % 11))).With("hmd", 200).BeforeRound(6, () => board.Slowness = 1).Run();
        Assert.Equal(16, session.Measured("dense").Blocks.Count(block => block.Validity == Validity.Valid));
        Assert.Equal(0.5, session.Measured("hmd").Ratio!.Value, 0.005);
    }

    [Fact]
    public void A_session_of_one_variant_ends_when_its_own_latency_is_known()
    {
        using SimulatedBoard board = new();
        RunMeasurement dense = new SimulatedSession(board).With("dense", 400).Run().Measured("dense");
        Assert.Equal("width reached", dense.StoppedBy);
        Assert.Null(dense.Ratio);
        Assert.Equal(400, dense.Latency.P50!.Value, 0.5);
    }
}
