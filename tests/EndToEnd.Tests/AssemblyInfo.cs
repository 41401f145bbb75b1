using Fleet.EndToEnd.Tests.Boards;
using Xunit.Sdk;
using Xunit.v3;

// The tests start real silos, agents and trainers, and some watch the clock: one at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]

// The agent's packages are made once for all tests.
[assembly: AssemblyFixture(typeof(AgentPackages))]
