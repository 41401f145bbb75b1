using Fleet.Domain.Measuring;
using Fleet.Domain.Results;

namespace Fleet.Campaigns.Ports;

/// <summary>Results and their blocks, each run once.</summary>
public interface IResultStore
{
    /// <summary>Closes the run with this result; false where another result closed it before. Durable when it returns.</summary>
    /// <exception cref="OutOfSpaceException">The disk is full.</exception>
    Task<bool> TryStoreAsync(StoredResult result, CancellationToken cancel);

    Task<IReadOnlyList<ResultRow>> RowsAsync(string campaign, CancellationToken cancel);

    /// <summary>Runs of the campaign that are closed, whether measured or failed, each with its row's validity.</summary>
    Task<IReadOnlyDictionary<string, Validity>> ClosedRunsAsync(string campaign, CancellationToken cancel);

    /// <summary>Closed runs whose names begin so (hexadecimal digits in lower case), at most so many.</summary>
    Task<IReadOnlyList<string>> RunsAsync(string beginning, int most, CancellationToken cancel);

    /// <summary>The row that closed the run; null where it is open.</summary>
    Task<ResultRow?> FindAsync(string run, CancellationToken cancel);

    /// <summary>The campaign's measurements by run, as they were sent (JSON of <c>RunMeasurement</c>), with their blocks. Runs that failed have none.</summary>
    Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> MeasurementsAsync(string campaign, CancellationToken cancel);

    /// <summary>The campaign's results that were stored after the one of that sequence number (0: all), oldest first. Blocks the caller's thread.</summary>
    IReadOnlyList<(long Sequence, StoredResult Result)> StoredAfter(string campaign, long sequence);
}

public sealed record StoredResult(ResultRow Row, ReadOnlyMemory<byte> Measurement);
