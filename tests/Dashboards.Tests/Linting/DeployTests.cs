using System.Text.RegularExpressions;
using Fleet.Dashboards.Tests.Files;
using Fleet.Dashboards.Tests.Tools;
using Fleet.EndToEnd.Tests.Support;
using Fleet.Os.Processes;
using Fleet.Os.State;
using Fleet.Silo.Configuration;
using YamlDotNet.RepresentationModel;

namespace Fleet.Dashboards.Tests.Linting;

/// <summary>What cannot be run without a container engine or systemd is at least consistent.</summary>
public sealed partial class DeployTests
{
    private const string Unit = "deploy/systemd/fleet-silo.service";
    private static readonly YamlNode Compose = YamlFile.Read("deploy/compose.yaml");
    private static readonly YamlNode Scraping = YamlFile.Read("deploy/prometheus/prometheus.yml");

    [Fact]
    public void All_services_share_the_silos_network_and_only_this_machine_reaches_it()
    {
        Assert.Equal(["silo", "prometheus", "grafana"], Compose.At("services").Texts());
        Assert.All(["prometheus", "grafana"], name =>
        {
            Assert.Equal("service:silo", Service(name, "network_mode").Text());
            Assert.Null(Service(name, "ports"));
            // A new silo container is a new network: those that share it must come again with it.
            Assert.Equal("true", Service(name, "depends_on", "silo", "restart").Text());
        });
        Assert.All(Service("silo", "ports").Texts(), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
    }

    [Fact]
    public void Whatever_is_mounted_is_there()
    {
        var volumes = Compose.At("volumes").Texts();
        var sources = Compose.At("services").Texts().SelectMany(Mounts).Select(mount => mount.Source).ToArray();

        Assert.All(sources, source => Assert.True(
            source.StartsWith('.') ? Path.Exists(Path.Combine(Repository.Root, "deploy", source)) : volumes.Contains(source),
            $"{source} is mounted, but not there."));
        Assert.Equal(volumes.Order(), sources.Where(source => !source.StartsWith('.')).Distinct().Order());
    }

    [Fact]
    public void Images_from_elsewhere_have_a_fixed_version() => Assert.All(["prometheus", "grafana"], name =>
    {
        var tag = Service(name, "image").Text().Split(':')[1];
        Assert.Matches(@"^v?\d+\.\d+\.\d+$", tag);
    });

    [Fact]
    public void Prometheus_asks_where_a_silo_answers_unless_told_otherwise()
    {
        var job = Assert.IsType<YamlSequenceNode>(Scraping.At("scrape_configs")).Single();

        Assert.Equal("fleet", job.At("job_name").Text());
        Assert.Equal([SiloOptions.DefaultHttp.ToString()], Assert.IsType<YamlSequenceNode>(job.At("static_configs")).Single().At("targets").Texts());
    }

    [Fact]
    public void Prometheus_finds_its_configuration_and_its_rules_where_they_are_mounted()
    {
        var mounts = Mounts("prometheus").ToDictionary(mount => mount.Source, mount => mount.Target);
        var configuration = mounts["./prometheus/prometheus.yml"];

        Assert.Contains($"--config.file={configuration}", Service("prometheus", "command").Texts());
        Assert.Equal(
            [Path.GetRelativePath(Path.GetDirectoryName(configuration)!, mounts["../dashboards/alerts"]) + "/*.yml"], Scraping.At("rule_files").Texts());
    }

    [Fact]
    public void Prometheus_finds_the_silos_token_where_the_image_keeps_its_state()
    {
        var job = Assert.IsType<YamlSequenceNode>(Scraping.At("scrape_configs")).Single();
        var image = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "silo.Containerfile"));
        var state = Regex.Match(image, @"FLEET_STATE=(\S+)").Groups[1].Value;

