namespace Fleet.Protocol;

/// <summary>The version of fleet.proto that this build speaks. An agent of another version is refused at Hello, with both numbers.</summary>
public static class ProtocolVersion
{
    public const uint Current = 1;
}
