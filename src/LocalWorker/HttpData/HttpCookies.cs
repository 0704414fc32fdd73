namespace Microsoft.Azure.Functions.Worker.Http;

public interface IHttpCookie;

public sealed class HttpCookie(string name, string value) : IHttpCookie
{
    internal string Name { get; } = name;

    internal string Value { get; } = value;
}

public abstract class HttpCookies
{
    public abstract void Append(string name, string value);

    public abstract void Append(IHttpCookie cookie);

    public abstract IHttpCookie CreateNew();
}
