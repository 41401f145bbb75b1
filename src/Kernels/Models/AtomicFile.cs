namespace Fleet.Kernels.Models;

/// <summary>Writes files that are never seen half done.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes into a new file beside <paramref name="path"/>, flushes it to the disk and renames it over
    /// <paramref name="path"/>. If <paramref name="write"/> fails, what was there before stays as it was.
    /// </summary>
    public static void Write(string path, Action<Stream> write)
    {
        var unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        var stream = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    /// <summary>Deletes what processes that were killed in the middle of writing <paramref name="path"/> left behind.</summary>
    public static void ClearUnfinished(string path)
    {
        var full = Path.GetFullPath(path);
        foreach (var unfinished in Directory.GetFiles(Path.GetDirectoryName(full)!, Path.GetFileName(full) + ".*.tmp"))
        {
            File.Delete(unfinished);
        }
    }
}
