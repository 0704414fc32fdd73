using System.Net.Http.Headers;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>What an uploader can change of a presigned PUT.</summary>
internal static class PutChanges
{
    /// <summary>The request's content with other bytes, of the same type.</summary>
    public static ByteArrayContent Content(HttpRequestMessage request, byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.Content!.Headers.ContentType!.ToString());
        return content;
    }

    public static void Set(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }

    /// <summary>Adds a header; with <c>?</c> before its name, a parameter.</summary>
    public static void Add(HttpRequestMessage request, string name, string value)
    {
        if (name.StartsWith('?'))
        {
            Rewrite(request, url => $"{url}&{name[1..]}={Uri.EscapeDataString(value)}");
            return;
        }

        request.Headers.TryAddWithoutValidation(name, value);
    }

    public static void Rewrite(HttpRequestMessage request, Func<string, string> rewrite) => request.RequestUri = RunningApp.Raw(rewrite(request.RequestUri!.OriginalString));
}
