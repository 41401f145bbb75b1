using Xunit.Sdk;
using Xunit.v3;

// The runtime counts garbage collections by process: a test must not spoil another's blocks.
[assembly: Parallelization(Mode = ParallelMode.None)]
