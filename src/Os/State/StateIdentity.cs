using System.Text;
using Fleet.Os.Files;

namespace Fleet.Os.State;

/// <summary>
/// Which state folder this is. The id is a file in it and goes along with a copy; the place is the folder's own device and inode, which
/// no copy has. A silo says both, so that whoever found its address in a folder can tell whether it is the silo of that folder.
/// </summary>
public sealed record StateIdentity(string Id, string Place)
{
    public const string FileName = "state-id";

    public override string ToString() => $"{Id} at {Place}";

    /// <summary>Null where the folder has no id: no silo of this version has run on it yet.</summary>
    /// <exception cref="IOException">The file is there and cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It is another user's, or a folder.</exception>
    public static StateIdentity? TryRead(string stateFolder)
    {
        var path = Path.Combine(stateFolder, FileName);
        if (!Path.Exists(path))
        {
            return null;
        }

        var text = PrivateFile.ReadText(path).Trim();
        return Guid.TryParseExact(text, "D", out var id) ? new StateIdentity(id.ToString(), PlaceOf(stateFolder)) : null;
    }

    /// <summary>Makes the id where there is none. Only for the silo that holds the folder.</summary>
    /// <inheritdoc cref="TryRead" path="/exception"/>
    public static StateIdentity ReadOrCreate(string stateFolder)
    {
        if (TryRead(stateFolder) is { } known)
        {
            return known;
        }

        var id = Guid.NewGuid().ToString();
        PrivateFile.Write(Path.Combine(stateFolder, FileName), Encoding.ASCII.GetBytes(id + "\n"));
        return new StateIdentity(id, PlaceOf(stateFolder));
    }

    private static string PlaceOf(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return Path.GetFullPath(folder);
        }

        var status = FileStatus.Of(folder);
        return $"{status.DeviceMajor}:{status.DeviceMinor}:{status.Inode}";
    }
}
