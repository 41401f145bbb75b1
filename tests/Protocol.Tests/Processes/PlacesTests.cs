using Fleet.Protocol.Processes;

namespace Fleet.Protocol.Tests.Processes;

/// <summary>Where things are found: state folder, the silo of a state folder, the product's programs.</summary>
public sealed class PlacesTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();
    private readonly Dictionary<string, string?> before = [];

    public void Dispose()
    {
        foreach (var (name, value) in before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        temporary.Dispose();
    }

    [Fact]
    public void The_state_folder_is_the_one_asked_for_then_the_variables_then_XDGs()
    {
        Set(StateFolder.Variable, "/from/variable");
        Set("XDG_STATE_HOME", "/xdg");
        Assert.Equal("/asked", StateFolder.Resolve("/asked"));
        Assert.Equal(Path.GetFullPath("asked"), StateFolder.Resolve("asked"));
        Assert.Equal("/from/variable", StateFolder.Resolve(null));

        Set(StateFolder.Variable, null);
        Assert.Equal("/xdg/fleet", StateFolder.Resolve(null));

        Set("XDG_STATE_HOME", "relative");
        Set("HOME", "/home/ada");
        Assert.Equal("/home/ada/.local/state/fleet", StateFolder.Resolve(null));
    }

    [Fact]
    public void A_silos_address_is_read_as_it_was_written()
    {
        var address = new SiloAddress { ProcessId = 7, Http = "http://127.0.0.1:5080", Grpc = "http://127.0.0.1:5081", Version = "0.1.0" };
        address.Write(temporary.Path);
        address.Write(temporary.Path);

        Assert.Equal(address, SiloAddress.TryRead(temporary.Path));
        Assert.Equal([SiloAddress.FileName], Directory.GetFiles(temporary.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"process_id\": 7, \"http\": \"http://127")]
    [InlineData("{\"process_id\": 7}")]
    public void A_silo_json_that_is_not_whole_is_as_good_as_none(string content)
    {
        Assert.Null(SiloAddress.TryRead(temporary.Path));

        File.WriteAllText(temporary.File(SiloAddress.FileName), content);

        Assert.Null(SiloAddress.TryRead(temporary.Path));
    }

    [Fact]
    public void A_program_is_started_from_its_binary_or_on_the_dotnet_host()
    {
        Set(FleetProgram.Variable, temporary.Path);
        var folder = Directory.CreateDirectory(temporary.File("Fleet.DeviceAgent")).FullName;
        var binary = Path.Combine(folder, "fleet-agent");
        File.WriteAllText(binary, "");

        var native = FleetProgram.Agent.StartInfo("run", "--child");
        File.WriteAllText(binary + ".dll", "");
        var hosted = FleetProgram.Agent.StartInfo("doctor");

        Assert.Equal(binary, native.FileName);
        Assert.Equal(["run", "--child"], native.ArgumentList);
        Assert.Equal("dotnet", Path.GetFileName(hosted.FileName));
        Assert.Equal([binary + ".dll", "doctor"], hosted.ArgumentList);
    }

    [Fact]
    public void A_program_that_is_missing_is_named_with_the_place_and_the_way_out()
    {
        Set(FleetProgram.Variable, temporary.Path);

        var error = Assert.Throws<FileNotFoundException>(() => FleetProgram.Trainer.StartInfo());

        Assert.Contains("fleet-trainer", error.Message, StringComparison.Ordinal);
        Assert.Contains(temporary.File("Fleet.Training"), error.Message, StringComparison.Ordinal);
        Assert.Contains(FleetProgram.Variable, error.Message, StringComparison.Ordinal);
    }

    private void Set(string name, string? value)
    {
        before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }
}
