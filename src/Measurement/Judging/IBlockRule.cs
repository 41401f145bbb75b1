namespace Fleet.Measurement.Judging;

/// <summary>One thing that can be wrong with a block.</summary>
public interface IBlockRule
{
    /// <summary>Null where there is nothing to say, or nothing known.</summary>
    Finding? Judge(BlockFacts block);
}
