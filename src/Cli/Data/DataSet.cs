namespace Fleet.Cli.Data;

/// <summary>How a data set is packed where it is published.</summary>
internal enum ArchiveKind
{
    Zip,
    TarGz,
}

/// <summary>A data set that is published somewhere, and what is known of it.</summary>
/// <param name="Name">Its folder among the data sets of this machine.</param>
/// <param name="Tasks">The tasks that are made of it.</param>
/// <param name="Page">Where people read about it.</param>
/// <param name="Bytes">Of the archive, where it is known for certain.</param>
/// <param name="Sha256">
/// Of the archive, in lower-case hex, where its publishers have made it known; else the first download is recorded and later ones are held to it.
/// </param>
/// <param name="Marker">A file that stands in the folder that the task reads, wherever the archive has that.</param>
internal sealed record DataSet(
    string Name, IReadOnlyList<string> Tasks, string Page, string Licence, Uri Url, long? Bytes, string? Sha256, ArchiveKind Kind, string Marker)
{
    public static IReadOnlyList<DataSet> Published { get; } =
    [
        new(
            "uci-har",
            ["uci-har"],
            "archive.ics.uci.edu/dataset/240",
            "CC BY 4.0",
            new Uri("https://archive.ics.uci.edu/static/public/240/human+activity+recognition+using+smartphones.zip"),
            Bytes: null,
            Sha256: null,
            ArchiveKind.Zip,
            "train/y_train.txt"),
        new(
            "spoken-digits",
            ["spoken-digits"],
            "github.com/Jakobovski/free-spoken-digit-dataset",
            "CC BY-SA 4.0",
            new Uri("https://github.com/Jakobovski/free-spoken-digit-dataset/archive/refs/tags/v1.0.10.zip"),
            Bytes: null,
            Sha256: null,
            ArchiveKind.Zip,
            "recordings/0_jackson_0.wav"),
        new(
            "opportunity",
            ["opportunity"],
            "archive.ics.uci.edu/dataset/226",
            "CC BY 4.0",
            new Uri("https://archive.ics.uci.edu/static/public/226/opportunity+activity+recognition.zip"),
            Bytes: null,
            Sha256: null,
            ArchiveKind.Zip,
            "dataset/S1-ADL1.dat"),
        new(
            "speech-commands",
            ["speech-commands", "speech-commands-12"],
            "arxiv.org/abs/1804.03209",
            "CC BY 4.0",
            new Uri("https://storage.googleapis.com/download.tensorflow.org/data/speech_commands_v0.02.tar.gz"),
            Bytes: 2_428_923_189,
            // As TensorFlow Datasets and torchaudio have it.
            Sha256: "af14739ee7dc311471de98f5f9d2c9191b18aedfe957f4a6ff791c709868ff58",
            ArchiveKind.TarGz,
            "testing_list.txt"),
    ];
}
