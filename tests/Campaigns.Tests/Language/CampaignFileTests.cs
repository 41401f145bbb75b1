using Fleet.Campaigns.Language;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Tasks;

namespace Fleet.Campaigns.Tests.Language;

public sealed class CampaignFileTests
{
    private const string Head = """
        name: n
        task: uci-har

        """;

    private const string Dense = """
        variants:
          - method: dense

        """;

    [Fact]
    public void A_sound_file_has_no_problems_and_names_its_task()
    {
        var check = Check(SampleCampaign.File);
        Assert.Empty(check.Problems);
        Assert.Equal(["uci-har"], check.Tasks);
    }

    [Fact]
    public void A_task_file_stands_for_the_task_that_its_data_says_and_for_none_of_Fleets()
    {
        const string file = "name: n\ntask: ./my-task.yaml\nvariants:\n  - method: dense\n";
        Assert.Equal(["./my-task.yaml"], Check(file).Tasks);
        Assert.Empty(Check(file).Problems);

        var (specification, problems) = Bind(SampleCampaign.Data with { Task = "waving", Input = 3 });
        Assert.Empty(problems);
        Assert.Equal("waving", specification!.Data.Task);

        Assert.Equal("'uci-har' cannot be the name of a task of one's own.", Assert.Single(Bind(SampleCampaign.Data).Problems).Message);
        Assert.Contains("No data is bound", Assert.Single(Bind().Problems).Message);

        (CampaignSpecification? Specification, IReadOnlyList<FileProblem> Problems) Bind(params TaskData[] data) =>
            CampaignFiles.Bind(new CampaignSubmission { File = new CampaignFile { Text = file, Source = "x.yaml" }, Data = data });
    }

    [Fact]
    public void An_unknown_key_is_told_with_its_line_and_the_nearest_known_key()
    {
        var problem = Only(Head + Dense + "replicate: 2\n");
        Assert.Equal((5, 1), (problem.Line, problem.Column));
        Assert.Equal("Unknown key 'replicate' in the campaign.", problem.Message);
        Assert.Equal("Did you mean 'replicates'?", problem.Suggestion);
    }

    [Theory]
    [InlineData("training: { epoch: 3 }", "Unknown key 'epoch' in 'training'.", "Did you mean 'epochs'?")]
    [InlineData("model: { hiden: 3 }", "Unknown key 'hiden' in 'model'.", "Did you mean 'hidden'?")]
    [InlineData("conditions: { mode: window }", "Unknown key 'mode' in 'conditions'.", "Did you mean 'modes'?")]
    [InlineData("measuring: { min_round: 9 }", "Unknown key 'min_round' in 'measuring'.", "Did you mean 'min_rounds'?")]
    public void An_unknown_key_of_a_section_is_told_with_the_section(string text, string message, string suggestion)
    {
        var problem = Only(Head + Dense + text);
        Assert.Equal((5, message, suggestion), (problem.Line, problem.Message, problem.Suggestion));
    }

    [Fact]
    public void All_mistakes_are_told_at_once_in_the_order_of_the_file()
    {
        var check = Check("""
            name: two words
            task: uci-ha
            seeds: [1, 1]
            variants:
              - method: hdm
              - { method: hmd, compression: 2, q: 1 }
            devices: [arm64]
            extra: 1
            """);
        Assert.Equal([1, 2, 3, 5, 6, 7, 8], check.Problems.Select(problem => problem.Line!.Value));
        Assert.Contains("'two words'", check.Problems[0].Message);
        Assert.Equal("Did you mean 'uci-har'?", check.Problems[1].Suggestion);
        Assert.Contains("seed 1 stands twice", check.Problems[2].Message);
        Assert.Equal("Did you mean 'hmd'?", check.Problems[3].Suggestion);
        Assert.Contains("Unknown key 'q'", check.Problems[4].Message);
        Assert.Contains("key=value", check.Problems[5].Message);
        Assert.Contains("Unknown key 'extra'", check.Problems[6].Message);
        Assert.Empty(check.Tasks);
    }

