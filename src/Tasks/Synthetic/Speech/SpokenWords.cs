namespace Fleet.Tasks.Synthetic.Speech;

/// <summary>The words that are said, as sequences of sounds.</summary>
internal static class SpokenWords
{
    public static IReadOnlyList<(string Name, IReadOnlyList<Phone> Phones)> All { get; } =
    [
        ("zero", [Phone.Z, Phone.Iy, Phone.R, Phone.Uh, Phone.Uw]),
        ("one", [Phone.W, Phone.Ah, Phone.N]),
        ("two", [Phone.Closure, Phone.BurstT, Phone.Uw]),
        ("three", [Phone.Th, Phone.R, Phone.Iy]),
        ("four", [Phone.F, Phone.Ao, Phone.R]),
        ("five", [Phone.F, Phone.Aa, Phone.Ih, Phone.V]),
        ("six", [Phone.S, Phone.Ih, Phone.Closure, Phone.BurstK, Phone.S]),
        ("seven", [Phone.S, Phone.Eh, Phone.V, Phone.Ah, Phone.N]),
        ("eight", [Phone.Eh, Phone.Ih, Phone.Closure, Phone.BurstT]),
        ("nine", [Phone.N, Phone.Aa, Phone.Ih, Phone.N]),
    ];
}
