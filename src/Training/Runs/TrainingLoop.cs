using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Tasks.Packs;
using Fleet.Training.Arithmetic;
using Fleet.Training.Matrices;
using Fleet.Training.Networks;
using Fleet.Training.Optimisation;

namespace Fleet.Training.Runs;

/// <summary>What an epoch came to.</summary>
/// <param name="Loss">Mean cross-entropy over the epoch's training samples or tokens, each as the weights were when it came up.</param>
/// <param name="Validation">The plan's metric over the validation part after the epoch.</param>
public sealed record EpochResult(int Epoch, double Loss, double Validation);

/// <summary>
/// One variant in training, epoch by epoch. Everything that it does is decided by the plan: neither threads nor interruptions,
/// also in the middle of an epoch (see <see cref="Capture"/>), change a bit of the weights.
/// </summary>
public sealed unsafe class TrainingLoop : IDisposable
{
    private readonly TrainingPlan plan;
    private readonly AdamOptimiser<float> optimiser;
    private readonly AlignedBuffer<float> gradient;
    private readonly RateSchedule schedule;
    private readonly PruningSchedule pruning;
    private readonly TrainingBatches batches;

    // Sum of the losses of this epoch's steps so far.
    private double loss;

    /// <exception cref="NotSupportedException">A part of the model cannot be trained.</exception>
    public TrainingLoop(TrainingPlan plan, int threads)
        : this(plan, threads, BatchArithmetic<float>.Best)
    {
    }

    internal TrainingLoop(TrainingPlan plan, int threads, BatchArithmetic<float> arithmetic)
    {
        this.plan = plan;
        Network = new Network<float>(plan.Structure, arithmetic, plan.IsQuantisationAware);
        if (plan.Start is { } start)
        {
            Network.Begin(start);
            BeginPruned();
        }
        else
        {
            Network.Initialise(plan.Seed);
        }

        optimiser = new AdamOptimiser<float>(Network.Arithmetic, Network.Layout.Padded, plan.Settings.ClipNorm);
        gradient = new AlignedBuffer<float>(Network.Layout.Padded);
        schedule = RateSchedule.Of(plan.Settings, plan.StepsPerEpoch);
        pruning = PruningSchedule.For(plan.TotalSteps);
        batches = plan.CreateBatches(Network, threads);
    }

    internal Network<float> Network { get; }

    /// <summary>All that is learnt, as it is now.</summary>
    public ReadOnlySpan<float> Parameters => Network.Parameters;

    public int EpochsDone { get; private set; }

    public bool IsDone => EpochsDone == plan.Settings.Epochs;

    /// <summary>Whether the weights have the form that the model is to have: nothing is left to be pruned.</summary>
    public bool HasFinalStructure => PrunedParts().All(part => part.Mask.KeptCount == part.Mask.Target);

    private int StepsOfEpoch => (int)(optimiser.Steps - ((long)EpochsDone * plan.StepsPerEpoch));

    /// <summary>Trains what is left of the epoch, and validates.</summary>
    /// <exception cref="TrainingDivergedException">Loss or gradient is NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, perhaps in the middle of a step: the run is of no more use.</exception>
    public EpochResult RunEpoch(CancellationToken cancel) => RunEpoch(() => false, cancel)!;

    /// <summary>The same, but stops where <paramref name="pause"/> says so: it is asked between two steps, after one at least.</summary>
    /// <returns>Null where it stopped in the middle of the epoch, from where it goes on when it is called again.</returns>
    /// <inheritdoc cref="RunEpoch(CancellationToken)"/>
    public EpochResult? RunEpoch(Func<bool> pause, CancellationToken cancel)
    {
        if (StepsOfEpoch == 0)
        {
            batches.Begin(EpochsDone);
        }

        while (StepsOfEpoch < plan.StepsPerEpoch)
        {
            loss += Step(StepsOfEpoch, cancel);
            if (StepsOfEpoch < plan.StepsPerEpoch && pause())
            {
                return null;
            }
        }

        var validation = Validate(cancel);
        if (!double.IsFinite(validation))
        {
            throw new TrainingDivergedException(EpochsDone + 1, plan.Settings);
        }

        EpochsDone++;
        var result = new EpochResult(EpochsDone, loss / plan.SamplesPerEpoch, validation);
        loss = 0;
        return result;
    }

    /// <summary>How the weights do on the validation part as they are.</summary>
    /// <remarks>A model in int8 is judged as boards run it; before it has its final structure, it is none that a kernel could run.</remarks>
    public double Validate(CancellationToken cancel)
    {
        try
        {
            return plan.IsQuantisationAware && HasFinalStructure
                ? plan.Validate(SequenceModel.Create(Quantiser.Quantise(ModelExport.OnNormalised(Network))), cancel)
                : batches.Validate(cancel);
        }
        catch (ArithmeticException)
        {
            // Its answers are NaN.
            return double.NaN;
        }
    }