        Assert.Equal($"{state}/token", job.At("authorization", "credentials_file").Text());
        Assert.Equal(Mounts("silo").Single(mount => mount.Source == "silo").Target, Mounts("prometheus").Single(mount => mount.Source == "silo").Target);
        Assert.StartsWith(Mounts("silo").Single().Target, state, StringComparison.Ordinal);
    }

    [Fact]
    public void Grafana_finds_its_source_and_its_dashboards()
    {
        var source = Assert.IsType<YamlSequenceNode>(YamlFile.Read("dashboards/provisioning/datasources/prometheus.yaml").At("datasources")).Single();
        var provider = Assert.IsType<YamlSequenceNode>(YamlFile.Read("dashboards/provisioning/dashboards/fleet.yaml").At("providers")).Single();
        var mounts = Mounts("grafana").ToDictionary(mount => mount.Source, mount => mount.Target);

        Assert.Equal("/etc/grafana/provisioning", mounts["../dashboards/provisioning"]);
        Assert.Equal(mounts["../dashboards"], provider.At("options", "path").Text());
        Assert.Equal("prometheus", source.At("type").Text());
        Assert.Contains($"--web.listen-address={new Uri(source.At("url").Text()).Authority}", Service("prometheus", "command").Texts());
        // Without it, Grafana takes 15 s, and makes each rate's interval four times as long as need be.
        Assert.Equal(Scraping.At("global", "scrape_interval").Text(), source.At("jsonData", "timeInterval").Text());
    }

    [Fact]
    public async Task Prometheus_takes_the_configuration()
    {
        Tool.Need("promtool");
        var folder = Directory.CreateTempSubdirectory("fleet-test-");
        try
        {
            var configuration = Path.Combine(folder.FullName, "prometheus.yml");
            // promtool looks whether the token's file is there.
            var token = AccessToken.ReadOrCreate(folder.FullName);
            Assert.NotEmpty(token.Digits);
            var product = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "prometheus", "prometheus.yml"));
            await File.WriteAllTextAsync(configuration, product.Replace("/var/lib/fleet/state", folder.FullName, StringComparison.Ordinal));
            var rules = folder.CreateSubdirectory("rules");
            AlertRule.Files.ToList().ForEach(file => File.Copy(file, Path.Combine(rules.FullName, Path.GetFileName(file))));

            var said = await Tool.RunAsync("promtool", "check", "config", configuration);

            Assert.Contains($"{AlertRule.All.Count} rules found", said, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Systemd_takes_the_unit()
    {
        Tool.Need("systemd-analyze");
        var folder = Directory.CreateTempSubdirectory("fleet-test-");
        try
        {
            // The program is not installed here; everything else is as it is.
            var unit = Path.Combine(folder.FullName, Path.GetFileName(Unit));
            await File.WriteAllTextAsync(unit, ReadUnit().Replace(UnitProgram(), "/bin/true", StringComparison.Ordinal));

            Assert.Empty((await Tool.RunAsync("systemd-analyze", "verify", "--man=no", unit)).Trim());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Unit_and_image_start_the_same_program()
    {
        var image = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "silo.Containerfile"));

        Assert.Contains($"ENTRYPOINT [\"{UnitProgram()}\"]", image, StringComparison.Ordinal);
        Assert.EndsWith("/Fleet.Silo/fleet-silo", UnitProgram(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deploy/build-image.sh")]
    [InlineData("docs/silo-service.md")]
    public void What_is_published_for_a_silo_are_the_command_and_the_programs_that_it_starts(string recipe)
    {
        var rooms = PublishedRooms().Match(File.ReadAllText(Path.Combine(Repository.Root, recipe))).Groups["rooms"].Value.Split(' ');

        Assert.Equal(["Fleet.Cli", FleetProgram.Silo.Folder, FleetProgram.Trainer.Folder], rooms.Select(room => $"Fleet.{room}").Order(StringComparer.Ordinal));
        Assert.All(rooms, room => Assert.Contains(
            $"<AssemblyName>fleet-{room.ToLowerInvariant()}</AssemblyName>",
            File.ReadAllText(Path.Combine(Repository.Root, "src", room, $"Fleet.{room}.csproj")),
            StringComparison.Ordinal));
    }

    private static YamlNode? Service(string name, params string[] keys) => Compose.At(["services", name, .. keys]);

    private static IEnumerable<(string Source, string Target)> Mounts(string service) =>
        Service(service, "volumes").Texts().Select(mount => mount.Split(':')).Select(parts => (parts[0], parts[1]));

    private static string ReadUnit() => File.ReadAllText(Path.Combine(Repository.Root, Unit));

    private static string UnitProgram() =>
        ReadUnit().Split('\n').Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal))["ExecStart=".Length..];

    [GeneratedRegex(@"for room in (?<rooms>[\w ]+); do")]
    private static partial Regex PublishedRooms();
}
