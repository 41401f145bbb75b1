namespace Fleet.Campaigns.Ports;

/// <summary>Artefacts as files of this machine, for its other processes to read where they lie.</summary>
public interface IArtefactFiles
{
    /// <summary>Where the artefact lies, if it is there.</summary>
    /// <exception cref="ArgumentException">It is no artefact's name.</exception>
    string PathOf(string sha256);
}
