using Fleet.Silo.Compression;

namespace Fleet.Silo.Tests.Compression;

public sealed class FairSlotsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly List<string> order = [];

    [Fact]
    public async Task Campaigns_take_turns_and_within_one_the_first_to_come_is_the_first_to_go()
    {
        var slots = new FairSlots(1, cores: 1);
        var held = await TakeAsync(slots);
        Wait(slots, "a1", "a");
        Wait(slots, "a2", "a");
        Wait(slots, "a3", "a");
        Wait(slots, "b1", "b");
        Wait(slots, "b2", "b");
        Wait(slots, "c1", "c");

        await RunAllAsync(held);

        Assert.Equal(["a1", "b1", "c1", "a2", "b2", "a3"], order);
    }

    [Fact]
    public async Task A_campaign_that_asks_for_one_at_a_time_does_not_always_go_first()
    {
        var slots = new FairSlots(1, cores: 1);
        var held = await TakeAsync(slots, "small");
        Wait(slots, "large1", "large");
        Wait(slots, "large2", "large");
        // It was served just now, and comes again.
        Wait(slots, "small1", "small");

        await RunAllAsync(held);

        Assert.Equal(["large1", "small1", "large2"], order);
    }

    [Fact]
    public async Task What_several_campaigns_want_is_the_turn_of_the_one_that_is_due_first()
    {
        var slots = new FairSlots(1, cores: 1);
        var first = await TakeAsync(slots, "a");
        var second = slots.TakeAsync(() => ["b"], useful: 1, CancellationToken.None);
        first.Dispose();
        var held = await second;
        // a was served before b, c never.
        Wait(slots, "b1", "b");
        Wait(slots, "a1", "a");
        Wait(slots, "shared", "b", "c");
        Wait(slots, "c1", "c");

        await RunAllAsync(held);

        Assert.Equal(["shared", "a1", "b1", "c1"], order);
    }

    [Fact]
    public async Task A_campaign_that_comes_to_want_the_same_while_it_waits_counts()
    {
        var slots = new FairSlots(1, cores: 1);
        var held = await TakeAsync(slots, "a");
        string[] wanted = ["a"];
        Wait(slots, "a1", () => wanted);
        Wait(slots, "b1", "b");
        wanted = ["a", "c"];

        await RunAllAsync(held);

        Assert.Equal(["a1", "b1"], order);
    }

    [Fact]
    public async Task Who_gives_up_uses_nobodys_turn_and_leaves_the_slot_to_others()
    {
        var slots = new FairSlots(1, cores: 1);
        var held = await TakeAsync(slots);
        using var stop = new CancellationTokenSource();
        var given = slots.TakeAsync(() => ["a"], useful: 1, stop.Token);
        Wait(slots, "b1", "b");
        Wait(slots, "a1", "a");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);

        await RunAllAsync(held);

        Assert.Equal(["b1", "a1"], order);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slots.TakeAsync(() => ["a"], useful: 1, stop.Token));
        (await TakeAsync(slots, "a")).Dispose();
    }

    [Fact]
    public async Task As_many_work_as_there_are_slots_and_a_slot_is_given_back_once()
    {
        var slots = new FairSlots(2, cores: 2);
        var (one, two) = (await TakeAsync(slots), await TakeAsync(slots));
        var three = slots.TakeAsync(() => ["a"], useful: 1, CancellationToken.None);
        Assert.False(three.IsCompleted);
        one.Dispose();
        (await three).Dispose();
        one.Dispose();
        two.Dispose();

        (one, two) = (await TakeAsync(slots), await TakeAsync(slots));
        var waiting = slots.TakeAsync(() => ["a"], useful: 1, CancellationToken.None);
        Assert.False(waiting.IsCompleted, "A slot that was given back twice was two.");
        one.Dispose();
        (await waiting).Dispose();
        two.Dispose();
    }

    [Theory]
    // cores, slots, threads that each has a use for; the threads of those that come to an idle machine, one after the other.
    [InlineData(2, 2, 2, new[] { 2, 1 })]
    [InlineData(2, 2, 1, new[] { 1, 1 })]
    [InlineData(8, 8, 2, new[] { 2, 2, 2, 2, 1, 1, 1, 1 })]
    [InlineData(8, 3, 16, new[] { 8, 1, 1 })]
    [InlineData(2, 4, 2, new[] { 2, 1, 1, 1 })]
    public async Task Idle_cores_go_with_a_slot_and_one_at_least(int cores, int count, int useful, int[] threads)
    {
        var slots = new FairSlots(count, cores);
        var begun = new List<FairSlots.Slot>();
        foreach (var expected in threads)
        {
            begun.Add(await slots.TakeAsync(() => ["a"], useful, CancellationToken.None).WaitAsync(Limit));
            Assert.Equal(expected, begun[^1].Threads);
        }

        var waiting = slots.TakeAsync(() => ["a"], useful, CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        // Once all are given back, nobody has them: also not who gave up while waiting.
        using var stop = new CancellationTokenSource();
        var leaving = slots.TakeAsync(() => ["a"], useful, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        begun.ForEach(slot => slot.Dispose());
        (await waiting.WaitAsync(Limit)).Dispose();
        Assert.Equal(Math.Min(cores, useful), (await slots.TakeAsync(() => ["a"], useful, CancellationToken.None).WaitAsync(Limit)).Threads);
    }

    [Fact]
    public async Task Trainings_of_many_variants_come_to_have_a_core_each()
    {
        var slots = new FairSlots(2, cores: 2);
        var first = await slots.TakeAsync(() => ["a"], useful: 2, CancellationToken.None);
        var second = await slots.TakeAsync(() => ["a"], useful: 2, CancellationToken.None);
        var later = Enumerable.Range(0, 3).Select(_ => slots.TakeAsync(() => ["a"], useful: 2, CancellationToken.None)).ToArray();
        first.Dispose();
        second.Dispose();
        var (third, fourth) = (await later[0].WaitAsync(Limit), await later[1].WaitAsync(Limit));
        third.Dispose();
        Assert.Equal((1, 1, 1), (third.Threads, fourth.Threads, (await later[2].WaitAsync(Limit)).Threads));
    }

    [Fact]
    public async Task Threads_that_were_asked_for_are_given_whatever_the_cores()
    {
        var slots = new FairSlots(2, cores: 2, threads: 3);
        Assert.Equal([3, 3], (await Task.WhenAll(TakeAsync(slots), TakeAsync(slots))).Select(slot => slot.Threads));
    }

    private readonly List<Task> running = [];

    private static Task<FairSlots.Slot> TakeAsync(FairSlots slots, params string[] campaigns) =>
        slots.TakeAsync(() => campaigns, useful: 1, CancellationToken.None);

    private void Wait(FairSlots slots, string name, params string[] campaigns) => Wait(slots, name, () => campaigns);

    private void Wait(FairSlots slots, string name, Func<IReadOnlyList<string>> campaigns) =>
        running.Add(WorkAsync(slots.TakeAsync(campaigns, useful: 1, CancellationToken.None), name));

    // One slot: whoever has it writes alone.
    private async Task WorkAsync(Task<FairSlots.Slot> slot, string name)
    {
        using var held = await slot;
        order.Add(name);
    }

    private Task RunAllAsync(IDisposable held)
    {
        held.Dispose();
        return Task.WhenAll(running);
    }
}
