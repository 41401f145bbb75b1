using Fleet.Cli.Tests.Support;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Reports.Terminal;

namespace Fleet.Cli.Tests.Views;

public sealed class ResultViewTests
{
    [Fact]
    public void Eighty_columns_hold_what_decides()
    {
        const string expected = """
            uci-har, window mode: Raspberry Pi 4 Model B Rev 1.4 (arm64, neon)
              variant   ratio        95 % speed     accuracy       vs dense     p50 validity
            * hmd-4x    0.412 0.410-0.414 faster      88.2 % -3.2 undecided  626 µs valid
              lmf-4x    0.441 0.439-0.443 faster      86.1 %      -5.3 loss  670 µs valid
            ~ hmd-2x    0.612 0.609-0.615 faster      90.5 % -0.8 undecided  930 µs valid
            ~ dense         -           - reference   91.4 %              - 1.52 ms valid
              pruned-4x 1.316 1.309-1.322 slower      90.0 % -1.4 undecided 2.00 ms suspect

            uci-har, streaming mode: Raspberry Pi 4 Model B Rev 1.4 (arm64, neon)
               variant  ratio         95 %  speed      accuracy        vs dense      p50
            ~  hmd-4x   0.998  0.993-1.003  same         88.2 %  -3.2 undecided  11.9 µs
            *  dense        -            -  reference    91.4 %               -  11.9 µs

            * best: all others timed are slower or worse, beyond doubt (95 % intervals).
            ~ not told apart: another may be as good in both, or none has a latency.
            ratio: latency over the reference's, below 1 is faster. 95 %: its interval.
            vs dense: what its accuracy is better by, in points; no loss: the 90 % interval
            is within the margin.
            9 of 16 blocks suspect: other processes took more than 25 % of the machine's CPU
            time (pruned-4x (window))

            Raspberry Pi 4 Model B Rev 1.4, window mode: Not decided: hmd-2x is 1.63 times
            as fast as dense (1.63 to 1.64), but the data does not tell whether it loses
            accuracy (-0.8 points; 90 % interval -3.1 to +1.4; a loss of up to 2.0 counts as
            none). More seeds or test samples would. Some of these measurements are suspect.
            Raspberry Pi 4 Model B Rev 1.4, streaming mode: Ship dense: no other variant is
            faster.

            """;
        Assert.Equal(expected, Drawing.Draw(80, width => ResultView.Render(Samples.Table(), width)));
    }

