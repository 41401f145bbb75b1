using Xunit.Sdk;
using Xunit.v3;

// The tests start real silos, agents and trainers, and some watch the clock: one at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]
