using Fleet.Tasks.Tests;

namespace Fleet.Interchange.Tests.Onnx;

public sealed class NodeCaseTests
{
    [Theory]
    [InlineData("test_gru_batchwise")]
    [InlineData("test_gru_defaults")]
    [InlineData("test_gru_seq_length")]
    [InlineData("test_gru_with_initial_bias")]
    [InlineData("test_lstm_batchwise")]
    [InlineData("test_lstm_defaults")]
    [InlineData("test_lstm_with_initial_bias")]
    [InlineData("test_lstm_with_peepholes")]
    [InlineData("test_rnn_seq_length")]
    [InlineData("test_simple_rnn_batchwise")]
    [InlineData("test_simple_rnn_defaults")]
    [InlineData("test_simple_rnn_with_initial_bias")]
    public void A_recurrent_node_gives_what_ONNX_specifies(string name)
    {
        var (fault, difference) = NodeCases.Run(RealData.Folder("onnx-node-tests"), name);
        Assert.Null(fault);
        // ONNX asks for 1e-3; Fleet's kernels are held to 1e-5 everywhere.
        Assert.InRange(difference, 0, 1e-5);
    }

    [Fact]
    public void Every_case_that_is_there_is_run()
    {
        var cases = typeof(NodeCaseTests).GetMethod(nameof(A_recurrent_node_gives_what_ONNX_specifies))!.GetCustomAttributesData()
            .Where(attribute => attribute.AttributeType == typeof(InlineDataAttribute))
            .Select(attribute => ((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!)[0].Value!);
        Assert.Equal(NodeCases.In(RealData.Folder("onnx-node-tests")), cases);
    }
}