    [Fact]
    public void A_wide_window_shows_all_that_was_measured()
    {
        const string expected = """
            uci-har, window mode: Raspberry Pi 4 Model B Rev 1.4 (arm64, neon)
              variant   ratio        95 % speed     accuracy        95 %       vs dense     p50         95 %    size compr. validity
            * hmd-4x    0.412 0.410-0.414 faster      88.2 % 86.2-89.9 % -3.2 undecided  626 µs   623-629 µs 33.1 kB  4.02x valid
              lmf-4x    0.441 0.439-0.443 faster      86.1 % 84.1-87.8 %      -5.3 loss  670 µs   667-674 µs 35.5 kB  4.02x valid
            ~ hmd-2x    0.612 0.609-0.615 faster      90.5 % 88.5-92.2 % -0.8 undecided  930 µs   926-935 µs 49.3 kB  4.02x valid
            ~ dense         -           - reference   91.4 % 89.3-93.1 %              - 1.52 ms 1.51-1.53 ms 80.5 kB  1.00x valid
              pruned-4x 1.316 1.309-1.322 slower      90.0 % 88.0-91.7 % -1.4 undecided 2.00 ms 1.99-2.01 ms  106 kB  4.02x suspect

            uci-har, streaming mode: Raspberry Pi 4 Model B Rev 1.4 (arm64, neon)
               variant  ratio         95 %  speed      accuracy         95 %        vs dense      p50          95 %     size  compr.
            ~  hmd-4x   0.998  0.993-1.003  same         88.2 %  86.2-89.9 %  -3.2 undecided  11.9 µs  11.8-11.9 µs  80.3 kB   4.02x
            *  dense        -            -  reference    91.4 %  89.3-93.1 %               -  11.9 µs  11.8-12.0 µs  80.5 kB   1.00x

            * best: all others timed are slower or worse, beyond doubt (95 % intervals).
            ~ not told apart: another may be as good in both, or none has a latency.
            ratio: latency over the reference's, below 1 is faster. 95 %: its interval.
            vs dense: what its accuracy is better by, in points; no loss: the 90 % interval is within the margin.
            9 of 16 blocks suspect: other processes took more than 25 % of the machine's CPU time (pruned-4x (window))

            Raspberry Pi 4 Model B Rev 1.4, window mode: Not decided: hmd-2x is 1.63 times as fast as dense (1.63 to 1.64), but the
            data does not tell whether it loses accuracy (-0.8 points; 90 % interval -3.1 to +1.4; a loss of up to 2.0 counts as
            none). More seeds or test samples would. Some of these measurements are suspect.
            Raspberry Pi 4 Model B Rev 1.4, streaming mode: Ship dense: no other variant is faster.

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
        Assert.Contains(
            "Not decided: hmd-2x is 1.63 times as fast as dense (1.63 to 1.64), but the data does not tell whether it is worse in nats a token",
            text.ReplaceLineEndings(" "),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(200)]
    public void No_line_is_wider_than_the_window(int columns) =>
        Assert.All(Drawing.Draw(columns, width => ResultView.Render(Samples.Table(), width)).Split('\n'), line => Assert.True(line.Length <= columns, line));

    [Fact]
    public void Seeds_are_one_line_with_their_mean_and_each_has_its_own_on_request()
    {
        var table = Seeds();
        var means = Drawing.Draw(120, width => ResultView.Render(table, width));
        Assert.Single(means.Split('\n'), line => line.Contains(" hmd-4x ", StringComparison.Ordinal));
        // (0.88 + 0.89 + 0.90) / 3, and t(2) * 0.01 / sqrt 3 = 2.5 points about it
        Assert.Matches(@"hmd-4x +3 +0\.410 .* 89\.0 % 86\.5-91\.5 %", means);
        Assert.Contains($"each seed: fleet campaign show {Samples.Campaign} --by-seed", means, StringComparison.Ordinal);

        var seeds = Drawing.Draw(120, width => ResultView.Render(table, width, bySeed: true));
        Assert.Equal(
            ["1", "2", "3"],
            seeds.Split('\n').Where(
                line => line.StartsWith("hmd-4x ", StringComparison.Ordinal)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_emulated_board_has_accuracies_and_is_not_ranked(bool bySeed)
    {
        var table = Samples.TableOf(
            Samples.Summary(CampaignStatus.Completed, 5, 10), [.. Samples.Table().Rows.Select(row => row with { Row = row.Row with { Emulated = true } })]);
        var text = Drawing.Draw(120, width => ResultView.Render(table, width, bySeed));
        Assert.All(["faster", "slower", "ratio", "*", "Ship"], word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));
        Assert.Contains("88.2 %", text, StringComparison.Ordinal);
        Assert.Contains("their latency is not ranked", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_valid_reference_no_ratio_to_it_is_shown()
    {
        var table = Samples.TableOf(Samples.Summary(CampaignStatus.Completed, 5, 10), [.. Samples.Table().Rows.Select(row => row.Row.VariantName == "dense"
            ? row with { Row = row.Row with { Validity = Validity.Invalid, Reasons = [new(ReasonCodes.CoreTaken, 20, 24)] } } : row)]);
        var text = Drawing.Draw(120, width => ResultView.Render(table, width));
        Assert.All(["faster", "ratio:", "0.412", "Ship"], word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));
        Assert.Contains("the reference dense has no valid latency (its only run is invalid)", text.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("91.4 %", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(120)]
    public void Where_all_is_invalid_it_is_said_with_reasons_and_what_to_do_and_accuracies_stay(int columns)
    {
        var text = Drawing.Draw(columns, width => ResultView.Render(Samples.AllInvalid(), width));
        Assert.Contains("No run could be ranked: all 7 runs are invalid.", text, StringComparison.Ordinal);
        Assert.Contains("core-taken, 7 runs: other processes held", text, StringComparison.Ordinal);
        Assert.Contains("on a quiet machine", text, StringComparison.Ordinal);
        Assert.Contains("--new", text, StringComparison.Ordinal);
        Assert.Contains("88.2 %", text, StringComparison.Ordinal);
        Assert.All([" yet", "µs", "faster"], word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_found_against_the_blocks_of_many_rows_is_said_once()
    {
        const string cause = "other processes took more than 25 % of the machine's CPU time";
        var table = Samples.Table();
        var busy = Samples.TableOf(
            table.Summary,
            [.. table.Rows.Select((row, index) => row with { Row = row.Row with { Validity = Validity.Suspect,
                Reasons = [new(ReasonCodes.OthersBusy, index, 16)] } })]);
        Assert.Contains(
            $"21 of 112 blocks suspect: {cause} (every row)\n", Drawing.Draw(120, width => ResultView.Render(busy, width)), StringComparison.Ordinal);

        var once = Samples.TableOf(table.Summary, [busy.Rows[1], .. table.Rows.Skip(5)]);
        Assert.Contains(
            $"1 of 16 blocks suspect: {cause} (hmd-2x (window))\n", Drawing.Draw(120, width => ResultView.Render(once, width)), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_inferences_were_batched_the_mean_stands_in_for_the_median()
    {
        var table = Samples.Table();
        var batched = Samples.TableOf(
            table.Summary,
            [.. table.Rows.Select(row => row with { Row = row.Row with { LatencyUs = row.Row.LatencyUs! with { P50 = null, P50Low = null, P50High = null,
                Batched = true } } })]);
        var text = Drawing.Draw(80, width => ResultView.Render(batched, width));
        Assert.Contains("mean", text, StringComparison.Ordinal);
        Assert.DoesNotContain("p50", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CampaignStatus.Running, "No results yet.\n")]
    [InlineData(CampaignStatus.Completed, "No results.\n")]
    public void No_rows_are_said_to_be_none(CampaignStatus state, string expected) =>
        Assert.Equal(expected, Drawing.Draw(80, width => ResultView.Render(Samples.TableOf(Samples.Summary(state), []), width)));

    private static CampaignTable Seeds() => Samples.TableOf(
        Samples.Summary(CampaignStatus.Completed, 6, 6),
        [
            .. from seed in new[] { 1, 2, 3 }
               from row in new[] { Samples.Row("dense", 1, "reference", 0.90 + (0.01 * seed), true),
                   Samples.Row("hmd-4x", 0.41, "faster", 0.87 + (0.01 * seed), true) }
               select row with { Row = row.Row with { Seed = seed, Run = $"{row.Row.Run}-{seed}", Session = $"s{seed}" } },
        ]);
}
