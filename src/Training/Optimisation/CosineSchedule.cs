using Fleet.Tasks.Numerics;

namespace Fleet.Training.Optimisation;

/// <summary>The step size falls from its first value to zero along half a cosine: rate (1 + cos(pi t / total)) / 2.</summary>
/// <remarks>Source: Loshchilov and Hutter 2017, without restarts.</remarks>
internal sealed record CosineSchedule(double Rate, long TotalSteps)
{
    /// <param name="step">Steps done so far, from 0.</param>
    public double At(long step) => Rate * 0.5 * (1 + PortableMath.CosTurns(0.5 * step / TotalSteps));
}
