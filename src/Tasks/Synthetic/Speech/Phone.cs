namespace Fleet.Tasks.Synthetic.Speech;

/// <summary>A sound of speech, as the vocal tract is held for it.</summary>
/// <param name="Seconds">How long it lasts at a common tempo.</param>
/// <param name="F1">First formant of a tract of common length, in Hz.</param>
/// <param name="F2">Second formant.</param>
/// <param name="F3">Third formant.</param>
/// <param name="Voice">Amplitude of the glottal source.</param>
/// <param name="Breath">Amplitude of the noise of a constriction.</param>
/// <param name="BreathHz">Centre of that noise's band: the smaller the cavity before the constriction, the higher.</param>
internal sealed record Phone(double Seconds, double F1, double F2, double F3, double Voice, double Breath = 0, double BreathHz = 2500)
{
    // Vowels: the means of men in Peterson and Barney 1952. Consonants: of the order that Klatt 1980 gives for his synthesiser.
    public static readonly Phone Iy = new(0.13, 270, 2290, 3010, 1);
    public static readonly Phone Ih = new(0.10, 390, 1990, 2550, 1);
    public static readonly Phone Eh = new(0.12, 530, 1840, 2480, 1);
    public static readonly Phone Aa = new(0.11, 730, 1090, 2440, 1);
    public static readonly Phone Ah = new(0.12, 640, 1190, 2390, 1);
    public static readonly Phone Ao = new(0.13, 570, 840, 2410, 1);
    public static readonly Phone Uh = new(0.09, 440, 1020, 2240, 1);
    public static readonly Phone Uw = new(0.13, 300, 870, 2240, 1);
    public static readonly Phone R = new(0.07, 420, 1300, 1600, 0.8);
    public static readonly Phone W = new(0.07, 300, 610, 2200, 0.7);
    public static readonly Phone N = new(0.09, 270, 1600, 2600, 0.35);
    public static readonly Phone V = new(0.07, 280, 1150, 2300, 0.35, 0.08, 1800);
    public static readonly Phone Z = new(0.09, 290, 1600, 2600, 0.25, 0.22, 3500);
    public static readonly Phone S = new(0.13, 320, 1600, 2600, 0, 0.40, 3500);
    public static readonly Phone F = new(0.11, 320, 1150, 2300, 0, 0.14, 1800);
    public static readonly Phone Th = new(0.10, 320, 1350, 2500, 0, 0.11, 2600);

    /// <summary>The closure of a stop: nothing is heard.</summary>
    public static readonly Phone Closure = new(0.06, 300, 1600, 2500, 0);

    public static readonly Phone BurstT = new(0.03, 350, 1750, 2600, 0, 0.35, 3300);
    public static readonly Phone BurstK = new(0.03, 350, 1850, 2400, 0, 0.35, 2000);
}