    [Theory]
    [InlineData("compression: 100", 4)]
    [InlineData("compression: [2, 100]", 4)]
    [InlineData("compression: 0.5", 4)]
    public void An_impossible_factor_is_told_with_the_least_and_the_greatest(string compression, int line)
    {
        var problem = Only($$"""
            name: n
            task: uci-har
            variants:
              - { method: hmd, {{compression}} }
              - method: dense
            """);
        Assert.Equal(line, problem.Line);
        Assert.Matches(@"hmd cannot compress lstm 9 -> 64 by [\d.]+: the minimum factor is [\d.]+, the maximum [\d.]+\.", problem.Message);
    }

    [Theory]
    [InlineData("hidden: 0", "'hidden' is 0, but must be from 1 to 4096.")]
    [InlineData("hidden: many", "'hidden' must be a whole number, but is 'many'.")]
    [InlineData("hidden: '64'", "'hidden' must be a whole number, but is '64'.")]
    [InlineData("hidden: 1.5", "'hidden' must be a whole number, but is '1.5'.")]
    [InlineData("hidden: [64]", "'hidden' must be a whole number, but is a list.")]
    [InlineData("cell: gur", "'cell' is 'gur', but must be lstm, gru, gru-reset-before, rnn, rnn-relu or fastgrnn.")]
    [InlineData("layers: 9", "'layers' is 9, but must be from 1 to 8.")]
    [InlineData("bidirectional: both", "'bidirectional' is 'both', but must be true or false.")]
    public void A_wrong_value_is_told_with_what_it_must_be(string text, string message) =>
        Assert.Equal(message, Only($"{Head}model: {{ {text} }}\n{Dense}").Message);

    [Theory]
    [InlineData("learning_rate: 0", "'learning_rate' is 0, but must be from 1E-08 to 10.")]
    [InlineData("learning_rate: .nan", "'learning_rate' must be a number, but is '.nan'.")]
    [InlineData("learning_rate: NaN", "'learning_rate' is NaN, but must be from 1E-08 to 10.")]
    [InlineData("patience: 0", "'patience' is 0, but must be from 1 to 10000.")]
    [InlineData("schedule: sine", "'schedule' is 'sine', but must be cosine, constant or step.")]
    [InlineData("epochs: 5, warmup: 5", "'warmup' is 5 epochs, but must be less than 'epochs', 5.")]
    [InlineData("decay_factor: 0.5", "'decay_factor' is for the schedule 'step'.")]
    [InlineData("dropout: 0.95", "'dropout' is 0.95, but must be from 0 to 0.9.")]
    [InlineData("validation_fraction: 0.9", "'validation_fraction' is 0.9, but must be from 0.01 to 0.5.")]
    public void A_number_out_of_its_range_is_told_with_the_range(string text, string message) =>
        Assert.Equal(message, Only($"{Head}training: {{ {text} }}\n{Dense}").Message);

    [Theory]
    [InlineData("training: { bptt: 0 }", "'bptt' is 0, but must be from 1 to 10000.")]
    [InlineData("model: { embedding: 5000 }", "'embedding' is 5000, but must be from 1 to 4096.")]
    [InlineData("model: { bidirectional: true }", "A bidirectional model would read the tokens that it is to predict.")]
    public void What_a_language_model_cannot_have_is_told(string text, string message) =>
        Assert.Equal(message, Only($"name: n\ntask: char-lm\n{text}\n{Dense}").Message);

    [Theory]
    [InlineData("training: { bptt: 35 }", "'bptt' is for tasks of tokens, which this one is not.")]
    [InlineData("model: { embedding: 64 }", "'embedding' is for tasks of tokens, which this one is not.")]
    public void What_only_a_language_model_has_is_told_elsewhere(string text, string message) => Assert.Equal(message, Only($"{Head}{text}\n{Dense}").Message);

    [Fact]
    public void An_embedding_as_wide_as_the_layers_is_the_same_variant_whether_it_is_said_or_not()
    {
        var (said, not) = (
            SampleCampaign.Specification($"name: n\ntask: char-lm\nmodel: {{ hidden: 64, embedding: 64 }}\n{Dense}"),
            SampleCampaign.Specification($"name: n\ntask: char-lm\nmodel: {{ hidden: 64 }}\n{Dense}"));
        Assert.Equal(not.Variants[0].Key, said.Variants[0].Key);
    }

