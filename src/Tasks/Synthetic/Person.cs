using Fleet.Tasks.Numerics;

namespace Fleet.Tasks.Synthetic;

/// <summary>Somebody who wears the sensor: tempo, vigour, the manner of walking, how the device sits and what its sensors add.</summary>
internal sealed class Person
{
    private readonly double tempo;
    private readonly double vigour;
    private readonly double hardness;

    public Person(Xoshiro256 random)
    {
        tempo = 1 + (0.05 * random.Normal());
        vigour = Math.Max(0.5, 1 + (0.12 * random.Normal()));
        hardness = Math.Max(0.4, 1 + (0.14 * random.Normal()));
        DeviceTurn = Vector3D.Random(random, 0.015);
        AccelerometerBias = Vector3D.Random(random, 0.015);
        GyroscopeBias = Vector3D.Random(random, 0.02);
        Phases = [.. Enumerable.Range(0, 6).Select(_ => 0.08 * random.Normal())];
    }

    /// <summary>How the device is rotated on the belt, in turns about x, y and z.</summary>
    public Vector3D DeviceTurn { get; }

    /// <summary>In g.</summary>
    public Vector3D AccelerometerBias { get; }

    /// <summary>In rad/s.</summary>
    public Vector3D GyroscopeBias { get; }

    /// <summary>What is this person's own in the phases of the movement's components, in turns.</summary>
    public IReadOnlyList<double> Phases { get; }

    /// <summary>This person's way of doing something this time.</summary>
    public Motion Bout(Activity activity, Xoshiro256 random)
    {
        var typical = activity.Typical;
        var strength = vigour * Math.Max(0.6, 1 + (0.10 * random.Normal()));
        return new Motion(
            typical.Tilt + Vector3D.Random(random, activity.TiltSpread),
            typical.StrideHz * tempo * (1 + (0.04 * random.Normal())),
            typical.Vertical * strength,
            typical.Ahead * strength,
            typical.Lateral * strength,
            typical.Impact * hardness * Math.Max(0.5, 1 + (0.12 * random.Normal())),
            typical.Turning * strength,
            typical.Sway * Math.Max(0.4, 1 + (0.30 * random.Normal())));
    }
}
