using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Oss.Emulator.Access;

namespace Oss.Emulator.Sts;

/// <summary>Which role somebody wants, for how long, and with how little of its rights.</summary>
/// <param name="RoleArn"><c>acs:ram::ACCOUNT:role/NAME</c></param>
/// <param name="SessionName">What the caller calls the session.</param>
/// <param name="Duration">900 to 43,200 seconds.</param>
/// <param name="PolicyJson">A policy that takes rights away, or null.</param>
internal sealed partial record RoleRequest(string RoleArn, string SessionName, TimeSpan Duration, string? PolicyJson)
{
    private const int MaxPolicy = 2048;
    private const int MinSeconds = 900;
    private const int MaxSeconds = 43_200;
    private const int DefaultSeconds = 3_600;

    /// <summary>The role in this session, as STS names it.</summary>
    public string Arn => $"{RoleArn}/{SessionName}";

    /// <summary>STS's number of the role, always the same, and the session.</summary>
    public string Id
    {
        get
        {
            var number = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(RoleArn))) % 100_000_000_000_000_000;
            return string.Create(CultureInfo.InvariantCulture, $"3{number:D17}:{SessionName}");
        }
    }

    /// <summary>Reads the parameters that all ways of assuming a role have.</summary>
    /// <exception cref="StsException">One is missing or cannot be.</exception>
    public static RoleRequest Parse(StsRequest request)
    {
        var (role, session) = (request.Required("RoleArn"), request.Required("RoleSessionName"));
        if (!Role().IsMatch(role))
        {
            throw StsRefusals.WronglyFormed("RoleArn");
        }

        if (!Session().IsMatch(session))
        {
            throw StsRefusals.WronglyFormed("RoleSessionName");
        }

        if (request["ExternalId"] is { } external && !External().IsMatch(external))
        {
            throw StsRefusals.WronglyFormed("ExternalId");
        }

        return new RoleRequest(role, session, TimeSpan.FromSeconds(Seconds(request["DurationSeconds"])), Policy(request["Policy"]));
    }

    private static int Seconds(string? text) =>
        text is null ? DefaultSeconds
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= MinSeconds and <= MaxSeconds ? seconds
        : throw StsRefusals.Duration();

    private static string? Policy(string? json)
    {
        if (json?.Length > MaxPolicy)
        {
            throw StsRefusals.PolicySize(MaxPolicy);
        }

        return json is null || RamPolicy.TryParse(json, out _, out var fault) ? json : throw StsRefusals.Policy(fault);
    }

    [GeneratedRegex(@"^acs:ram::[0-9]+:role/[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Role();

    [GeneratedRegex(@"^[A-Za-z0-9.@_-]{2,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Session();

    [GeneratedRegex(@"^[A-Za-z0-9_+=,.@:/-]{2,1224}\z", RegexOptions.CultureInvariant)]
    private static partial Regex External();
}
