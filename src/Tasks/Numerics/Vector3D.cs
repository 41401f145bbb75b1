namespace Fleet.Tasks.Numerics;

/// <summary>Three numbers along x, y and z.</summary>
internal readonly record struct Vector3D(double X, double Y, double Z)
{
    public static Vector3D operator +(Vector3D a, Vector3D b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Vector3D operator *(double factor, Vector3D a) => new(factor * a.X, factor * a.Y, factor * a.Z);

    public static Vector3D Random(Xoshiro256 random, double deviation) =>
        new(deviation * random.Normal(), deviation * random.Normal(), deviation * random.Normal());

    /// <summary>Rotated about x, then y, then z, by angles in turns.</summary>
    public Vector3D Rotated(Vector3D angles)
    {
        var (sin, cos) = (PortableMath.SinTurns(angles.X), PortableMath.CosTurns(angles.X));
        var rotated = new Vector3D(X, (cos * Y) - (sin * Z), (sin * Y) + (cos * Z));
        (sin, cos) = (PortableMath.SinTurns(angles.Y), PortableMath.CosTurns(angles.Y));
        rotated = new Vector3D((cos * rotated.X) + (sin * rotated.Z), rotated.Y, (cos * rotated.Z) - (sin * rotated.X));
        (sin, cos) = (PortableMath.SinTurns(angles.Z), PortableMath.CosTurns(angles.Z));
        return new Vector3D((cos * rotated.X) - (sin * rotated.Y), (sin * rotated.X) + (cos * rotated.Y), rotated.Z);
    }
}