    [Theory]
    [InlineData(null, "[1.5]", null)]
    // An embedding of 16 is too narrow an input to be compressed, so the recurrent matrix alone must make up for it.
    [InlineData("16", "[1.5]", null)]
    [InlineData("16", "[8]", "hmd cannot compress lstm 16 -> 64 by 8")]
    public void A_language_models_factors_are_judged_by_its_embedding(string? embedding, string factors, string? problem)
    {
        var model = embedding is null ? "hidden: 64" : $"hidden: 64, embedding: {embedding}";
        var text = $"name: n\ntask: char-lm\nmodel: {{ {model} }}\n{Dense}  - {{ method: hmd, compression: {factors} }}\n";
        if (problem is null)
        {
            Assert.Empty(Check(text).Problems);
        }
        else
        {
            Assert.StartsWith(problem, Only(text).Message);
        }
    }

    [Theory]
    [InlineData("time_limit: 20", "'time_limit' is '20', but must be a duration.")]
    [InlineData("time_limit: soon", "'time_limit' is 'soon', but must be a duration.")]
    [InlineData("time_limit: -5s", "'time_limit' is '-5s', but must be a duration.")]
    [InlineData("time_limit: 3h", "'time_limit' is 3h, but must be from 100ms to 2h.")]
    [InlineData("block: 11s", "'block' is 11s, but must be from 1ms to 10s.")]
    [InlineData("min_rounds: 20, max_rounds: 10", "'max_rounds' is 10, below 'min_rounds', 20.")]
    [InlineData("time_limit: 1s, block: 2s", "'block' is 2s, longer than 'time_limit', 1s.")]
    public void A_wrong_measuring_setting_is_told(string text, string message) =>
        Assert.Equal(message, Only($"{Head}measuring: {{ {text} }}\n{Dense}").Message);

    [Theory]
    [InlineData("modes: [window, stream]", "A mode is window or streaming, but this is 'stream'.")]
    [InlineData("modes: [window, window]", "The mode 'window' stands twice.")]
    [InlineData("modes: []", "'modes' is empty.")]
    [InlineData("clock: fast", "'clock' is 'fast', but must be as-is or performance.")]
    public void A_wrong_condition_is_told(string text, string message) =>
        Assert.Equal(message, Only($"{Head}conditions: {{ {text} }}\n{Dense}").Message);

    [Fact]
    public void A_model_that_reads_from_both_ends_is_refused_the_mode_that_gives_it_a_step_at_a_time() => Assert.Equal(
        "A bidirectional model cannot be run in the mode 'streaming': it reads a sequence from both ends.",
        Only($"{Head}model: {{ bidirectional: true }}\nconditions: {{ modes: [window, streaming] }}\n{Dense}").Message);

    [Theory]
    [InlineData("variants: []", "'variants' is empty.")]
    [InlineData("replicates: 2", "'variants' is missing.")]
    [InlineData("variants: [dense]", "A variant is a section of keys, but this is 'dense'.")]
    [InlineData("variants: [{ compression: 2 }]", "A variant has no 'method'.")]
    public void Variants_that_are_none_are_told(string text, string message) => Assert.Equal(message, Only(Head + text).Message);

