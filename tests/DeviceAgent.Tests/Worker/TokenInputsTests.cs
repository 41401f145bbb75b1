using Fleet.DeviceAgent.Tests.Support;
using Fleet.DeviceAgent.Worker;
using Fleet.Domain.Measuring;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Tasks.Packs;

namespace Fleet.DeviceAgent.Tests.Worker;

public sealed class TokenInputsTests
{
    private readonly PackedTokens text = PackedTokens.Read(SmallModels.TestText, "test set");
    private readonly ModelDocument document = ModelFile.Read(SmallModels.Language("hmd", 2), "model");
    private readonly TestInputs inputs;
    private readonly ModelRunner runner;

    public TokenInputsTests()
    {
        inputs = TestInputs.Of(text);
        runner = SequenceModel.Create(document).CreateRunner(inputs.Steps);
    }

    private int Outputs => document.Structure.Outputs;

    [Fact]
    public void The_stream_is_evaluated_whole_with_its_state_carried_on_and_both_modes_agree()
    {
        var window = inputs.Evaluate(runner, document.Structure, InferenceMode.Window, CancellationToken.None);
        var streaming = inputs.Evaluate(runner, document.Structure, InferenceMode.Streaming, CancellationToken.None);

        // -ln softmax in double, token by token, from one reset at the beginning.
        var logits = new float[Outputs];
        runner.Reset();
        var sum = 0.0;
        for (var token = 0; token + 1 < text.Tokens.Length; token++)
        {
            runner.Step(text.Tokens[token], logits);
            sum += Math.Log(logits.Sum(logit => Math.Exp(logit))) - logits[text.Tokens[token + 1]];
        }

        var expected = sum / (text.Tokens.Length - 1);
        Assert.Equal(("nats", SmallModels.TestTokens - 1L), (window.Name, window.Samples));
        Assert.Equal(expected, window.Value!.Value, 1e-5);
        Assert.Equal(expected, streaming.Value!.Value, 1e-5);
        Assert.InRange(expected, window.Low!.Value, window.High!.Value);
        Assert.True(window.High - window.Low > 1e-3);

        // An untrained model that forgot between windows would be another number.
        Assert.NotEqual(expected, Forgetful(), 1e-4);
    }

    [Fact]
    public void Windows_answer_every_step_and_steps_agree_with_them()
    {
        var (all, one) = (new float[inputs.Answers * Outputs], new float[Outputs]);
        Assert.Equal((16, 35, 35), (inputs.Count, inputs.Steps, inputs.Answers));
        var expected = new ExpectedOutputs(document, inputs);
        for (var window = 0; window < inputs.Count; window++)
        {
            inputs.RunWindow(runner, window, all);
            runner.Reset();
            for (var step = 0; step < inputs.Steps; step++)
            {
                inputs.RunStep(runner, window, step, one);
                Assert.Equal(one, all[(step * Outputs)..((step + 1) * Outputs)], (a, b) => Math.Abs(a - b) < 1e-5);
                Assert.Null(expected.Compare(one, window, step));
            }
        }
    }

    [Fact]
    public void A_wrong_answer_to_any_step_of_a_timed_window_is_seen()
    {
        var right = new WindowInference(runner, inputs, new ExpectedOutputs(document, inputs), Outputs);
        right.Run();
        Assert.Null(right.CheckOutput());

        // Expected of another model.
        var other = new ExpectedOutputs(ModelFile.Read(SmallModels.Language("dense", 1), "model"), inputs);
        var wrong = new WindowInference(runner, inputs, other, Outputs);
        wrong.Run();
        Assert.StartsWith("window 0, step 0, class ", wrong.CheckOutput(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_another_vocabulary_or_of_no_tokens_is_refused()
    {
        Assert.Null(inputs.FindMisfit(document));
        string[] swapped = [.. text.Metadata.Labels];
        (swapped[4], swapped[5]) = (swapped[5], swapped[4]);
        Assert.Equal(
            $"the model has another vocabulary: token 4 is '{swapped[4]}' there, and '{swapped[5]}' in the test set.",
            inputs.FindMisfit(ModelFile.Read(SmallModels.Language("dense", 1, swapped), "model")));
        Assert.Contains(
            $"but the test set has a vocabulary of {swapped.Length}",
            inputs.FindMisfit(ModelFile.Read(SmallModels.Language("dense", 1, swapped[..^1]), "model")),
            StringComparison.Ordinal);
        Assert.Contains("the test set is a stream of tokens", inputs.FindMisfit(ModelFile.Read(SmallModels.Dense, "model")), StringComparison.Ordinal);
    }

    private double Forgetful()
    {
        var logits = new float[Outputs];
        var sum = 0.0;
        for (var token = 0; token + 1 < text.Tokens.Length; token++)
        {
            if (token % inputs.Steps == 0)
            {
                runner.Reset();
            }

            runner.Step(text.Tokens[token], logits);
            sum += Math.Log(logits.Sum(logit => Math.Exp(logit))) - logits[text.Tokens[token + 1]];
        }

        return sum / (text.Tokens.Length - 1);
    }
}
