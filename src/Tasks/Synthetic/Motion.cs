using Fleet.Tasks.Numerics;

namespace Fleet.Tasks.Synthetic;

/// <summary>How a body moves and is held at one moment. In the body's frame x is up, y to the left and z ahead.</summary>
/// <param name="Tilt">How far the trunk is rotated from upright, in turns about x, y and z.</param>
/// <param name="StrideHz">Strides (two steps) a second.</param>
/// <param name="Vertical">Amplitude of the vertical acceleration at the step frequency, in g.</param>
/// <param name="Ahead">The same along the direction of walking.</param>
/// <param name="Lateral">Amplitude of the lateral acceleration at the stride frequency, in g.</param>
/// <param name="Impact">Size of the second and third harmonics of a step relative to the first: how hard the foot lands.</param>
/// <param name="Turning">Amplitude of the trunk's turning at stride and step frequency, in rad/s.</param>
/// <param name="Sway">Deviation of the slow, aimless movement that is always there, in g.</param>
internal readonly record struct Motion(
    Vector3D Tilt, double StrideHz, double Vertical, double Ahead, double Lateral, double Impact, double Turning, double Sway)
{
    /// <summary>A first-order step towards another motion: nobody sits down in no time.</summary>
    public Motion Toward(Motion target, double rate) => new(
        Tilt + (rate * (target.Tilt + (-1 * Tilt))),
        Near(StrideHz, target.StrideHz, rate),
        Near(Vertical, target.Vertical, rate),
        Near(Ahead, target.Ahead, rate),
        Near(Lateral, target.Lateral, rate),
        Near(Impact, target.Impact, rate),
        Near(Turning, target.Turning, rate),
        Near(Sway, target.Sway, rate));

    private static double Near(double value, double target, double rate) => value + (rate * (target - value));
}
