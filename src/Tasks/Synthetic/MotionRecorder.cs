using Fleet.Tasks.Numerics;

namespace Fleet.Tasks.Synthetic;

/// <summary>
/// Follows one person through time and writes down what the sensor on the belt would: acceleration of the body (g), turning
/// (rad/s) and total acceleration with gravity (g), each along the device's x, y and z.
/// </summary>
internal sealed class MotionRecorder(Person person, Xoshiro256 random)
{
    public const int Channels = 9;

    private const double StepSeconds = 0.02;
    // About 0.5 s to get from one activity to the next.
    private const double TransitionRate = 0.04;
    private const double AccelerometerNoise = 0.015;
    private const double GyroscopeNoise = 0.02;

    private Motion now = person.Bout(Activity.All[random.Below(Activity.All.Count)], random);
    private Vector3D sway;
    private double phase = random.Uniform();

    /// <summary>Goes on for one step of 20 ms towards <paramref name="aim"/> and writes its <see cref="Channels"/> values.</summary>
    public void Step(Motion aim, Span<float> values)
    {
        now = now.Toward(aim, TransitionRate);
        // No two strides take the same time.
        phase += now.StrideHz * StepSeconds * (1 + (0.15 * random.Normal()));
        // White noise through a first-order low-pass of about 1 Hz, scaled back to unit variance.
        sway = (0.88 * sway) + Vector3D.Random(random, 0.475);

        var body = (Stride() + (now.Sway * sway)).Rotated(now.Tilt).Rotated(person.DeviceTurn);
        var gravity = new Vector3D(1, 0, 0).Rotated(now.Tilt + (0.1 * now.Sway * sway)).Rotated(person.DeviceTurn);
        var turning = (Turning() + (4 * now.Sway * sway)).Rotated(person.DeviceTurn);
        body += Vector3D.Random(random, AccelerometerNoise);
        turning += person.GyroscopeBias + Vector3D.Random(random, GyroscopeNoise);

        Write(body, values[..3]);
        Write(turning, values[3..6]);
        Write(body + gravity + person.AccelerometerBias, values[6..]);
    }

    private static void Write(Vector3D vector, Span<float> values)
    {
        values[0] = (float)vector.X;
        values[1] = (float)vector.Y;
        values[2] = (float)vector.Z;
    }

    // A step is half a stride. Its harmonics sharpen the landing of the foot.
    private Vector3D Stride()
    {
        var step = 2 * phase;
        var up = PortableMath.SinTurns(step + person.Phases[0])
            + (now.Impact * PortableMath.SinTurns((2 * step) + 0.20 + person.Phases[1]))
            + (0.6 * now.Impact * now.Impact * PortableMath.SinTurns((3 * step) + 0.35 + person.Phases[1]));
        var ahead = PortableMath.SinTurns(step + 0.30 + person.Phases[2])
            + (0.5 * now.Impact * PortableMath.SinTurns((2 * step) + 0.10 + person.Phases[2]));
        var lateral = PortableMath.SinTurns(phase + person.Phases[3]);
        return new Vector3D(now.Vertical * up, now.Lateral * lateral, now.Ahead * ahead);
    }

    private Vector3D Turning() => new(
        now.Turning * PortableMath.SinTurns(phase + 0.15 + person.Phases[4]),
        0.6 * now.Turning * PortableMath.SinTurns((2 * phase) + person.Phases[5]),
        0.5 * now.Turning * PortableMath.SinTurns(phase + 0.40 + person.Phases[4]));
}
