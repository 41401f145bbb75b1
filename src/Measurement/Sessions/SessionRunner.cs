using Fleet.Domain.Text;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Measurement.Boards;
using Fleet.Measurement.Clocks;
using Fleet.Measurement.Models;
using Fleet.Measurement.Stages;
using Fleet.Statistics;

namespace Fleet.Measurement.Sessions;

/// <summary>
/// Measures a session: settles the code, then in each mode loads the variants, times them in rounds and evaluates them.
/// Runs on the calling thread, which is the measuring thread: pin it first (<see cref="ProcessorPin"/>).
/// </summary>
public sealed class SessionRunner
{
    private readonly IMeasuringClock clock;
    private readonly Board board;
    private readonly CodeSettling settling;

    public SessionRunner(IMeasuringClock clock, Board board)
        : this(clock, board, CodeSettling.OfThisProcess(clock))
    {
    }

    internal SessionRunner(IMeasuringClock clock, Board board, CodeSettling settling) =>
        (this.clock, this.board, this.settling) = (clock, board, settling);

    /// <param name="plan">What to measure.</param>
    /// <param name="onOutcome">Called once for every variant and mode, when that mode is done.</param>
    /// <param name="onProgress">Called between rounds, never while something is timed.</param>
    /// <param name="cancel">Looked at between blocks; outcomes already given stand.</param>
    /// <exception cref="ArgumentException">The plan cannot be measured.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Run(SessionPlan plan, Action<RunOutcome> onOutcome, Action<MeasuringProgress> onProgress, CancellationToken cancel)
    {
        plan.Check();
        SessionContext context = new(plan, clock, board, board.Read(), new BlockMeter(clock, board, clock.Timestamp()));
        SeededRandom random = new(plan.Seed);

        onProgress(new(0, "settling the code"));
        Dictionary<string, Reason> unusable = SettleCode(plan, cancel);
        for (int i = 0; i < plan.Modes.Count; i++)
        {
            int condition = i;
            InferenceMode mode = plan.Modes[i];
            void Progress(double share, string activity) =>
                onProgress(new((condition + (0.9 * Math.Clamp(share, 0, 1))) / plan.Modes.Count, activity));

            RunCondition(context, mode, random, new(unusable), onOutcome, Progress, cancel);
        }

        onProgress(new(1, "done"));
    }

    private static void RunCondition(
        SessionContext context,
        InferenceMode mode,
        SeededRandom random,
        Dictionary<string, Reason> failures,
        Action<RunOutcome> onOutcome,
        Action<double, string> progress,
        CancellationToken cancel)
    {
        List<Contender> contenders = [];
        try
        {
            foreach (MeasuredVariant variant in context.Plan.Variants.Where(variant => !failures.ContainsKey(variant.Key)))
            {
                Attempt(variant, failures, ReasonCodes.ModelNotLoaded, () => contenders.Add(Load(variant, mode, context.Clock)));
            }

            ConditionRunner runner = new(context, mode, random);
            ConditionEnd end = runner.Run(contenders, progress, cancel);
            foreach ((string key, Reason failure) in runner.Failures)
            {
                failures[key] = failure;
            }

            Contender? reference = failures.ContainsKey(context.Plan.Reference)
                ? null
                : contenders.Find(contender => contender.Variant.Key == context.Plan.Reference);
            foreach (MeasuredVariant variant in context.Plan.Variants)
            {
                RunMeasurement? measurement = null;
                if (!failures.ContainsKey(variant.Key))
                {
                    progress(1, $"evaluating {variant.Name}, {mode.Word()}");
                    Contender contender = contenders.Find(candidate => candidate.Variant == variant)!;
                    Attempt(variant, failures, ReasonCodes.NotEvaluated, () =>
                        measurement = RunSummary.Of(contender, reference, end, contender.Model.Evaluate(mode, cancel), context.Plan));
                }

                onOutcome(new RunOutcome
                {
                    Variant = variant.Key,
                    Mode = mode,
                    Measurement = measurement,
                    Failure = measurement is null ? failures[variant.Key] : null,
                });
            }
        }
        finally
        {
            contenders.ForEach(contender => contender.Model.Dispose());
        }
    }

    private static Contender Load(MeasuredVariant variant, InferenceMode mode, IMeasuringClock clock)
    {
        IMeasuredModel model = variant.Load();
        try
        {
            IInference inference = model.Prepare(mode);
            long start = clock.Timestamp();
            inference.Run();
            return new Contender(variant, model, inference, clock.Microseconds(clock.Timestamp() - start));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private Dictionary<string, Reason> SettleCode(SessionPlan plan, CancellationToken cancel)
    {
        Dictionary<string, Reason> failures = [];
        List<IMeasuredModel> models = [];
        try
        {
            List<IInference> inferences = [];
            foreach (MeasuredVariant variant in plan.Variants)
            {
                Attempt(variant, failures, ReasonCodes.ModelNotLoaded, () =>
                {
                    IMeasuredModel model = variant.Load();
                    models.Add(model);
                    IInference[] prepared = [.. plan.Modes.Select(model.Prepare)];
                    foreach (IInference inference in prepared)
                    {
                        inference.Run();
                    }

                    inferences.AddRange(prepared);
                });
            }

            settling.Run(inferences, cancel);
            return failures;
        }
        finally
        {
            models.ForEach(model => model.Dispose());
        }
    }

    private static void Attempt(MeasuredVariant variant, Dictionary<string, Reason> failures, string code, Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            failures[variant.Key] = new Reason(code, Detail: $"{variant.Name}: {error.Message}");
        }
    }
}
