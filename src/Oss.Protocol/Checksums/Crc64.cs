using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;

namespace Oss.Protocol;

/// <summary>
/// CRC-64/XZ, the checksum of <c>x-oss-hash-crc64ecma</c>: polynomial 0x42F0E1EBA9EA3693, reflected, initial value and final xor all ones.
/// "123456789" gives 0x995DC9BBDF1939FA. Uses the processor's carry-less multiplication where there is one; tables give the same values elsewhere.
/// </summary>
public static class Crc64
{
    private const ulong ReflectedPolynomial = 0xC96C5795D7870F42;
    private const int TableCount = 8;
    private const int Lane = 16;
    private const int Lanes = 4;

    // In reflected form the coefficient of x^0 is the highest bit.
    private const ulong One = 1UL << 63;

    private static readonly ulong[] Tables = MakeTables();

    // Powers[k] = x^(2^k) mod P.
    private static readonly ulong[] Powers = MakePowers();

    private static readonly Vector128<ulong> FoldByOneLane = FoldingConstants(8 * Lane);
    private static readonly Vector128<ulong> FoldByAllLanes = FoldingConstants(8 * Lane * Lanes);

    /// <summary>Whether this processor multiplies without carries (PCLMULQDQ, PMULL).</summary>
    public static bool IsAccelerated => BitConverter.IsLittleEndian && (Pclmulqdq.IsSupported || ArmAes.IsSupported);

    /// <summary>The checksum of the bytes given.</summary>
    public static ulong Compute(ReadOnlySpan<byte> data) => Append(0, data);

    /// <summary>Goes on where <paramref name="crc"/>, the checksum of all bytes before, stopped. 0 is the checksum of no bytes.</summary>
    public static ulong Append(ulong crc, ReadOnlySpan<byte> data) =>
        ~(IsAccelerated && data.Length >= Lane * Lanes * 2 ? AppendFolding(~crc, data) : AppendTables(~crc, data));

    /// <summary>The checksum of A followed by B, from those of A and of B.</summary>
    /// <param name="first">Checksum of A.</param>
    /// <param name="second">Checksum of B.</param>
    /// <param name="secondLength">Length of B in bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    public static ulong Combine(ulong first, ulong second, long secondLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(secondLength);
        // A's part of the result is A times x^(8 * length), each bit of the length one square.
        var remaining = (UInt128)secondLength * 8;
        for (var k = 0; remaining != 0; k++, remaining >>= 1)
        {
            if ((remaining & 1) != 0)
            {
                first = Multiply(first, Powers[k]);
            }
        }

