using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Oss.Protocol;

namespace Oss.Emulator.Sts;

/// <summary>A request to STS, read whole: its parameters may be in the query, in a form, or in both.</summary>
internal sealed class StsRequest
{
    /// <summary>Bytes of the largest body: the longest OIDC token and policy, encoded, are far below it.</summary>
    public const int MaxBody = 256 * 1024;

    private const string Form = "application/x-www-form-urlencoded";

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private StsRequest(HttpContext http, string rawQuery, byte[] body)
    {
        Http = http;
        Query = Parse(rawQuery);
        Body = body;
        Headers = [.. http.Request.Headers.Select(header => KeyValuePair.Create(header.Key, string.Join(',', header.Value.AsEnumerable())))];
        Parameters = [.. Query.Concat(IsForm ? Parse(Encoding.UTF8.GetString(body)) : [])];
        foreach (var (name, value) in Parameters)
        {
            _values.TryAdd(name, value);
        }
    }

    public HttpContext Http { get; }

    public string Method => Http.Request.Method;

    public IReadOnlyList<KeyValuePair<string, string>> Query { get; }

    /// <summary>Query and form together, decoded.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; }

    /// <summary>Several of one name joined with ",".</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    public byte[] Body { get; }

    /// <summary>What is asked for: named by a header or by a parameter.</summary>
    public string? Action => Header("x-acs-action") ?? this["Action"];

    public string? Version => Header("x-acs-version") ?? this["Version"];

    /// <summary>Whether the reply is to be JSON: what Format says, or else the Accept header; without either it is XML.</summary>
    public bool WantsJson => this["Format"] is { } format ? format.Equals("JSON", StringComparison.OrdinalIgnoreCase)
        : Header("Accept")?.Contains("json", StringComparison.OrdinalIgnoreCase) ?? false;

    private bool IsForm => Http.Request.ContentType?.Split(';')[0].Trim().Equals(Form, StringComparison.OrdinalIgnoreCase) ?? false;

    /// <summary>A parameter, decoded; null when it is not there.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>Reads a request to its end. It is not checked yet, so that a refusal too is in the form that it asks for.</summary>
    /// <exception cref="StsException">The body is too large.</exception>
    public static async Task<StsRequest> ReadAsync(HttpContext http, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await http.Request.Body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (body.Length + read > MaxBody)
            {
                throw StsRefusals.TooLarge(MaxBody);
            }

            body.Write(buffer, 0, read);
        }

        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        return new StsRequest(http, target.ElementAtOrDefault(1) ?? "", body.ToArray());
    }

    public string? Header(string name) => Http.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>A parameter that must be there.</summary>
    /// <exception cref="StsException">It is not, or empty.</exception>
    public string Required(string name) => this[name] is { Length: > 0 } value ? value : throw StsRefusals.Missing(name);

    /// <summary>Refuses what is no request of RPC's kind.</summary>
    /// <exception cref="StsException">It is none.</exception>
    public void Check()
    {
        if (Http.Request.Path != "/" || !(HttpMethods.IsGet(Method) || HttpMethods.IsPost(Method)))
        {
            throw StsRefusals.UnknownAction();
        }

        if (Body.Length > 0 && !IsForm)
        {
            throw Http.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) ?? false
                ? StsRefusals.NotImplemented("The emulator does not implement parameters in JSON.")
                : StsRefusals.ContentType();
        }

        if (Parameters.GroupBy(parameter => parameter.Key, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw StsRefusals.GivenTwice(twice.Key);
        }

        if (this["Format"] is { } format && !WantsJson && !format.Equals("XML", StringComparison.OrdinalIgnoreCase))
        {
            throw StsRefusals.InvalidFormat();
        }
    }

    // As a form is: "+" is a space.
    private static IReadOnlyList<KeyValuePair<string, string>> Parse(string encoded) =>
        [.. OssEncoding.ParseQuery(encoded).Select(parameter => KeyValuePair.Create(parameter.Key, parameter.Value ?? ""))];
}
