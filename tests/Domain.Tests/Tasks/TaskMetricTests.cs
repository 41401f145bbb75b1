using Fleet.Domain.Tasks;

namespace Fleet.Domain.Tests.Tasks;

public sealed class TaskMetricTests
{
    [Fact]
    public void A_metric_is_found_by_the_name_that_rows_have()
    {
        Assert.Same(TaskMetric.Accuracy, TaskMetric.Of(TaskMetric.Accuracy.Name));
        Assert.Same(TaskMetric.Nats, TaskMetric.Of(TaskMetric.Nats.Name));
    }

    [Fact]
    public void Cost_is_less_where_the_model_is_better()
    {
        Assert.True(TaskMetric.Accuracy.Cost(0.92) < TaskMetric.Accuracy.Cost(0.90));
        Assert.True(TaskMetric.Nats.Cost(1.61) < TaskMetric.Nats.Cost(1.70));
    }

    [Fact]
    public void Only_a_cross_entropy_has_a_perplexity()
    {
        // ln 100
        Assert.Equal(100, TaskMetric.Nats.Perplexity(4.605170185988092)!.Value, 1e-9);
        Assert.Null(TaskMetric.Accuracy.Perplexity(0.9));
    }

    [Fact]
    public void A_metric_of_a_later_version_keeps_its_name() => Assert.Equal("Word error rate", TaskMetric.Of("word_error_rate").Title);
}
