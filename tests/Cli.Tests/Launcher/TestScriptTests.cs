namespace Fleet.Cli.Tests.Launcher;

public sealed class TestScriptTests : IDisposable
{
    private readonly ScriptedCheckout checkout = new("test.sh");

    public void Dispose() => checkout.Dispose();

    [Fact]
    public async Task Counts_of_all_projects_are_summed_on_the_last_line()
    {
        Project("One", 3, 0, 0);
        Project("Two", 4, 0, 1);
        Assert.Equal((0, "7 passed, 0 failed, 1 skipped"), await RunAsync());
    }

    [Fact]
    public async Task A_failed_test_fails_the_whole()
    {
        Project("One", 3, 0, 0);
        Project("Two", 4, 2, 0);
        Assert.Equal((1, "7 passed, 2 failed, 0 skipped"), await RunAsync());
    }

    [Fact]
    public async Task What_failed_is_named_once_more_at_the_end_with_the_first_line_of_its_message()
    {
        Project("One", 3, 0, 0);
        Write(
            "Two",
            ReportOf(
                """<assembly name="x" errors="1" failed="2" not-run="0" passed="1" skipped="0" total="3">""" +
                """<errors><error type="test-class-cleanup" name="Two.Second">""" +
                """<failure><message><![CDATA[The folder is not empty.]]></message></failure></error></errors>""" +
                """<test name="Two.First.It_is(text: \&quot;a &lt; b\&quot;)" result="Fail" type="First">""" +
                """<failure><message><![CDATA[Assert.Equal() Failure: Values differ""" + "\n" +
                """Expected: 1]]></message><stack-trace><![CDATA[at Two.First]]></stack-trace></failure></test>""" +
                """<test name="Two.First.Fine" result="Pass"><output><![CDATA[<message>nothing</message>]]></output></test>""" +
                """<test name="Two.First.Bare" result="Fail"></test></assembly>""",
                1));
        Write("Three", "exit 134");
        var ran = await checkout.RunAsync(checkout["checkout", "test.sh"], []);
        Assert.EndsWith(
            """

            == Failed:
              Fleet.Three.Tests ended with code 134 and left no results.
              Fleet.Two.Tests: Two.Second: The folder is not empty.
              Fleet.Two.Tests: Two.First.It_is(text: \"a < b\"): Assert.Equal() Failure: Values differ
              Fleet.Two.Tests: Two.First.Bare

            4 passed, 4 failed, 0 skipped

            """,
            ran.Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_CI_nothing_may_be_skipped()
    {
        Project("One", 3, 0, 1);
        Assert.Equal((1, "3 passed, 0 failed, 1 skipped"), await RunAsync(("CI", "true")));
    }

    [Fact]
    public async Task A_project_that_dies_counts_as_a_failure()
    {
        Project("One", 3, 0, 0);
        Write("Two", "exit 134");
        Assert.Equal((1, "3 passed, 1 failed, 0 skipped"), await RunAsync());
    }

    [Fact]
    public async Task A_project_without_tests_counts_as_a_failure()
    {
        Project("One", 0, 0, 0);
        Assert.Equal((1, "0 passed, 1 failed, 0 skipped"), await RunAsync());
    }

    [Fact]
    public async Task A_project_that_passes_its_tests_and_then_dies_counts_as_a_failure()
    {
        Project("One", 3, 0, 0, code: 139);
        Assert.Equal((1, "3 passed, 1 failed, 0 skipped"), await RunAsync());
    }

    [Fact]
    public async Task A_project_that_hangs_is_stopped()
    {
        Write("One", "exec sleep 60");
        Assert.Equal((1, "0 passed, 1 failed, 0 skipped"), await RunAsync(("FLEET_TEST_LIMIT", "1s")));
    }

    [Fact]
    public async Task A_build_that_fails_is_a_failure()
    {
        Project("One", 3, 0, 0);
        checkout.Play("broken");
        Assert.Equal((1, "0 passed, 1 failed, 0 skipped"), await RunAsync());
    }

    [Fact]
    public async Task One_project_can_be_run_with_options_of_its_runner()
    {
        Project("One", 3, 0, 0);
        Write("Two", "[[ \" $* \" == *' -class Some* '* ]] || exit 9\n" + Report(2, 0, 0, 0));
        var ran = await checkout.RunAsync(checkout["checkout", "test.sh"], ["Two", "-class", "Some*"]);
        Assert.Equal(0, ran.Code);
        Assert.EndsWith("\n2 passed, 0 failed, 0 skipped\n", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_that_is_not_there_is_wrong_usage()
    {
        Project("One", 3, 0, 0);
        var ran = await checkout.RunAsync(checkout["checkout", "test.sh"], ["Nope"]);
        Assert.Equal(2, ran.Code);
        Assert.Contains("There are: One", ran.Error, StringComparison.Ordinal);
    }

    private async Task<(int Code, string LastLine)> RunAsync(params (string Name, string? Value)[] environment)
    {
        var ran = await checkout.RunAsync(checkout["checkout", "test.sh"], [], null, environment);
        return (ran.Code, ran.Out.TrimEnd('\n').Split('\n')[^1]);
    }

    private void Project(string name, int passed, int failed, int skipped, int code = -1) =>
        Write(name, Report(passed, failed, skipped, code < 0 ? (failed > 0 ? 1 : 0) : code));

    // What the runner leaves behind, as far as it is read.
    private static string Report(int passed, int failed, int skipped, int code) =>
        ReportOf(
            $"""<assembly name="x" errors="0" failed="{failed}" not-run="0" passed="{passed}" skipped="{skipped}" total="{passed + failed + skipped}">"""
                + """<test name="a failed=&quot;9&quot;" result="Pass" /></assembly>""",
            code);

    private static string ReportOf(string assembly, int code) =>
        $"""
        while [[ $1 != -result-xml ]]; do shift; done
        echo '<assemblies>{assembly}</assemblies>' >"$2"
        exit {code}
        """;

    private void Write(string name, string behaviour)
    {
        Directory.CreateDirectory(checkout["checkout", "tests", $"{name}.Tests"]);
        File.WriteAllText(checkout["checkout", "tests", $"{name}.Tests", $"Fleet.{name}.Tests.csproj"], "");
        checkout.Play($"Fleet.{name}.Tests", behaviour);
    }
}
