using Fleet.Tasks.Numerics;

namespace Fleet.Tasks.Synthetic.Speech;

/// <summary>
/// Speech by source and filter (Fant 1960, in the form of Klatt 1980): a glottal wave, du/dt = 2 t - 3 t^2 while the glottis is
/// open, goes through three formants in cascade and a fixed fourth; the noise of a constriction through one resonance of its own.
/// Between sounds the tract moves by a first-order lag, so that every sound is coloured by its neighbours.
/// </summary>
internal sealed class VoiceSynthesiser(Speaker speaker, Xoshiro256 random, int sampleRateHz)
{
    private const double ControlSeconds = 0.005;
    private const double FourthFormantHz = 3500;

    private static readonly double[] Bandwidths = [70, 90, 130];

    // Constrictions hiss over a wide band.
    private const double BreathBandwidthHz = 600;

    private readonly int controlSamples = (int)Math.Round(ControlSeconds * sampleRateHz);

    /// <summary>One saying of a word, at any loudness.</summary>
    public double[] Say(IReadOnlyList<Phone> phones)
    {
        var (formants, fourth, breath) =
            (Bandwidths.Select(_ => new Resonator(sampleRateHz)).ToArray(), new Resonator(sampleRateHz), new Resonator(sampleRateHz));
        fourth.Tune(Math.Min(FourthFormantHz * speaker.TractScale, 0.47 * sampleRateHz), 250);
        var tempo = speaker.Tempo * Math.Max(0.6, 1 + (0.08 * random.Normal()));
        // Each saying its own: how high it begins, how far it falls, and how exactly the sounds are met.
        var (pitch, fall) = (speaker.PitchHz * (1 + (0.06 * random.Normal())), random.Uniform(-0.05, 0.30));
        int[] frames = [.. phones.Select(phone =>
            Math.Max(2, (int)Math.Round(phone.Seconds / tempo * Math.Max(0.5, 1 + (0.15 * random.Normal())) / ControlSeconds)))];
        var targets = phones.Select(Target).ToArray();
        var tract = targets[0];
        var samples = new double[frames.Sum() * controlSamples];
        var (at, phase, period) = (0, 0.0, pitch);
        for (var index = 0; index < targets.Length; index++)
        {
            for (var frame = 0; frame < frames[index]; frame++)
            {
                tract = Toward(tract, targets[index]);
                formants[0].Tune(tract.F1, Bandwidths[0]);
                formants[1].Tune(tract.F2, Bandwidths[1]);
                formants[2].Tune(tract.F3, Bandwidths[2]);
                breath.Tune(tract.BreathHz, BreathBandwidthHz);
                for (var sample = 0; sample < controlSamples; sample++, at++)
                {
                    phase += period / sampleRateHz;
                    if (phase >= 1)
                    {
                        phase -= 1;
                        // No two periods of a voice are alike.
                        period = pitch * (1 - (fall * at / samples.Length)) * (1 + (0.01 * random.Normal()));
                    }

                    var noise = random.Uniform(-1, 1);
                    var source = tract.Voice * (Glottis(phase) + (speaker.Breathiness * noise));
                    samples[at] = fourth.Next(formants[2].Next(formants[1].Next(formants[0].Next(source)))) + (tract.Breath * breath.Next(noise));
                }
            }
        }

        return samples;
    }

    private double Glottis(double phase)
    {
        var open = phase / speaker.OpenShare;
        return open < 1 ? (2 * open) - (3 * open * open) : 0;
    }

    private Phone Target(Phone phone) => phone with
    {
        F1 = Formant(phone.F1, 0),
        F2 = Formant(phone.F2, 1),
        F3 = Formant(phone.F3, 2),
        Breath = phone.Breath * Math.Max(0.3, 1 + (0.25 * random.Normal())),
        BreathHz = Math.Min(phone.BreathHz * (1 + (0.08 * random.Normal())), 0.46 * sampleRateHz),
    };

    private double Formant(double hertz, int number) =>
        Math.Min(hertz * speaker.TractScale * speaker.Accent[number] * (1 + (0.05 * random.Normal())), 0.46 * sampleRateHz);

    private Phone Toward(Phone tract, Phone target) => target with
    {
        F1 = Near(tract.F1, target.F1),
        F2 = Near(tract.F2, target.F2),
        F3 = Near(tract.F3, target.F3),
        Voice = Near(tract.Voice, target.Voice),
        Breath = Near(tract.Breath, target.Breath),
        BreathHz = Near(tract.BreathHz, target.BreathHz),
    };

    private double Near(double value, double target) => value + (speaker.Articulation * (target - value));
}
