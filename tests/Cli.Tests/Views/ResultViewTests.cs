using Fleet.Cli.Tests.Support;
using Fleet.Cli.Views;
using Fleet.Protocol.Results;

namespace Fleet.Cli.Tests.Views;

public sealed class ResultViewTests
{
    [Fact]
    public void Eighty_columns_hold_what_decides()
    {
        const string expected = """
            uci-har, window mode: Raspberry Pi 4 Model B Rev 1.4 (arm64, neon)
            * variant   ratio        95 % verdict   accuracy        95 %     p50 validity
            * hmd-4x    0.412 0.410-0.414 faster      88.2 % 86.2-89.9 %  626 µs valid
              lmf-4x    0.441 0.439-0.443 faster      86.1 % 84.1-87.8 %  670 µs valid
            * hmd-2x    0.612 0.609-0.615 faster      90.5 % 88.5-92.2 %  930 µs valid
            * dense         -           - reference   91.4 % 89.3-93.1 % 1.52 ms valid
              pruned-4x 1.316 1.309-1.322 slower      90.0 % 88.0-91.7 % 2.00 ms suspect

            uci-har, streaming mode: Raspberry Pi 4 Model B Rev 1.4 (arm64, neon)
            * variant ratio        95 % verdict      accuracy        95 %     p50    size
              hmd-4x  0.998 0.993-1.003 inconclusive   88.2 % 86.2-89.9 % 11.9 µs 80.3 kB
            * dense       -           - reference      91.4 % 89.3-93.1 % 11.9 µs 80.5 kB

            * Pareto-best: no other is as good and as fast, and better in one of the two.
            ratio: latency over the reference's, below 1 is faster. 95 %: its interval.
            9 of 16 blocks suspect: other processes took more than 25 % of the machine's CPU
            time (pruned-4x (window))

            """;
        Assert.Equal(expected, Drawing.Draw(80, width => ResultView.Render(Samples.Table(), width)));
    }

    [Fact]
    public void A_wide_window_shows_all_that_was_measured()
    {
        const string expected = """
            uci-har, window mode: Raspberry Pi 4 Model B Rev 1.4 (arm64, neon)
            * variant   ratio        95 % verdict   accuracy        95 %     p50         95 %    mean    size compr. validity
            * hmd-4x    0.412 0.410-0.414 faster      88.2 % 86.2-89.9 %  626 µs   623-629 µs  638 µs 33.1 kB  4.02x valid
              lmf-4x    0.441 0.439-0.443 faster      86.1 % 84.1-87.8 %  670 µs   667-674 µs  684 µs 35.5 kB  4.02x valid
            * hmd-2x    0.612 0.609-0.615 faster      90.5 % 88.5-92.2 %  930 µs   926-935 µs  949 µs 49.3 kB  4.02x valid
            * dense         -           - reference   91.4 % 89.3-93.1 % 1.52 ms 1.51-1.53 ms 1.55 ms 80.5 kB  1.00x valid
              pruned-4x 1.316 1.309-1.322 slower      90.0 % 88.0-91.7 % 2.00 ms 1.99-2.01 ms 2.04 ms  106 kB  4.02x suspect

            uci-har, streaming mode: Raspberry Pi 4 Model B Rev 1.4 (arm64, neon)
            *  variant  ratio         95 %  verdict       accuracy         95 %      p50          95 %     mean     size  compr.
               hmd-4x   0.998  0.993-1.003  inconclusive    88.2 %  86.2-89.9 %  11.9 µs  11.8-11.9 µs  12.1 µs  80.3 kB   4.02x
            *  dense        -            -  reference       91.4 %  89.3-93.1 %  11.9 µs  11.8-12.0 µs  12.1 µs  80.5 kB   1.00x

            * Pareto-best: no other is as good and as fast, and better in one of the two.
            ratio: latency over the reference's, below 1 is faster. 95 %: its interval.
            9 of 16 blocks suspect: other processes took more than 25 % of the machine's CPU time (pruned-4x (window))

            """;
        Assert.Equal(expected, Drawing.Draw(120, width => ResultView.Render(Samples.Table(), width)));
    }

    [Fact]
    public void A_language_model_is_judged_in_nats_and_its_perplexity_stands_beside_them()
    {
        var table = Samples.LanguageModels();
        var text = Drawing.Draw(100, width => ResultView.Render(table, width));
        Assert.Contains("nats a token", text, StringComparison.Ordinal);
        Assert.Contains("1.612 1.592-1.629", text, StringComparison.Ordinal);
        Assert.Contains("5.01", text, StringComparison.Ordinal);
        Assert.DoesNotContain("%)", text, StringComparison.Ordinal);
        Assert.Equal(
            ["In window mode hmd-2x takes 61.2 % of the time of dense on Raspberry Pi 4 Model B Rev 1.4, with 1.655 nats a token against 1.612."],
            ClosingWords.Of(table));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(200)]
    public void No_line_is_wider_than_the_window(int columns) =>
        Assert.All(Drawing.Draw(columns, width => ResultView.Render(Samples.Table(), width)).Split('\n'), line => Assert.True(line.Length <= columns, line));

    [Fact]
    public void Seeds_are_named_where_they_tell_rows_apart()
    {
        var table = Samples.Table();
        var other = table.Rows[1] with { Row = table.Rows[1].Row with { Seed = 7 } };
        Assert.DoesNotContain("hmd-2x s1", Drawing.Draw(120, width => ResultView.Render(table, width)), StringComparison.Ordinal);
        Assert.Contains("hmd-2x s7", Drawing.Draw(120, width => ResultView.Render(table with { Rows = [.. table.Rows, other] }, width)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_found_against_the_blocks_of_many_rows_is_said_once()
    {
        const string cause = "other processes took more than 25 % of the machine's CPU time";
        var table = Samples.Table();
        var busy = table with
        {
            Rows = [.. table.Rows.Select((row, index) => row with { Row = row.Row with { Validity = "suspect", Reasons = [new(ReasonCodes.OthersBusy, index, 16)] } })],
        };
        Assert.Contains($"21 of 112 blocks suspect: {cause} (every row)\n", Drawing.Draw(120, width => ResultView.Render(busy, width)), StringComparison.Ordinal);

        var once = table with { Rows = [busy.Rows[1], .. table.Rows.Skip(5)] };
        Assert.Contains($"1 of 16 blocks suspect: {cause} (hmd-2x (window))\n", Drawing.Draw(120, width => ResultView.Render(once, width)), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_inferences_were_batched_the_mean_stands_in_for_the_median()
    {
        var table = Samples.Table();
        var batched = table with { Rows = [.. table.Rows.Select(row => row with { Row = row.Row with { LatencyUs = row.Row.LatencyUs! with { P50 = null, P50Low = null, P50High = null, Batched = true } } })] };
        var text = Drawing.Draw(80, width => ResultView.Render(batched, width));
        Assert.Contains("mean", text, StringComparison.Ordinal);
        Assert.DoesNotContain("p50", text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_rows_are_said_to_be_none() =>
        Assert.Equal("No results yet.\n", Drawing.Draw(80, width => ResultView.Render(Samples.Table() with { Rows = [] }, width)));

    [Fact]
    public void The_closing_words_name_the_fastest_of_the_best_and_what_it_costs() => Assert.Equal(
        [
            "In window mode hmd-4x takes 41.2 % of the time of dense on Raspberry Pi 4 Model B Rev 1.4, with 88.2 % accuracy against 91.4 %.",
            "In streaming mode nothing is both faster than dense and Pareto-best on Raspberry Pi 4 Model B Rev 1.4.",
        ],
        ClosingWords.Of(Samples.Table()));
}