    [Theory]
    [InlineData("{ method: hmd }", "'hmd' has no 'compression'.")]
    [InlineData("{ method: hmd, compression: 2, k: 99 }", "k is '99', but must be 1 to 16 (rank-1 blocks side by side in the lower rows).")]
    [InlineData("{ method: lmf, compression: 2, shared: maybe }", "shared is 'maybe', but must be true | false (one V for all gates).")]
    [InlineData("{ method: pruned, compression: 2, k: 2 }", "Unknown key 'k' in a variant of method 'pruned'.")]
    [InlineData("{ method: hmd, compression: [2, 2] }", "The variant 'hmd-2x' stands twice.")]
    [InlineData("{ method: block-sparse, compression: 2, height: 6 }", "height is '6', but must be 4 | 8 (rows in a block).")]
    [InlineData(
        "{ method: doped-kronecker, compression: 9, dope: 100 }",
        "dope is '100', but must be 1 to 99 (percent of the parameters that the sparse matrix takes).")]
    [InlineData("{ method: small, compression: 2, input: dense }", "Unknown key 'input' in a variant of method 'small'.")]
    [InlineData("{ method: small }", "'small' has no 'compression'.")]
    [InlineData("{ method: small, compression: 500 }", "small cannot compress lstm 9 -> 64 by 500: the minimum factor is 1, the maximum 467.2.")]
    [InlineData("{ method: kroneker, compression: 2 }", "Unknown method 'kroneker'.")]
    [InlineData("{ method: hmd, compression: 2, from: scratch }", "'from' is 'scratch', but must be dense.")]
    [InlineData("{ method: small, compression: 2, from: dense }", "Unknown key 'from' in a variant of method 'small'.")]
    [InlineData(
        "{ method: hmd, compression: 2, fine_tune: { epochs: 3 } }",
        "'fine_tune' says how weights that are there are tuned, but this variant begins from none.")]
    [InlineData("{ method: hmd, compression: 2, from: dense, fine_tune: { epoch: 3 } }", "Unknown key 'epoch' in 'fine_tune'.")]
    [InlineData("{ method: hmd, compression: 2, from: dense, fine_tune: 3 }", "'fine_tune' must be a section of keys, but is '3'.")]
    [InlineData("{ method: hmd, compression: 2, distil: { weight: 2 } }", "'weight' is 2, but must be from 0.01 to 1.")]
    [InlineData("{ method: hmd, compression: 2, distil: { temperature: 0 } }", "'temperature' is 0, but must be from 0.1 to 100.")]
    [InlineData("{ method: hmd, compression: 2, distil: { teacher: 0 } }", "Unknown key 'teacher' in 'distil'.")]
    public void A_wrong_variant_is_told_on_its_own_line(string variant, string message)
    {
        var problem = Only($"{Head}variants:\n  - method: dense\n  - {variant}\n");
        Assert.Equal((5, message), (problem.Line, problem.Message));
    }

    [Fact]
    public void A_reference_that_is_no_variant_is_told_with_the_nearest_that_is()
    {
        var problem = Only(Head + Dense + "reference: danse\n");
        Assert.Equal((5, "The reference 'danse' is not among the variants.", "Did you mean 'dense'?"), (problem.Line, problem.Message, problem.Suggestion));
    }

    [Fact]
    public void Without_a_dense_variant_the_reference_must_be_named()
    {
        var problem = Only(Head + "variants:\n  - { method: hmd, compression: 2 }\n");
        Assert.Equal("No variant is 'dense', with which all others are compared.", problem.Message);
        Assert.Contains("reference: hmd-2x", problem.Suggestion);
    }

    [Theory]
    [InlineData("from: dense", "'hmd-2x-from-dense' learns from the dense variant, and there is none.")]
    [InlineData("distil: {}", "'hmd-2x-distilled' learns from the dense variant, and there is none.")]
    public void What_learns_from_the_dense_variant_wants_one(string text, string message)
    {
        var check = Check($"{Head}reference: lmf-2x\nvariants:\n  - {{ method: lmf, compression: 2 }}\n  - {{ method: hmd, compression: 2, {text} }}\n");
        var problem = Assert.Single(check.Problems);
        Assert.Equal((6, message, "Add '- method: dense'."), (problem.Line, problem.Message, problem.Suggestion));
    }

    [Fact]
    public void Tuning_takes_longer_than_its_warmup()
    {
        var problem = Only(Head + """
            training: { epochs: 25, warmup: 5 }
            variants:
              - method: dense
              - { method: hmd, compression: 2, from: dense, fine_tune: { epochs: 5 } }
            """);
        Assert.Equal((6, "'fine_tune' has 5 epochs, but 'warmup' in 'training' takes 5 of them."), (problem.Line, problem.Message));
    }

