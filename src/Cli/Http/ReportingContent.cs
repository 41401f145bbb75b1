using System.Net;

namespace Fleet.Cli.Http;

/// <summary>Bytes of a request that tell how many of them have gone.</summary>
internal sealed class ReportingContent(ReadOnlyMemory<byte> bytes, IProgress<long> sent) : HttpContent
{
    private const int Piece = 256 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        for (var start = 0; start < bytes.Length; start += Piece)
        {
            var end = Math.Min(start + Piece, bytes.Length);
            await stream.WriteAsync(bytes[start..end], cancellationToken).ConfigureAwait(false);
            sent.Report(end);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
