using Fleet.Domain.Rankings;
using Fleet.Reports.Quantities;

namespace Fleet.Reports.Model;

/// <summary>Why runs could not be ranked, in one line.</summary>
internal static class ReasonLine
{
    public static string Of(ReasonCount reason) => $"{reason.Code}, {Quantity.Of(reason.Runs, "run")}: {reason.Text}";
}
