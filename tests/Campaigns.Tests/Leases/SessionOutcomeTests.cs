using Fleet.Campaigns.Leases;
using Fleet.Domain.Text;

namespace Fleet.Campaigns.Tests.Leases;

public sealed class SessionOutcomeTests
{
    /// <summary>Dashboards and alerts select sessions by these.</summary>
    [Fact]
    public void The_words_of_the_metric_stay() =>
        Assert.Equal(["done", "failed", "interrupted", "lost", "revoked"], Words<SessionOutcome>.All);
}