    [Fact]
    public void A_model_of_tokens_has_no_teacher()
    {
        var problem = Only("""
            name: n
            task: synthetic-lm
            variants:
              - method: dense
              - { method: hmd, compression: 2, distil: {} }
            """);
        Assert.Equal((5, "'distil' is for tasks of whole sequences; this one predicts tokens."), (problem.Line, problem.Message));
    }

    [Fact]
    public void A_dense_variant_learns_from_no_other() =>
        Assert.Equal("Unknown key 'from' in a variant of method 'dense'.", Only($"{Head}variants:\n  - {{ method: dense, from: dense }}\n").Message);

    [Theory]
    [InlineData("name: [a\n", 2)]
    [InlineData("name: n\ntask: uci-har\n\tvariants: []\n", 3)]
    [InlineData("task: x\nname: \"n\n", 2)]
    public void A_text_that_is_no_YAML_is_told_with_its_line(string text, int line)
    {
        var problem = Only(text);
        Assert.StartsWith("This is not YAML: ", problem.Message);
        Assert.Equal(line, problem.Line);
    }

    [Theory]
    [InlineData("seeds: [1, 2\nvariants:\n  - method: dense\n")]
    [InlineData("seeds: [1\nreplicates: 2\nvariants:\n  - { method: hmd, compression: [2, 4 }\n")]
    [InlineData("model: { hidden: 8\nvariants:\n  - method: dense\n")]
    public void A_bracket_that_is_never_closed_is_no_YAML(string text) =>
        Assert.StartsWith("This is not YAML: ", Only($"name: n\ntask: uci-har\n{text}").Message);

    [Fact]
    public void Tabs_are_told_as_such() => Assert.Equal("Indent with spaces; YAML takes no tabs.", Only("name: n\nmodel:\n\thidden: 3\n").Suggestion);

    [Theory]
    [InlineData("", "The file is empty.")]
    [InlineData("# nothing\n", "The file is empty.")]
    [InlineData("- a\n", "A campaign is a section of keys, but this is a list.")]
    public void A_file_that_is_no_campaign_is_told(string text, string message) => Assert.Equal(message, Only(text).Message);

    [Fact]
    public void A_key_that_stands_twice_is_told_with_the_first_ones_line()
    {
        var problem = Only(Head + Dense + "name: other\n");
        Assert.Equal((5, "The key 'name' stands twice; the first is on line 1."), (problem.Line, problem.Message));
    }

    [Fact]
    public void A_file_nested_without_end_is_an_error_and_no_crash() =>
        Assert.Contains("nested more than", Only("name: " + new string('[', 100_000)).Message);

    [Fact]
    public void References_within_the_file_are_not_taken()
    {
        var check = Check(Head + "seeds: &s [1]\nvariants:\n  - { method: dense }\nreplicates: *s\n");
        Assert.Equal(["Anchors (&name) are not taken here.", "References (*name) are not taken here."], check.Problems.Select(problem => problem.Message));
    }

    [Fact]
    public void A_file_without_its_data_cannot_be_bound()
    {
        var (specification, problems) = CampaignFiles.Bind(
            new CampaignSubmission { File = new CampaignFile { Text = SampleCampaign.File, Source = "x.yaml" }, Data = [] });
        Assert.Null(specification);
        Assert.Equal("No data is bound to the task 'uci-har'.", Assert.Single(problems).Message);
    }

    [Fact]
    public void Data_that_cannot_be_right_is_told_whole()
    {
        var wrong = SampleCampaign.Data with { TrainingSha256 = "../../etc/passwd", Classes = 0 };
        var (_, problems) = CampaignFiles.Bind(
            new CampaignSubmission { File = new CampaignFile { Text = SampleCampaign.File, Source = "x.yaml" }, Data = [wrong] });
        Assert.Equal(2, problems.Count);
    }

    private static CampaignCheck Check(string text) => CampaignFiles.Check(new CampaignFile { Text = text, Source = "x.yaml" });

    private static FileProblem Only(string text)
    {
        var problem = Assert.Single(Check(text).Problems);
        Assert.Equal("x.yaml", problem.Source);
        return problem;
    }
}
