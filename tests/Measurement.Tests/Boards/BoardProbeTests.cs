using Fleet.Measurement.Boards;

namespace Fleet.Measurement.Tests.Boards;

public sealed class BoardProbeTests : IDisposable
{
    private const string PiCpu = "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd08\n\nModel\t\t: Raspberry Pi 4 Model B Rev 1.4\n";
    private const string PcCpu = "processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC\nflags\t\t: fpu\n";

    private readonly string folder = Directory.CreateTempSubdirectory("fleet-probe-").FullName;

    [Fact]
    public void A_board_is_called_by_its_own_name()
    {
        Write("proc/cpuinfo", PiCpu);
        Write("proc/meminfo", "MemTotal:        3884392 kB\nMemFree: 1 kB\n");
        Write("proc/sys/kernel/osrelease", "6.12.34+rpt-rpi-v8\n");
        Write("etc/os-release", "NAME=Debian\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
        BoardIdentity identity = BoardProbe.Identify(new BoardRoot(folder));
        Assert.Equal("Raspberry Pi 4 Model B Rev 1.4", identity.Model);
        Assert.Equal(3884392L * 1024, identity.MemoryBytes);
        Assert.Equal("6.12.34+rpt-rpi-v8", identity.Kernel);
        Assert.Equal("Debian GNU/Linux 12 (bookworm)", identity.Os);
        Assert.Equal("jit", identity.Runtime);
        Assert.Equal(Environment.ProcessorCount, identity.Cores);

        Write("proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0\0");
        Assert.Equal("Raspberry Pi 5 Model B Rev 1.0", BoardProbe.Identify(new BoardRoot(folder)).Model);
    }

    [Fact]
    public void A_machine_without_a_boards_name_is_called_by_its_processor()
    {
        Write("proc/cpuinfo", PcCpu);
        Assert.Equal("AMD EPYC", BoardProbe.Identify(new BoardRoot(folder)).Model);
        Write("proc/cpuinfo", "CPU implementer\t: 0x41\nCPU part\t: 0xd0b\n");
        Assert.Equal("CPU 0x41 part 0xd0b", BoardProbe.Identify(new BoardRoot(folder)).Model);
    }

    [Fact]
    public void A_moved_root_counts_as_emulated()
    {
        Assert.Contains("moved root", BoardProbe.Identify(new BoardRoot(folder)).EmulatedBecause);
        Assert.True(new BoardRoot("/", folder).IsMoved);
        Assert.False(new BoardRoot("/").IsMoved);
    }

    [Fact]
    public void An_arm_process_that_sees_an_x86_machine_is_emulated()
    {
        BoardRoot root = new(folder);
        Write("proc/cpuinfo", PcCpu);
        Assert.Contains("user-mode emulation", BoardProbe.EmulatedBecause(root, "arm64"));
        Assert.Null(BoardProbe.EmulatedBecause(root, "x64"));

        // Newer versions of QEMU make up an ARM /proc/cpuinfo, but not the rest.
        Write("proc/cpuinfo", PiCpu);
        Assert.Null(BoardProbe.EmulatedBecause(root, "arm64"));
        Write("proc/sys/kernel/arch", "x86_64\n");
        Assert.Contains("user-mode emulation", BoardProbe.EmulatedBecause(root, "arm64"));
        Write("proc/sys/kernel/arch", "");
        Write("sys/devices/system/cpu/modalias", "cpu:type:x86,ven0002fam001Amod0002:feature:,0000\n");
        Assert.Contains("user-mode emulation", BoardProbe.EmulatedBecause(root, "arm64"));
    }

    [Fact]
    public void An_x64_process_that_sees_an_arm_machine_is_emulated()
    {
        BoardRoot root = new(folder);
        Write("proc/cpuinfo", PiCpu);
        Write("sys/devices/system/cpu/cpu0/regs/identification/midr_el1", "0x00000000410fd083\n");
        Assert.Contains("user-mode emulation", BoardProbe.EmulatedBecause(root, "x64"));
        Assert.Null(BoardProbe.EmulatedBecause(root, "arm64"));
    }

    [Fact]
    public void A_processor_made_of_software_is_emulated()
    {
        Write("proc/cpuinfo", "vendor_id\t: x\nmodel name\t: QEMU TCG CPU version 2.5+\n");
        Assert.Contains("QEMU TCG", BoardProbe.EmulatedBecause(new BoardRoot(folder), "x64"));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("3", "3")]
    [InlineData("1,3-5", "1,3,4,5")]
    [InlineData("x,2", "2")]
    public void Lists_of_cores_are_read_in_the_kernels_form(string? list, string expected) =>
        Assert.Equal(expected, string.Join(',', ProcessorPin.ParseCores(list)));

    [Fact]
    public void Commands_are_found_only_where_they_are_looked_for()
    {
        Write("bin/vcgencmd", "");
        Assert.Equal(Path.Combine(folder, "bin", "vcgencmd"), new BoardRoot("/", Path.Combine(folder, "bin")).FindCommand("vcgencmd"));
        Assert.Null(new BoardRoot("/", folder).FindCommand("vcgencmd"));
        Assert.NotNull(new BoardRoot().FindCommand("sh"));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Write(string path, string text)
    {
        string full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
