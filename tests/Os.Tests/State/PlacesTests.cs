using Fleet.Os.Processes;
using Fleet.Os.State;

namespace Fleet.Os.Tests.State;

/// <summary>Where things are found: state folder, the product's programs.</summary>
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
        Assert.Contains(temporary.File("Fleet.Trainer"), error.Message, StringComparison.Ordinal);
        Assert.Contains(FleetProgram.Variable, error.Message, StringComparison.Ordinal);
    }

    private void Set(string name, string? value)
    {
        before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }
}