    /// <summary>All that the next step depends on.</summary>
    public TrainingSnapshot Capture() => new(
        EpochsDone,
        optimiser.Steps,
        loss,
        StepsOfEpoch == 0 ? [] : batches.Carried.ToArray(),
        Network.Parameters.ToArray(),
        optimiser.First.Span.ToArray(),
        optimiser.Second.Span.ToArray(),
        [.. PrunedParts().Select(part => part.Mask.Kept.ToArray())]);

    /// <summary>Goes on from there.</summary>
    /// <exception cref="ArgumentException">It is of another network; nothing has changed.</exception>
    public void Restore(TrainingSnapshot snapshot)
    {
        var parts = PrunedParts().ToList();
        var size = Network.Layout.Padded;
        if (snapshot.Parameters.Length != size || snapshot.First.Length != size || snapshot.Second.Length != size
            || !snapshot.Masks.Select(mask => mask.Length).SequenceEqual(parts.Select(part => part.Mask.Count))
            || !IsOfThisPlan(snapshot))
        {
            throw new ArgumentException("The snapshot is of another network or another training.", nameof(snapshot));
        }

        snapshot.Parameters.CopyTo(Network.Parameters);
        snapshot.First.CopyTo(optimiser.First.Span);
        snapshot.Second.CopyTo(optimiser.Second.Span);
        optimiser.Resume(snapshot.Steps);
        EpochsDone = snapshot.Epoch;
        loss = snapshot.Loss;
        batches.Begin(snapshot.Epoch);
        snapshot.Carried.CopyTo(batches.Carried);
        foreach (var (part, mask) in parts.Zip(snapshot.Masks))
        {
            part.Mask.Restore(mask);
        }

        Network.Load();
    }

    /// <summary>The weights become those of that epoch.</summary>
    public void Take(ChosenEpoch chosen)
    {
        chosen.Parameters.CopyTo(Network.Parameters);
        Network.Load();
    }

    /// <summary>The model with the weights as they are now, in the precision that they were trained for.</summary>
    public ModelDocument Export(VariantIdentity variant, PackMetadata task)
    {
        var document = ModelExport.Document(variant, task, plan, Network);
        return plan.IsQuantisationAware ? Quantiser.Quantise(document) : document;
    }

    public void Dispose()
    {
        batches.Dispose();
        optimiser.Dispose();
        gradient.Dispose();
        Network.Dispose();
    }

    // Where it may have stopped: between two epochs, or between two steps of one.
    private bool IsOfThisPlan(TrainingSnapshot snapshot)
    {
        var steps = snapshot.Steps - ((long)snapshot.Epoch * plan.StepsPerEpoch);
        return snapshot.Epoch >= 0
            && (steps == 0
                ? snapshot.Epoch <= plan.Settings.Epochs && snapshot.Carried.Length == 0
                : snapshot.Epoch < plan.Settings.Epochs && steps > 0 && steps < plan.StepsPerEpoch && snapshot.Carried.Length == batches.Carried.Length);
    }

    // Weights that were dropped before are zero, and the first to be dropped.
    private void BeginPruned()
    {
        foreach (var (mask, at) in plan.BeginsPruned ? PrunedParts() : [])
        {
            mask.KeepLargest(Network.Parameters[at..], mask.Target);
        }
    }

    private double Step(int batch, CancellationToken cancel)
    {
        Prune();
        gradient.Clear();
        var ofStep = batches.Train(batch, gradient.Pointer, Dropout(), cancel);
        foreach (var (mask, start) in PrunedParts())
        {
            mask.Clear(gradient.Pointer + start);
        }

        var norm = optimiser.Step(Network.ParameterPointer, gradient.Pointer, schedule.At(optimiser.Steps));
        if (!double.IsFinite(ofStep) || !double.IsFinite(norm))
        {
            throw new TrainingDivergedException(EpochsDone + 1, plan.Settings);
        }

        Network.Load();
        return ofStep;
    }

    private DropoutKey? Dropout() =>
        plan.Settings.Dropout > 0 ? new DropoutKey(plan.Settings.Dropout, plan.Seed, optimiser.Steps) : null;

    private void Prune()
    {
        if (!pruning.IsUpdate(optimiser.Steps))
        {
            return;
        }

        foreach (var (mask, start) in PrunedParts())
        {
            mask.KeepLargest(Network.Parameters[start..], pruning.Keep(optimiser.Steps, mask.Count, mask.Target));
            mask.Clear(optimiser.First.Pointer + start);
            mask.Clear(optimiser.Second.Pointer + start);
        }

        Network.Load();
    }

    // Of each matrix that is pruned the mask, and where the matrix's parameters begin.
    private IEnumerable<(PruningMask<float> Mask, int Start)> PrunedParts()
    {
        foreach (var placed in Network.Matrices)
        {
            if (placed.Matrix.Pruning is { } mask)
            {
                yield return (mask, placed.Start);
            }
        }
    }
}
