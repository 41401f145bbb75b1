using Fleet.Architecture.Tests;

namespace Fleet.Reports.Tests.Golden;

/// <summary>Whole outputs as they were when they were last looked at. One that is meant to change is copied over from where the failure says.</summary>
internal static class GoldenText
{
    /// <param name="path">Within the checkout.</param>
    public static void Check(string path, string actual)
    {
        var expected = File.Exists(Path.Combine(Checkout.Root, path)) ? Checkout.Read(path) : "";
        if (actual == expected)
        {
            return;
        }

        var beside = Path.Combine(AppContext.BaseDirectory, Path.GetFileName(path));
        File.WriteAllText(beside, actual);
        var (was, now) = (expected.Split('\n'), actual.Split('\n'));
        var first = was.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.Fail($"{path} and {beside} differ from line {first + 1} on:\nwas: {was.ElementAtOrDefault(first)}\n is: {now.ElementAtOrDefault(first)}");
    }
}