        return first ^ second;
    }

    /// <summary>The checksum as the header <c>x-oss-hash-crc64ecma</c> writes it: unsigned decimal.</summary>
    public static string ToText(ulong crc) => crc.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads the text of the header; false for null and for anything but an unsigned decimal number of 64 bits.</summary>
    public static bool TryParse(string? text, out ulong crc) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out crc);

    /// <summary>Eight bytes at a time from eight tables; works on the inverted value.</summary>
    internal static ulong AppendTables(ulong state, ReadOnlySpan<byte> data)
    {
        ref var tables = ref MemoryMarshal.GetArrayDataReference(Tables);
        while (data.Length >= 8)
        {
            state ^= BinaryPrimitives.ReadUInt64LittleEndian(data);
            state = At(ref tables, 7, state) ^ At(ref tables, 6, state >> 8) ^ At(ref tables, 5, state >> 16) ^ At(ref tables, 4, state >> 24)
                ^ At(ref tables, 3, state >> 32) ^ At(ref tables, 2, state >> 40) ^ At(ref tables, 1, state >> 48) ^ At(ref tables, 0, state >> 56);
            data = data[8..];
        }

        foreach (var value in data)
        {
            state = At(ref tables, 0, state ^ value) ^ (state >> 8);
        }

        return state;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static ulong At(ref ulong tables, int table, ulong index) => Unsafe.Add(ref tables, (table << 8) + (int)(byte)index);
    }

    /// <summary>
    /// Folds four lanes of 128 bits over the data, then the lanes into one, whose own remainder the tables give.
    /// Method: V. Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel 2009.
    /// </summary>
    private static ulong AppendFolding(ulong state, ReadOnlySpan<byte> data)
    {
        ref var start = ref MemoryMarshal.GetReference(data);
        var lane0 = Load(ref start, 0) ^ Vector128.CreateScalar(state);
        var lane1 = Load(ref start, Lane);
        var lane2 = Load(ref start, 2 * Lane);
        var lane3 = Load(ref start, 3 * Lane);
        var offset = Lanes * Lane;
        for (; offset <= data.Length - (Lanes * Lane); offset += Lanes * Lane)
        {
            lane0 = Fold(lane0, FoldByAllLanes) ^ Load(ref start, offset);
            lane1 = Fold(lane1, FoldByAllLanes) ^ Load(ref start, offset + Lane);
            lane2 = Fold(lane2, FoldByAllLanes) ^ Load(ref start, offset + (2 * Lane));
            lane3 = Fold(lane3, FoldByAllLanes) ^ Load(ref start, offset + (3 * Lane));
        }

        lane1 ^= Fold(lane0, FoldByOneLane);
        lane2 ^= Fold(lane1, FoldByOneLane);
        lane3 ^= Fold(lane2, FoldByOneLane);
        Span<byte> last = stackalloc byte[Lane];
        lane3.AsByte().CopyTo(last);
        return AppendTables(AppendTables(0, last), data[offset..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Load(ref byte start, int offset) => Vector128.LoadUnsafe(ref start, (nuint)offset).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Fold(Vector128<ulong> lane, Vector128<ulong> constants) =>
        Pclmulqdq.IsSupported
            ? Pclmulqdq.CarrylessMultiply(lane, constants, 0x00) ^ Pclmulqdq.CarrylessMultiply(lane, constants, 0x11)
            : ArmAes.PolynomialMultiplyWideningLower(lane.GetLower(), constants.GetLower()) ^ ArmAes.PolynomialMultiplyWideningUpper(lane, constants);

    /// <summary>
    /// Multipliers that move a lane over a distance in bits. The lane's lower half stands 64 bits further from the end; a product of reflected
    /// numbers comes out one bit too far, hence the minus one.
    /// </summary>
    private static Vector128<ulong> FoldingConstants(int distance) => Vector128.Create(PowerOfX(distance + 64 - 1), PowerOfX(distance - 1));

    private static ulong PowerOfX(int exponent)
    {
        var value = One;
        for (; exponent > 0; exponent--)
        {
            value = TimesX(value);
        }

        return value;
    }

    private static ulong TimesX(ulong value) => (value >> 1) ^ ((value & 1) * ReflectedPolynomial);

    /// <summary>Product of two polynomials modulo P, all reflected.</summary>
    private static ulong Multiply(ulong a, ulong b)
    {
        ulong product = 0;
        for (; a != 0; a <<= 1, b = TimesX(b))
        {
            product ^= b & (ulong)-(long)(a >> 63);
        }

        return product;
    }

    private static ulong[] MakePowers()
    {
        // 2^63 bytes are 2^66 bits.
        var powers = new ulong[67];
        powers[0] = TimesX(One);
        for (var k = 1; k < powers.Length; k++)
        {
            powers[k] = Multiply(powers[k - 1], powers[k - 1]);
        }

        return powers;
    }

    private static ulong[] MakeTables()
    {
        var tables = new ulong[TableCount * 256];
        for (var i = 0; i < 256; i++)
        {
            var value = (ulong)i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = TimesX(value);
            }

            tables[i] = value;
        }

        for (var i = 256; i < tables.Length; i++)
        {
            tables[i] = tables[(byte)tables[i - 256]] ^ (tables[i - 256] >> 8);
        }

        return tables;
    }
}
