using System.Runtime.CompilerServices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Matrices;

/// <summary>Vectors of rows of a panel of bytes times four vectors x: each weight that is loaded is used four times.</summary>
internal static unsafe class Int8Tiles<D>
    where D : unmanaged, IDotVector<D>
{
    public const int Steps = 4;

    /// <summary>Two vectors of rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(in Int8Rows rows, float* operands, int operandFloats, float* initial, int initialStride, float* y, int yStride)
    {
        var weights = rows.Weights;
        var groupBytes = rows.GroupBytes;
        var bytes0 = Int8Operand.Bytes(operands);
        var bytes1 = bytes0 + operandFloats;
        var bytes2 = bytes1 + operandFloats;
        var bytes3 = bytes2 + operandFloats;
        var sum00 = D.Load(rows.Starts);
        var sum01 = D.Load(rows.Starts + D.Lanes);
        var sum10 = sum00;
        var sum11 = sum01;
        var sum20 = sum00;
        var sum21 = sum01;
        var sum30 = sum00;
        var sum31 = sum01;
        for (var group = 0; group < rows.Groups; group++)
        {
            var weights0 = D.Load(weights);
            var weights1 = D.Load(weights + (4 * D.Lanes));
            var x0 = D.Broadcast(bytes0[group]);
            sum00 = D.Dot(weights0, x0, sum00);
            sum01 = D.Dot(weights1, x0, sum01);
            var x1 = D.Broadcast(bytes1[group]);
            sum10 = D.Dot(weights0, x1, sum10);
            sum11 = D.Dot(weights1, x1, sum11);
            var x2 = D.Broadcast(bytes2[group]);
            sum20 = D.Dot(weights0, x2, sum20);
            sum21 = D.Dot(weights1, x2, sum21);
            var x3 = D.Broadcast(bytes3[group]);
            sum30 = D.Dot(weights0, x3, sum30);
            sum31 = D.Dot(weights1, x3, sum31);
            weights += groupBytes;
        }

        sum00.Finish(initial, rows.Scales, Int8Operand.Scale(operands), y);
        sum01.Finish(initial + D.Lanes, rows.Scales + D.Lanes, Int8Operand.Scale(operands), y + D.Lanes);
        operands += operandFloats;
        initial += initialStride;
        y += yStride;
        sum10.Finish(initial, rows.Scales, Int8Operand.Scale(operands), y);
        sum11.Finish(initial + D.Lanes, rows.Scales + D.Lanes, Int8Operand.Scale(operands), y + D.Lanes);
        operands += operandFloats;
        initial += initialStride;
        y += yStride;
        sum20.Finish(initial, rows.Scales, Int8Operand.Scale(operands), y);
        sum21.Finish(initial + D.Lanes, rows.Scales + D.Lanes, Int8Operand.Scale(operands), y + D.Lanes);
        operands += operandFloats;
        initial += initialStride;
        y += yStride;
        sum30.Finish(initial, rows.Scales, Int8Operand.Scale(operands), y);
        sum31.Finish(initial + D.Lanes, rows.Scales + D.Lanes, Int8Operand.Scale(operands), y + D.Lanes);
    }

    /// <summary>One vector of rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(in Int8Rows rows, float* operands, int operandFloats, float* initial, int initialStride, float* y, int yStride)
    {
        var weights = rows.Weights;
        var groupBytes = rows.GroupBytes;
        var bytes0 = Int8Operand.Bytes(operands);
        var bytes1 = bytes0 + operandFloats;
        var bytes2 = bytes1 + operandFloats;
        var bytes3 = bytes2 + operandFloats;
        var sum00 = D.Load(rows.Starts);
        var sum10 = sum00;
        var sum20 = sum00;
        var sum30 = sum00;
        for (var group = 0; group < rows.Groups; group++)
        {
            var weights0 = D.Load(weights);
            var x0 = D.Broadcast(bytes0[group]);
            sum00 = D.Dot(weights0, x0, sum00);
            var x1 = D.Broadcast(bytes1[group]);
            sum10 = D.Dot(weights0, x1, sum10);
            var x2 = D.Broadcast(bytes2[group]);
            sum20 = D.Dot(weights0, x2, sum20);
            var x3 = D.Broadcast(bytes3[group]);
            sum30 = D.Dot(weights0, x3, sum30);
            weights += groupBytes;
        }

        sum00.Finish(initial, rows.Scales, Int8Operand.Scale(operands), y);
        operands += operandFloats;
        initial += initialStride;
        y += yStride;
        sum10.Finish(initial, rows.Scales, Int8Operand.Scale(operands), y);
        operands += operandFloats;
        initial += initialStride;
        y += yStride;
        sum20.Finish(initial, rows.Scales, Int8Operand.Scale(operands), y);
        operands += operandFloats;
        initial += initialStride;
        y += yStride;
        sum30.Finish(initial, rows.Scales, Int8Operand.Scale(operands), y);
    }
}
