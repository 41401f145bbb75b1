using Fleet.Os.State;

namespace Fleet.Os.Tests.State;

/// <summary>How the silo of a state folder is found.</summary>
public sealed class SiloAddressTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fleet-protocol-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_silos_address_is_read_as_it_was_written()
    {
        var address = new SiloAddress { ProcessId = 7, Http = "http://127.0.0.1:5080", Grpc = "http://127.0.0.1:5081", Version = "0.1.0" };
        address.Write(folder);
        address.Write(folder);

        Assert.Equal(address, SiloAddress.TryRead(folder));
        Assert.Equal([SiloAddress.FileName], Directory.GetFiles(folder).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"process_id\": 7, \"http\": \"http://127")]
    [InlineData("{\"process_id\": 7}")]
    public void A_silo_json_that_is_not_whole_is_as_good_as_none(string content)
    {
        Assert.Null(SiloAddress.TryRead(folder));

        File.WriteAllText(Path.Combine(folder, SiloAddress.FileName), content);

        Assert.Null(SiloAddress.TryRead(folder));
    }
}
